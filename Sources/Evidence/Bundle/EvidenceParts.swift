import TransparencyLog

/// All that goes into a bundle, gathered by the maker. The same parts give the same bytes.
package struct EvidenceParts: Sendable {
  /// An event of the ledger.
  package struct Event: Sendable {
    /// Its leaf index: its number less one.
    package let index: UInt64
    /// Its canonical bytes.
    package let body: [UInt8]
    /// Its personal fields that are shown, as the ledger stores them: `{"<field>":{"salt":"…","value":…}}`.
    package let disclosed: [UInt8]?

    /// Made from its parts.
    package init(index: UInt64, body: [UInt8], disclosed: [UInt8]? = nil) {
      self.index = index
      self.body = body
      self.disclosed = disclosed
    }
  }

  /// A file with its name.
  package struct File: Sendable {
    /// Its name or path.
    package let name: String
    /// Its content.
    package let bytes: [UInt8]

    /// Made from its parts.
    package init(_ name: String, _ bytes: [UInt8]) {
      self.name = name
      self.bytes = bytes
    }
  }

  /// The name of the case, 1–64 of `A-Z a-z 0-9 . _ -`.
  package var caseID: String
  /// RFC 3339 in UTC as events write it. A moment of the state shown (the checkpoint's or the alert's), never the
  /// moment of making.
  package var madeAt: String
  /// The log's name.
  package var origin: String
  /// What is claimed; see `EvidenceClaim`.
  package var claim: JSONValue
  /// The events that the claim names.
  package var events: [Event]
  /// For each event its proof (C2SP tlog-proof), all under the same checkpoint.
  package var proofs: [UInt64: [UInt8]]
  /// The signed note that all proofs lead to.
  package var checkpoint: [UInt8]
  /// The sealed URI of each dispatched unit, by the unit's `EvidenceCode.key`: the SSCC of a box. Of a unit that was
  /// dispatched more than once, several with a newline between.
  package var seals: [String: String]
  /// `SealKeyRing.jwks()`.
  package var jwks: [UInt8]
  /// The vkey of the log.
  package var logKey: String
  /// Photos and documents.
  package var attachments: [File] = []
  /// `timestamps/…` and `report.pdf`, by their whole path.
  package var others: [File] = []

  /// Without attachments; they are added after.
  package init(
    caseID: String, madeAt: String, origin: String, claim: JSONValue, events: [Event], proofs: [UInt64: [UInt8]],
    checkpoint: [UInt8], seals: [String: String], jwks: [UInt8], logKey: String
  ) {
    self.caseID = caseID
    self.madeAt = madeAt
    self.origin = origin
    self.claim = claim
    self.events = events
    self.proofs = proofs
    self.checkpoint = checkpoint
    self.seals = seals
    self.jwks = jwks
    self.logKey = logKey
  }
}

extension EvidenceParts {
  /// The files of the bundle but manifest and signature, in any order.
  var files: [File] {
    var files = [
      File(EvidencePath.claim, claim.canonicalBytes), File(EvidencePath.checkpoint, checkpoint),
      File(EvidencePath.sealKeys, jwks), File(EvidencePath.logKey, Array((logKey + "\n").utf8)),
    ]
    for event in events {
      files.append(File(EvidencePath.event(event.index), event.body))
      if let disclosed = event.disclosed { files.append(File(EvidencePath.disclosed(event.index), disclosed)) }
    }
    files += proofs.map { File(EvidencePath.proof($0.key), $0.value) }
    files += seals.map { File(EvidencePath.seal($0.key), Array(($0.value + "\n").utf8)) }
    files += attachments.map { File(EvidencePath.attachment($0.name), $0.bytes) }
    return files + others
  }
}
