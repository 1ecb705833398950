/// Why a checkpoint is not to be believed under a policy.
package enum LogPolicyError: Error, Equatable, Sendable {
  /// Not a note, or a known key's signature is wrong.
  case note(NoteError)
  /// The note is not a checkpoint.
  case checkpoint(CheckpointError)
  /// It is another log's.
  case wrongOrigin(String)
  /// No key of the log has signed.
  case notSignedByLog
  /// Too few of the known witnesses have cosigned.
  case tooFewWitnesses(found: Int, needed: Int)
}

/// Whom to believe about one log: its keys, and how many of which witnesses (in the sense of C2SP tlog-policy, with one
/// group).
package struct LogPolicy: Hashable, Sendable {
  /// The log's identity.
  package let origin: String
  /// The keys of the log; one of them must have signed.
  package let logKeys: [NoteKey]
  /// The witnesses whose cosignatures count.
  package let witnesses: [NoteKey]
  /// How many witnesses must have cosigned.
  package let quorum: Int

  /// A policy; without witnesses the log's word is enough.
  package init(origin: String, logKeys: [NoteKey], witnesses: [NoteKey] = [], quorum: Int = 0) {
    self.origin = origin
    self.logKeys = logKeys
    self.witnesses = witnesses
    self.quorum = quorum
  }

  /// Reads and checks a signed checkpoint.
  package func open(_ bytes: [UInt8]) throws(LogPolicyError) -> VerifiedCheckpoint {
    let (note, checkpoint) = try read(bytes)
    guard checkpoint.origin.utf8.elementsEqual(origin.utf8) else { throw .wrongOrigin(checkpoint.origin) }
    let verified: VerifiedNote
    do {
      verified = try note.verify(keys: logKeys + witnesses)
    } catch {
      throw error == .noKnownSignature ? .notSignedByLog : .note(error)
    }
    guard verified.signatures.contains(where: { logKeys.contains($0.key) }) else { throw .notSignedByLog }
    let cosignatures = verified.signatures.filter { witnesses.contains($0.key) }
    // One key under two names is still one witness.
    let found = Set(cosignatures.map(\.key.publicKey)).count
    guard found >= quorum else { throw .tooFewWitnesses(found: found, needed: quorum) }
    return VerifiedCheckpoint(checkpoint: checkpoint, note: verified, cosignatures: cosignatures)
  }

  private func read(_ bytes: [UInt8]) throws(LogPolicyError) -> (SignedNote, Checkpoint) {
    let note: SignedNote
    do { note = try SignedNote(parsing: bytes) } catch { throw .note(error) }
    do { return (note, try Checkpoint(parsing: note.text)) } catch { throw .checkpoint(error) }
  }
}

/// A checkpoint that satisfied a policy. Only ``LogPolicy/open(_:)`` makes it.
package struct VerifiedCheckpoint: Hashable, Sendable {
  /// What was signed.
  package let checkpoint: Checkpoint
  /// The note it came in.
  package let note: VerifiedNote
  /// The cosignatures of known witnesses.
  package let cosignatures: [VerifiedSignature]

  fileprivate init(checkpoint: Checkpoint, note: VerifiedNote, cosignatures: [VerifiedSignature]) {
    self.checkpoint = checkpoint
    self.note = note
    self.cosignatures = cosignatures
  }
}
