import TransparencyLog

/// An event of the ledger as the bundle shows it (Ledger.docc/Events.md): envelope and public part.
struct LoggedEvent {
  /// Its leaf in the log; its number less one.
  let index: UInt64
  let at: Instant
  let recorded: Instant
  /// Number and role of the key that reported it.
  let key: Int64
  let role: String
  let kind: String
  /// Commitments to personal fields by name.
  let personal: [String: Commitment]
  let facts: Facts

  var file: String { EvidencePath.event(index) }

  /// When it happened, but not after it was learnt: devices' clocks run ahead.
  var clock: Instant { min(at, recorded) }

  /// What an event says, as far as the chain needs it.
  enum Facts {
    case batch(BatchFacts)
    case packing(PackingFacts)
    case unpacking(PackingFacts)
    case dispatch(DispatchFacts)
    case transfer(TransferFacts)
    case receipt(HandlingFacts)
    case sale(HandlingFacts)
    case returned(HandlingFacts)
    case void(HandlingFacts)
    case scan(ScanFacts)
    case alert(AlertFacts)
    case correction(CorrectionFacts)
    case alertCorrected(AlertCorrectionFacts)
    /// An event that names an attachment by its hash, 64 hex digits.
    case file(sha256: String)
    case policy(PolicyFacts)
    case product(gtin: String, name: JSONValue?)
    case other
  }

  /// Reads an event; the document is canonical JSON.
  init(_ document: JSONValue, index: UInt64) throws(Misread) {
    let members = try Members(document)
    guard try members.whole("v") == 1 else { throw Misread("v") }
    guard Commitment.Salt(base64url: try members.text("salt")) != nil else { throw Misread("salt") }
    let by = try members.object("by")
    self.index = index
    at = try members.instant("at")
    recorded = try members.instant("recorded")
    key = try by.whole("key")
    role = try by.text("role")
    kind = try members.text("kind")
    personal = try Self.commitments(members)
    facts = try Facts(kind, try members.object("data"))
  }

  private static func commitments(_ members: Members) throws(Misread) -> [String: Commitment] {
    guard members.has("personal") else { return [:] }
    var commitments: [String: Commitment] = [:]
    for (name, value) in try members.object("personal").values {
      guard let commitment = value.string.flatMap(Commitment.init(base64url:)) else { throw Misread("personal") }
      commitments[name] = commitment
    }
    return commitments
  }
}

extension LoggedEvent.Facts {
  fileprivate init(_ kind: String, _ data: Members) throws(Misread) {
    switch kind {
    case "batch": self = .batch(try BatchFacts(data))
    case "packing": self = .packing(try PackingFacts(data))
    case "unpacking": self = .unpacking(try PackingFacts(data))
    case "dispatch": self = .dispatch(try DispatchFacts(data))
    case "transfer": self = .transfer(try TransferFacts(data))
    case "receipt": self = .receipt(try HandlingFacts(data, needsDealer: true))
    case "sale": self = .sale(try HandlingFacts(data, needsDealer: true))
    case "return": self = .returned(try HandlingFacts(data, needsDealer: false))
    case "void": self = .void(try HandlingFacts(data, needsDealer: false))
    case "scan": self = .scan(try ScanFacts(data))
    case "alert": self = .alert(try AlertFacts(data))
    case "correction": self = .correction(try CorrectionFacts(data))
    case "alertCorrected": self = .alertCorrected(try AlertCorrectionFacts(data))
    case "caseAttachment", "inspectionFile": self = .file(sha256: try data.text("sha256"))
    case "pricePolicy": self = .policy(try PolicyFacts(data))
    case "product": self = .product(gtin: try data.text("gtin"), name: data["name"])
    default: self = .other
    }
  }
}
