import Ledger
import Storage
import TransparencyLog

/// The human work on alerts: a case is opened, the dealer is told and answers, a second person decides, penalties are
/// entered, an appeal is heard, and the case is closed.
///
/// Each call is one transaction: it reads how the case stands, refuses with the reason, or writes the step and its event.
package struct Casework: Sendable {
  let ledger: Ledger
  let store: AttachmentStore?

  /// Over the ledger.
  /// - Parameter folder: where attachments are kept; nil takes none.
  package init(_ ledger: Ledger, attachments folder: String? = nil) {
    self.ledger = ledger
    store = folder.map(AttachmentStore.init)
  }
}

/// What a step writes: its event, and how the case stands after it.
struct CaseStep {
  let kind: EventKind
  var data: [String: JSONValue] = [:]
  /// What may hold names of people: only commitments to it enter the log.
  var personal: [String: JSONValue] = [:]
}

/// A case in the hands of somebody who acts on it, inside one transaction.
struct Docket {
  let transaction: Transaction
  let actor: Actor
  let now: Timestamp
  var row: CaseRow

  var id: CaseID { CaseID(row.id) }

  func state() throws -> CaseState {
    guard let state = CaseState(rawValue: row.state) else { throw LedgerError.inconsistent("case \(id)") }
    return state
  }

  /// Refuses unless the case is at one of these stages.
  func expect(_ states: CaseState...) throws {
    let state = try state()
    guard states.contains(state) else { throw CaseError.refused(.state(state)) }
  }

  /// The events of the case of one kind, in order.
  func events(_ kind: EventKind) throws -> [EventRow] {
    try transaction.steps(ofCase: row.id).compactMap { try transaction.event($0) }.filter { $0.kind == kind.rawValue }
  }

  /// The keys that did something in the case.
  func keys(_ kind: EventKind) throws -> Set<Int64> {
    Set(try events(kind).compactMap { (try? JSONValue(parsing: $0.body))?["by"]?["key"]?.int })
  }

  /// Refuses when the actor is one of those who held these keys: by the key, or because both keys are the same
  /// person's, by the user who acts under them or by the name that they were given.
  func demandAnother(than keys: Set<Int64>) throws {
    let own = try transaction.persons(ofKey: actor.key)
    for key in keys where try key == actor.key || !own.isDisjoint(with: transaction.persons(ofKey: key)) {
      throw CaseError.refused(.samePerson)
    }
  }

  var dueTime: Timestamp? { row.due.map(Timestamp.init(milliseconds:)) }

  /// Until when the dealer was last given time to answer.
  func answerUntil() throws -> Timestamp? {
    let told = try events(.caseNotified) + events(.caseAlert)
    return try told.sorted { $0.id < $1.id }.compactMap { try data($0)?["answerUntil"]?.string }
      .last.flatMap { Timestamp(rfc3339: $0) }
  }

  /// Whether a correction took an alert from the case after the newest decision about it.
  func isClearedSinceDecided() throws -> Bool {
    let decided = try (events(.caseDecided) + events(.caseAppealDecided)).map(\.id).max() ?? 0
    return try events(.caseCorrected).contains { try $0.id > decided && data($0)?["cleared"] == true }
  }

  /// What an event says.
  func data(_ event: EventRow) throws -> JSONValue? {
    guard let body = try? JSONValue(parsing: event.body) else { throw LedgerError.inconsistent("event \(event.id)") }
    return body["data"]
  }

  /// Whether an event is the brand's own: what a dealer hands in is for it, and never proves anything against it.
  func isBrands(_ event: Int64) throws -> Bool {
    guard let row = try transaction.event(event), let role = (try? JSONValue(parsing: row.body))?["by"]?["role"]?.string
    else { return false }
    return role != Role.dealer.rawValue
  }
}

extension Casework {
  /// One step: `body` judges and changes the row, and gives the event; `after` uses the event's number.
  func act(
    _ id: CaseID, by actor: Actor, _ body: @escaping @Sendable (inout Docket) throws -> CaseStep,
    after: @escaping @Sendable (Docket, Int64) throws -> Void = { _, _ in }
  ) async throws(CaseError) -> Int64 {
    let now = ledger.now()
    return try await ledger.write(CaseError.self) { [ledger] transaction in
      guard let row = try transaction.casefile(id.number), CaseScope(actor).holds(row) else {
        throw CaseError.noCase(id)
      }
      var docket = Docket(transaction: transaction, actor: actor, now: now, row: row)
      var step = try body(&docket)
      step.data["case"] = .integer(id.number)
      let draft = EventDraft(step.kind, at: now, by: actor, data: step.data, personal: step.personal)
      let event = try ledger.append(draft, transaction, recorded: now)
      try transaction.addStep(ofCase: id.number, event: event)
      try transaction.update(docket.row)
      try after(docket, event)
      return event
    }
  }

  /// Steps that only compliance takes.
  static func demandWorker(_ actor: Actor) throws(CaseError) {
    guard actor.role == .compliance || actor.role == .admin, actor.key != 0 else { throw .notAllowed(actor.role) }
  }

  /// Steps that only the dealer of the case takes.
  static func demandDealer(_ actor: Actor) throws(CaseError) {
    guard actor.role == .dealer, actor.dealer != nil else { throw .notAllowed(actor.role) }
  }
}

/// Which cases somebody may see: a dealer its own once it was told, a key bound to a region what lies there.
struct CaseScope {
  let actor: Actor

  init(_ actor: Actor) { self.actor = actor }

  func holds(_ row: CaseRow) -> Bool {
    if let own = actor.dealer, row.dealer != own { return false }
    if actor.role == .dealer { return row.dealer != nil && row.state != CaseState.open.rawValue }
    guard let prefix = regionPrefix else { return true }
    return row.region?.hasPrefix(prefix) == true
  }

  /// What the region of a case begins with. A dealer's case is its own wherever the goods turned up.
  var regionPrefix: String? { actor.role == .dealer ? nil : actor.region.map(Scope.prefix(of:)) }
}

extension String {
  /// Checks a text that people wrote: not blank, not too long, no control characters but line ends and tabs.
  func asText(_ field: String, max: Int = CaseLimits.textMax) throws(CaseError) -> String {
    guard contains(where: { !$0.isWhitespace }), count <= max else { throw .invalid(field: field, .length(max: max)) }
    let isAllowed = { (scalar: Unicode.Scalar) in
      scalar.value >= 0x20 && scalar.value != 0x7f || scalar == "\n" || scalar == "\t" || scalar == "\r"
    }
    guard unicodeScalars.allSatisfy(isAllowed) else { throw .invalid(field: field, .characters) }
    return self
  }

  /// Checks a name or terms: a text in one line.
  func asLine(_ field: String) throws(CaseError) -> String {
    let text = try asText(field, max: CaseLimits.nameMax)
    guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 }) else { throw .invalid(field: field, .characters) }
    return text
  }
}
