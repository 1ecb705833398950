/// What a report tells, as plain values. Everything shown comes from here; nothing is looked up, no clock is read.
package struct CaseStory: Hashable, Sendable {
  /// The case's number, on every page.
  package var caseNumber: String
  /// Who makes the claim.
  package var brand: Bilingual
  /// The time of the state shown, as it is printed; also the PDF's own date: `2026-10-06T12:58:06Z`.
  package var madeAt: String
  /// What is claimed, in one paragraph.
  package var claim: Bilingual
  /// Rule, severity, dealer and what else belongs at a glance; name and value.
  package var facts: [Fact] = []
  /// What happened, in the order of time.
  package var timeline: [Moment] = []
  /// Territory and scans; nil when no place is known.
  package var map: CaseMap?
  /// The scans that the claim rests on.
  package var scans: [ScanRow] = []
  /// Policy and thresholds in force then; name and value.
  package var policy: [Fact] = []
  /// The dealer's answers; empty when there was none, which the report says.
  package var answers: [Statement] = []
  /// The decision; nil while there is none, which the report says.
  package var decision: Decision?
  /// How to verify.
  package var proof: Proof

  /// A story from what every case has; the rest is set afterwards.
  package init(caseNumber: String, brand: Bilingual, madeAt: String, claim: Bilingual, proof: Proof) {
    self.caseNumber = caseNumber
    self.brand = brand
    self.madeAt = madeAt
    self.claim = claim
    self.proof = proof
  }
}

extension CaseStory {
  /// A named value.
  package struct Fact: Hashable, Sendable {
    let name: Bilingual
    let value: Bilingual

    /// A fact from its parts.
    package init(_ name: Bilingual, _ value: Bilingual) {
      self.name = name
      self.value = value
    }
  }

  /// Something that happened.
  package struct Moment: Hashable, Sendable {
    let at: String
    let what: Bilingual
    let event: UInt64?

    /// - Parameters:
    ///   - at: the time as it is printed.
    ///   - event: the number of the ledger event that says so.
    package init(at: String, what: Bilingual, event: UInt64?) {
      self.at = at
      self.what = what
      self.event = event
    }
  }

  /// One scan.
  package struct ScanRow: Hashable, Sendable {
    let event: UInt64
    let at: String
    let code: String
    let place: Bilingual
    let certainty: Bilingual
    let provenance: Bilingual
    let verdict: Bilingual

    /// - Parameters:
    ///   - event: the number of the ledger event.
    ///   - place: the region, or the exact place where it is disclosed.
    ///   - certainty: how sure the place is (measured ±30 m, registered terminal, …).
    ///   - provenance: who scanned with what: role, device, account, photos and receipts by hash.
    ///   - verdict: what was answered.
    package init(
      event: UInt64, at: String, code: String, place: Bilingual, certainty: Bilingual, provenance: Bilingual,
      verdict: Bilingual
    ) {
      (self.event, self.at, self.code) = (event, at, code)
      (self.place, self.certainty, self.provenance, self.verdict) = (place, certainty, provenance, verdict)
    }
  }

  /// What someone said, and when.
  package struct Statement: Hashable, Sendable {
    let by: Bilingual
    let at: String
    let text: String

    /// - Parameters:
    ///   - at: the time as it is printed.
    ///   - text: as it was written; shown unchanged but for what cannot be printed.
    package init(by: Bilingual, at: String, text: String) {
      self.by = by
      self.at = at
      self.text = text
    }
  }

  /// What was decided.
  package struct Decision: Hashable, Sendable {
    let outcome: Bilingual
    let reason: Statement
    let proofs: [Bilingual]
    let penalties: [Bilingual]
    let appeals: [Appeal]

    /// An appeal that was decided on.
    package struct Appeal: Hashable, Sendable {
      let result: Bilingual
      let reason: Statement

      /// - Parameter reason: by whom, when, and the reason in writing.
      package init(result: Bilingual, reason: Statement) {
        self.result = result
        self.reason = reason
      }
    }

    /// - Parameters:
    ///   - outcome: what holds now.
    ///   - reason: by whom, when, and the reason of the first decision in writing.
    ///   - proofs: what it rests on beside scans, each in a sentence.
    ///   - penalties: each in a sentence; empty for none.
    ///   - appeals: what was decided on the dealer's appeals, in order.
    package init(
      outcome: Bilingual, reason: Statement, proofs: [Bilingual] = [], penalties: [Bilingual] = [],
      appeals: [Appeal] = []
    ) {
      (self.outcome, self.reason, self.proofs) = (outcome, reason, proofs)
      (self.penalties, self.appeals) = (penalties, appeals)
    }
  }

  /// What the report's claims can be checked against.
  package struct Proof: Hashable, Sendable {
    let origin: String
    let size: UInt64
    let checkpointHash: String
    let logKey: String
    let stamps: [Bilingual]
    let witnesses: [Bilingual]

    /// - Parameters:
    ///   - origin: the log's name.
    ///   - size: how many events the log had.
    ///   - checkpointHash: SHA-256 of the file `checkpoint`, 64 hexadecimal digits; also in the QR code.
    ///   - logKey: the log's public key as a vkey.
    ///   - stamps: the time stamps on it, each in a sentence.
    ///   - witnesses: those who cosigned, each in a sentence.
    package init(
      origin: String, size: UInt64, checkpointHash: String, logKey: String, stamps: [Bilingual] = [],
      witnesses: [Bilingual] = []
    ) {
      (self.origin, self.size, self.checkpointHash, self.logKey) = (origin, size, checkpointHash, logKey)
      (self.stamps, self.witnesses) = (stamps, witnesses)
    }
  }
}
