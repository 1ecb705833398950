/// Why a text is not a log proof, or does not prove.
package enum LogProofError: Error, Equatable, Sendable {
  /// Longer than ``LogProof/maxBytes``.
  case tooLong
  /// The first line is not `c2sp.org/tlog-proof@v1`.
  case badHeader
  /// The extra data is not base64.
  case badExtra
  /// No `index` line, or not a number.
  case badIndex
  /// The hash of this number (from 1) is not the base64 of 32 bytes, or there are more than 63.
  case badHash(Int)
  /// No checkpoint after a blank line.
  case noCheckpoint
  /// The checkpoint is not to be believed.
  case policy(LogPolicyError)
  /// The entry is not where the proof says it is.
  case proof(ProofError)
}

/// An offline proof that an entry is in a log (C2SP tlog-proof@v1), as read: nothing is checked until
/// ``verify(leaf:policy:)``.
package struct LogProof: Hashable, Sendable {
  /// Data for the application, which nothing authenticates.
  package let extra: [UInt8]?
  /// The place of the entry in the log, from 0.
  package let index: UInt64
  /// The inclusion proof, from the leaf's sibling up.
  package let hashes: [Digest32]
  /// The signed checkpoint, byte for byte.
  package let checkpoint: [UInt8]

  /// The longest proof that is read, in bytes.
  package static let maxBytes = 2_000_000
  // No tree is higher.
  private static let maxHashes = 63
  private static let header = "c2sp.org/tlog-proof@v1"

  /// A proof from its parts.
  package init(index: UInt64, hashes: [Digest32], checkpoint: SignedNote, extra: [UInt8]? = nil) {
    self.extra = extra
    self.index = index
    self.hashes = hashes
    self.checkpoint = checkpoint.bytes
  }

  /// Reads a proof.
  package init(parsing bytes: [UInt8]) throws(LogProofError) {
    guard bytes.count <= Self.maxBytes else { throw .tooLong }
    var lines = Lines(bytes[...])
    guard let header = lines.next(), header.elementsEqual(Self.header.utf8) else { throw .badHeader }
    var line = lines.next()
    if let text = Self.value("extra ", of: line) {
      guard let data = Base64.standard.decode(text) else { throw .badExtra }
      extra = data
      line = lines.next()
    } else {
      extra = nil
    }
    guard let text = Self.value("index ", of: line), let number = Decimal.parse(text) else { throw .badIndex }
    index = number
    hashes = try Self.hashes(&lines)
    guard !lines.rest.isEmpty else { throw .noCheckpoint }
    checkpoint = Array(lines.rest)
  }

  /// The proof as it is stored and sent.
  package var bytes: [UInt8] {
    var text = Self.header + "\n"
    if let extra { text += "extra \(Base64.standard.encode(extra))\n" }
    text += "index \(index)\n" + hashes.map { $0.base64 + "\n" }.joined() + "\n"
    return Array(text.utf8) + checkpoint
  }

  /// Checks that the leaf with this hash is in the log, at ``index``, as the policy's log and witnesses say.
  package func verify(leaf: Digest32, policy: LogPolicy) throws(LogProofError) -> VerifiedCheckpoint {
    let head: VerifiedCheckpoint
    do { head = try policy.open(checkpoint) } catch { throw .policy(error) }
    do {
      try MerkleProof.verifyInclusion(
        leaf: leaf, index: index, size: head.checkpoint.size, proof: hashes, root: head.checkpoint.root)
    } catch { throw .proof(error) }
    return head
  }

  /// Checks that the entry (the leaf's data, see ``logEntry(forEvent:)``) is in the log.
  package func verify(entry: Digest32, policy: LogPolicy) throws(LogProofError) -> VerifiedCheckpoint {
    try verify(leaf: MerkleHash.leaf(entry), policy: policy)
  }

  private static func value(_ prefix: String, of line: ArraySlice<UInt8>?) -> ArraySlice<UInt8>? {
    guard let line, line.starts(with: prefix.utf8) else { return nil }
    return line.dropFirst(prefix.utf8.count)
  }

  private static func hashes(_ lines: inout Lines) throws(LogProofError) -> [Digest32] {
    var hashes: [Digest32] = []
    while let line = lines.next() {
      if line.isEmpty { return hashes }
      guard hashes.count < maxHashes, let hash = Base64.standard.decode(line).flatMap({ Digest32(bytes: $0) }) else {
        throw .badHash(hashes.count + 1)
      }
      hashes.append(hash)
    }
    throw .noCheckpoint
  }
}
