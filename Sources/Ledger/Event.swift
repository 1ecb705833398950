import Storage
import TransparencyLog

/// What an event can be; the names are part of the published format (Ledger.docc/Events.md).
package enum EventKind: String, Sendable, CaseIterable {
  case installation, product, dealer, terminal, pricePolicy, key, keyRevoked, keystore
  case batch, packing, unpacking, dispatch, receipt, transfer, sale, `return`, void
  case print, report
  case scan, alert, alertDecision, detectionSettings
  case caseOpened, caseAlert, caseAssigned, caseNotified, caseAnswered, caseAttachment, caseProposed, caseDecided
  case casePenalty, caseAppealed, caseAppealDecided, caseClosed, caseReminded, caseCorrected
  case correction, alertCorrected
  case inspectionBegun, inspectionScans, inspectionFile, inspectionEnded
  case privacySettings, erasure
  case timeStamp, cosignature
  case webhook, webhookRemoved

  /// What others said of a checkpoint. These wait for another event before a new checkpoint is signed: else each would
  /// make the next one.
  package static let ofAttestation: [EventKind] = [.timeStamp, .cosignature]

  /// More of them than this do not wait.
  static let attestationsMax: UInt64 = 64
}

extension Transaction {
  /// The oldest event that a checkpoint is to be signed for; nil while only such of attestation wait.
  /// - Parameter size: of the newest checkpoint.
  package func oldestUnsigned(after size: Int64) throws -> EventRow? {
    try firstEvent(after: size, otherThan: EventKind.ofAttestation.map(\.rawValue))
  }
}

/// An event before it has its place: what happened, when, by whom, and which fields are personal.
package struct EventDraft: Sendable {
  /// What happened.
  package let kind: EventKind
  /// When it happened.
  package let at: Timestamp
  /// Who did it.
  package let by: Actor
  /// The public part; canonical JSON that is hashed into the log.
  package let data: [String: JSONValue]
  /// Personal fields: only salted commitments to them enter the log.
  package let personal: [String: JSONValue]

  /// Made from its parts.
  package init(
    _ kind: EventKind, at: Timestamp, by: Actor, data: [String: JSONValue], personal: [String: JSONValue] = [:]
  ) {
    self.kind = kind
    self.at = at
    self.by = by
    self.data = data
    self.personal = personal
  }
}

/// An event's two parts as they are stored: what the log commits to, and what can be erased.
package struct SealedEvent: Sendable {
  /// RFC 8785 bytes.
  package let body: [UInt8]
  /// `{"<field>":{"salt":"…","value":…}}`, nil when nothing is personal.
  package let personal: [UInt8]?

  /// Salts the draft and lays it out. `salts` gives a fresh one a call: the first makes the event's hash
  /// unguessable, the others hide one personal field each.
  package init(_ draft: EventDraft, recorded: Timestamp, salts: () -> Commitment.Salt) {
    var object: [String: JSONValue] = [
      "at": .string(draft.at.description), "by": draft.by.json, "data": .object(draft.data),
      "kind": .string(draft.kind.rawValue), "recorded": .string(recorded.description),
      "salt": .string(salts().base64url), "v": 1,
    ]
    var disclosed: [String: JSONValue] = [:]
    var commitments: [String: JSONValue] = [:]
    for (name, value) in draft.personal.sorted(by: { $0.key < $1.key }) {
      let salt = salts()
      commitments[name] = .string(Commitment(name: name, value: value, salt: salt).base64url)
      disclosed[name] = ["salt": .string(salt.base64url), "value": value]
    }
    if !commitments.isEmpty { object["personal"] = .object(commitments) }
    body = JSONValue.object(object).canonicalBytes
    personal = disclosed.isEmpty ? nil : JSONValue.object(disclosed).canonicalBytes
  }

  /// From parts laid out elsewhere (the scan recorder has a faster way to the same bytes).
  package init(body: [UInt8], personal: [UInt8]?) {
    self.body = body
    self.personal = personal
  }
}

extension Actor {
  /// `{"key":3,"role":"warehouse"}`.
  package var json: JSONValue { ["key": .integer(key), "role": .string(role.rawValue)] }
}
