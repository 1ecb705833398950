/// Why a body is not an `add-checkpoint` request.
package enum AddCheckpointError: Error, Equatable, Sendable {
  /// Longer than ``AddCheckpoint/maxBytes``.
  case tooLong
  /// The first line is not `old` and a number.
  case badOldSize
  /// The hash of this number (from 1) is not the base64 of 32 bytes, or there are more than 63.
  case badHash(Int)
  /// No blank line after the proof, or nothing behind it.
  case noCheckpoint
  /// What stands behind the blank line is not a signed note.
  case note(NoteError)
  /// The note is not a checkpoint.
  case checkpoint(CheckpointError)
}

/// The body of `POST <prefix>/add-checkpoint` (C2SP tlog-witness): a checkpoint, and the proof that it extends an older one.
package struct AddCheckpoint: Hashable, Sendable {
  /// The size that the sender thinks the witness knows; 0 when it knows none.
  package let oldSize: UInt64
  /// From the old size to the checkpoint's (RFC 6962 §2.1.2).
  package let proof: [Digest32]
  /// The signed checkpoint.
  package let note: SignedNote
  /// What the note says.
  package let checkpoint: Checkpoint

  /// The longest body that is read, in bytes.
  package static let maxBytes = 64 << 10
  /// The most proof lines that a sender may send.
  package static let maxHashes = 63

  /// A request from its parts.
  /// - Throws: `checkpoint` when the note is none.
  package init(oldSize: UInt64, proof: [Digest32], note: SignedNote) throws(AddCheckpointError) {
    self.oldSize = oldSize
    self.proof = proof
    self.note = note
    do { checkpoint = try Checkpoint(parsing: note.text) } catch { throw .checkpoint(error) }
  }

  /// Reads a body.
  package init(parsing bytes: [UInt8]) throws(AddCheckpointError) {
    guard bytes.count <= Self.maxBytes else { throw .tooLong }
    var lines = Lines(bytes[...])
    guard let first = lines.next(), first.starts(with: "old ".utf8), let size = Decimal.parse(first.dropFirst(4)) else {
      throw .badOldSize
    }
    var proof: [Digest32] = []
    while true {
      guard let line = lines.next() else { throw .noCheckpoint }
      if line.isEmpty { break }
      guard proof.count < Self.maxHashes, let hash = Base64.standard.decode(line).flatMap({ Digest32(bytes: $0) })
      else { throw .badHash(proof.count + 1) }
      proof.append(hash)
    }
    guard !lines.rest.isEmpty else { throw .noCheckpoint }
    let note: SignedNote
    do { note = try SignedNote(parsing: Array(lines.rest)) } catch { throw .note(error) }
    try self.init(oldSize: size, proof: proof, note: note)
  }

  /// The body as it is sent. Reading it again gives an equal request.
  package var bytes: [UInt8] {
    Array("old \(oldSize)\n\(proof.map { $0.base64 + "\n" }.joined())\n".utf8) + note.bytes
  }
}

/// The answer to `add-checkpoint`: signature lines of the witness.
package enum CosignatureLines {
  /// The longest answer that is read, in bytes.
  package static let maxBytes = 64 << 10

  /// The note with the cosignatures of an answer that hold under known witnesses' keys; all others are dropped, so a
  /// witness cannot slip anything else into a checkpoint.
  /// - Throws: ``NoteError`` when the answer is not signature lines, or a known key's signature is wrong, or none is of a
  ///   known key.
  package static func merge(
    _ answer: [UInt8], into note: SignedNote, witnesses: [NoteKey]
  ) throws(NoteError) -> SignedNote {
    guard answer.count <= maxBytes else { throw .tooLong }
    // A note of its own: the same text, and only what the witness sent.
    let sent = try SignedNote(parsing: note.text + [UInt8(ascii: "\n")] + answer)
    guard sent.text == note.text else { throw .badSignatureLine(1) }
    let witnesses = witnesses.filter { $0.kind == .cosignatureV1 }
    let unknown = Set(try sent.verify(keys: witnesses).unknown)
    var merged = note
    for signature in sent.signatures where !unknown.contains(signature) { merged.add(signature) }
    return merged
  }
}
