import Ledger
import Storage
import TransparencyLog

/// The words of `AlertKind` and `AlertStatus` that casework reads and writes: the modules meet in the ledger.
enum AlertWord {
  static let price = "price", open = "open", inCase = "inCase", closed = "closed"
}

extension Casework {
  /// Opens a case from alerts about one dealer (or about none), and puts them into it.
  package func open(alerts ids: [Int64], by actor: Actor) async throws(CaseError) -> CaseID {
    try Self.demandWorker(actor)
    guard !ids.isEmpty else { throw .invalid(field: "/alerts", .missing) }
    guard ids.count <= CaseLimits.alertsMax else {
      throw .invalid(field: "/alerts", .tooMany(max: CaseLimits.alertsMax))
    }
    guard Set(ids).count == ids.count else { throw .invalid(field: "/alerts", .repeated) }
    let now = ledger.now()
    return try await ledger.write(CaseError.self) { [ledger] transaction in
      let alerts = try ids.enumerated().map { place, id in
        try Self.free(id, field: "/alerts/\(place)", actor, transaction)
      }
      try Self.checkTogether(alerts)
      let lead = alerts[0]
      let id = CaseID(try transaction.nextCaseID())
      var data: [String: JSONValue] = [
        "case": .integer(id.number), "kind": .string(lead.kind), "alerts": .array(ids.map(JSONValue.integer)),
      ]
      data["dealer"] = lead.dealer.map(JSONValue.string)
      data["region"] = lead.region.map(JSONValue.string)
      let event = try ledger.append(
        EventDraft(.caseOpened, at: now, by: actor, data: data), transaction, recorded: now)
      try transaction.addCase(
        CaseRow(
          id: id.number, kind: lead.kind, dealer: lead.dealer, region: lead.region, opened: now.milliseconds,
          opener: actor.key, event: event))
      try transaction.addStep(ofCase: id.number, event: event)
      for alert in alerts { try Self.take(alert, into: id, event, transaction) }
      return id
    }
  }

  /// Puts a further alert into a case that is not decided yet. A dealer who was told of the case gets time anew to answer
  /// to this alert too.
  @discardableResult
  package func add(alert: Int64, to id: CaseID, by actor: Actor) async throws(CaseError) -> Int64 {
    try Self.demandWorker(actor)
    return try await act(id, by: actor) { docket in
      try docket.expect(.open, .notified, .answered)
      let known = try docket.transaction.alerts(ofCase: docket.row.id).compactMap { try docket.transaction.alert($0) }
      guard known.count < CaseLimits.alertsMax else {
        throw CaseError.invalid(field: "/alert", .tooMany(max: CaseLimits.alertsMax))
      }
      let new = try Self.free(alert, field: "/alert", actor, docket.transaction)
      try Self.checkTogether(known + [new])
      var data: [String: JSONValue] = ["alert": .integer(alert)]
      if try docket.state() != .open {
        let until = max(
          docket.now.advanced(by: CaseLimits.answerTime), try docket.answerUntil() ?? docket.now)
        docket.row.state = CaseState.notified.rawValue
        docket.row.due = until.milliseconds
        data["answerUntil"] = .string(until.description)
      }
      return CaseStep(kind: .caseAlert, data: data)
    } after: { docket, event in
      guard let row = try docket.transaction.alert(alert) else { return }
      try Self.take(row, into: docket.id, event, docket.transaction)
    }
  }

  /// Gives the case to somebody of compliance.
  @discardableResult
  package func assign(_ id: CaseID, to key: Int64, by actor: Actor) async throws(CaseError) -> Int64 {
    try Self.demandWorker(actor)
    return try await act(id, by: actor) { docket in
      try docket.expect(.open, .notified, .answered, .decided, .penalty, .appeal)
      guard let worker = try docket.transaction.key(key) else {
        throw CaseError.invalid(field: "/key", .unknown("\(key)"))
      }
      let works = Role(rawValue: worker.role).map(Self.workers.contains) == true
      guard worker.revoked == nil, works else { throw CaseError.invalid(field: "/key", .notAWorker) }
      docket.row.assignee = key
      return CaseStep(kind: .caseAssigned, data: ["key": .integer(key)])
    }
  }

  /// Tells the dealer, who may answer until a moment, seven days from now unless said.
  @discardableResult
  package func notify(
    _ id: CaseID, text: String, until due: Timestamp? = nil, by actor: Actor
  ) async throws(CaseError) -> Int64 {
    try Self.demandWorker(actor)
    let text = try text.asText("/text")
    let now = ledger.now()
    let due = due ?? now.advanced(by: CaseLimits.answerTime)
    guard CaseLimits.answerTimes.contains(due.milliseconds - now.milliseconds) else {
      throw .invalid(field: "/answerUntil", .deadline(first: 1, last: 90))
    }
    return try await act(id, by: actor) { docket in
      try docket.expect(.open)
      guard docket.row.dealer != nil else { throw CaseError.refused(.noDealer) }
      docket.row.state = CaseState.notified.rawValue
      docket.row.due = due.milliseconds
      return CaseStep(
        kind: .caseNotified, data: ["answerUntil": .string(due.description)], personal: ["text": .string(text)])
    }
  }

  /// An alert that nobody has taken up yet and that the asker may see.
  private static func free(
    _ id: Int64, field: String, _ actor: Actor, _ transaction: Transaction
  ) throws -> AlertRow {
    guard let row = try transaction.alert(id) else { throw CaseError.invalid(field: field, .unknown("A\(id)")) }
    if let own = actor.dealer, row.dealer != own { throw CaseError.invalid(field: field, .unknown("A\(id)")) }
    if let prefix = CaseScope(actor).regionPrefix, row.region?.hasPrefix(prefix) != true {
      throw CaseError.invalid(field: field, .unknown("A\(id)"))
    }
    guard row.status == AlertWord.open, try transaction.casefile(ofAlert: id) == nil else {
      throw CaseError.refused(.alertTaken("A\(id)"))
    }
    return row
  }

  /// One case is about one dealer, and a price alert stands apart from all others.
  private static func checkTogether(_ alerts: [AlertRow]) throws {
    let prices = alerts.filter { $0.kind == AlertWord.price }.count
    guard prices == 0 || prices == alerts.count else { throw CaseError.refused(.priceApart) }
    guard Set(alerts.map(\.dealer)).count <= 1 else { throw CaseError.refused(.severalDealers) }
  }

  private static func take(_ alert: AlertRow, into id: CaseID, _ event: Int64, _ transaction: Transaction) throws {
    try transaction.addAlert(alert.id, toCase: id.number, event: event)
    try transaction.setStatus(AlertWord.inCase, ofAlert: alert.id)
  }
}
