/// How many of which witnesses a reader demands: k of n (C2SP tlog-policy with one group).
package struct WitnessPolicy: Hashable, Sendable {
  /// The keys of the witnesses that count; those that are not for cosignatures count nothing.
  package let witnesses: [NoteKey]
  /// How many of them must have cosigned.
  package let needed: Int

  /// A policy. One that demands more witnesses than there are is never satisfied.
  package init(witnesses: [NoteKey], needed: Int) {
    self.witnesses = witnesses
    self.needed = needed
  }

  /// Which witnesses cosigned a checkpoint, and when they say so.
  package struct Finding: Hashable, Sendable {
    /// The names of those that did, with the earliest time of each in Unix seconds; in the order of the policy.
    package let cosigned: [Cosigned]
    /// Whether they are enough.
    package let isEnough: Bool
  }

  /// One witness's word.
  package struct Cosigned: Hashable, Sendable {
    /// The name of its key.
    package let witness: String
    /// Unix seconds.
    package let time: UInt64
  }

  /// Counts the witnesses of a signed checkpoint. The log's own signature is not looked at here: open the checkpoint with
  /// a ``LogPolicy`` first.
  /// - Throws: `note` when it cannot be read or a known witness's cosignature is wrong, `checkpoint` when it is none.
  package func count(in bytes: [UInt8]) throws(LogPolicyError) -> Finding {
    let note: SignedNote
    do { note = try SignedNote(parsing: bytes) } catch { throw .note(error) }
    do { _ = try Checkpoint(parsing: note.text) } catch { throw .checkpoint(error) }
    let keys = witnesses.filter { $0.kind == .cosignatureV1 }
    let verified: VerifiedNote
    do {
      verified = try note.verify(keys: keys)
    } catch {
      guard error == .noKnownSignature else { throw .note(error) }
      return Finding(cosigned: [], isEnough: needed <= 0)
    }
    var seen: Set<[UInt8]> = []
    let cosigned = keys.compactMap { key -> Cosigned? in
      let times = verified.signatures.filter { $0.key.publicKey == key.publicKey }.compactMap(\.time)
      // One key under two names is still one witness.
      guard let first = times.min(), seen.insert(key.publicKey).inserted else { return nil }
      return Cosigned(witness: key.name, time: first)
    }
    return Finding(cosigned: cosigned, isEnough: cosigned.count >= needed)
  }
}
