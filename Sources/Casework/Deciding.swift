import Ledger
import Storage
import TransparencyLog

extension Casework {
  /// Somebody of compliance proposes a decision; another person decides.
  @discardableResult
  package func propose(
    _ id: CaseID, _ outcome: CaseOutcome, reason: String, by actor: Actor
  ) async throws(CaseError) -> Int64 {
    try Self.demandWorker(actor)
    let reason = try reason.asText("/reason")
    return try await act(id, by: actor) { docket in
      try docket.expect(.open, .notified, .answered)
      return CaseStep(
        kind: .caseProposed, data: ["outcome": .string(outcome.rawValue)], personal: ["reason": .string(reason)])
    }
  }

  /// A second person decides, in writing. Confirming needs the dealer's answer or the end of its time, and a business
  /// proof beside scans; whatever clears the dealer can be decided at once.
  @discardableResult
  package func decide(
    _ id: CaseID, _ outcome: CaseOutcome, reason: String, proofs: [CaseProof] = [], by actor: Actor
  ) async throws(CaseError) -> Int64 {
    try Self.demandWorker(actor)
    let reason = try reason.asText("/reason")
    guard proofs.count <= CaseLimits.proofsMax else {
      throw .invalid(field: "/proofs", .tooMany(max: CaseLimits.proofsMax))
    }
    return try await act(id, by: actor) { docket in
      try docket.expect(.open, .notified, .answered)
      try docket.demandAnother(than: docket.keys(.caseProposed).union([docket.row.opener]))
      for (place, proof) in proofs.enumerated() { try Self.check(proof, "/proofs/\(place)/event", docket) }
      docket.row.due = nil
      if outcome == .confirmed { try Self.checkConfirmation(docket, proofs) }
      docket.row.state = CaseState.decided.rawValue
      docket.row.outcome = outcome.rawValue
      docket.row.decider = actor.key
      var data: [String: JSONValue] = [
        "outcome": .string(outcome.rawValue),
        "proofs": .array(proofs.map { ["kind": .string($0.kind.rawValue), "event": .integer($0.event)] }),
      ]
      if outcome == .confirmed, docket.row.dealer != nil {
        let until = docket.now.advanced(by: CaseLimits.appealTime)
        docket.row.due = until.milliseconds
        data["appealUntil"] = .string(until.description)
      }
      return CaseStep(kind: .caseDecided, data: data, personal: ["reason": .string(reason)])
    }
  }

  private static func checkConfirmation(_ docket: Docket, _ proofs: [CaseProof]) throws {
    let alerts = try docket.transaction.alerts(ofCase: docket.row.id).compactMap { try docket.transaction.alert($0) }
    guard alerts.contains(where: { !$0.isCleared }) else { throw CaseError.refused(.cleared) }
    if docket.row.dealer != nil {
      let state = try docket.state()
      guard state != .open else { throw CaseError.refused(.state(state)) }
      // The row's deadline was cleared in the docket; the stored one counts.
      let due = try docket.transaction.casefile(docket.row.id)?.due.map(Timestamp.init(milliseconds:))
      if state == .notified, let due, due >= docket.now { throw CaseError.refused(.answerAwaited(until: due)) }
    }
    guard !proofs.isEmpty else { throw CaseError.refused(.proofMissing) }
  }

  /// A proof must be what its kind says, and belong to the case.
  private static func check(_ proof: CaseProof, _ field: String, _ docket: Docket) throws {
    let transaction = docket.transaction
    guard let event = try transaction.event(proof.event), let body = try? JSONValue(parsing: event.body) else {
      throw CaseError.invalid(field: field, .unknown("\(proof.event)"))
    }
    let attachments = try transaction.attachments(ofCase: docket.row.id).filter { try docket.isBrands($0.event) }
    let holds: Bool
    switch proof.kind {
    case .inspectorVisit:
      let scans = try transaction.alerts(ofCase: docket.row.id).flatMap { try transaction.events(ofAlert: $0) }
      holds =
        try scans.contains(event.id) && body["by"]?["role"]?.string == Role.inspector.rawValue
        && (attachments.contains { $0.purpose == AttachmentPurpose.photo.rawValue }
          || transaction.inspectionFiles(ofScan: event.id).contains { $0.purpose == AttachmentPurpose.photo.rawValue })
    case .purchaseReceipt:
      let receipt = AttachmentPurpose.receipt.rawValue
      let scans = try transaction.alerts(ofCase: docket.row.id).flatMap { try transaction.events(ofAlert: $0) }
      holds =
        try attachments.contains { $0.event == event.id && $0.purpose == receipt }
        || scans.contains { scan in
          try transaction.inspectionFiles(ofScan: scan).contains { $0.event == event.id && $0.purpose == receipt }
        }
    case .dispatchRecord:
      holds = try event.kind == EventKind.dispatch.rawValue && gave(body["data"]?["dispatch"]?.int, docket)
    case .admission:
      holds =
        try event.kind == EventKind.caseAnswered.rawValue && body["data"]?["case"]?.int == docket.row.id
        && body["data"]?["admits"] == true && docket.events(.caseAlert).allSatisfy { $0.id < event.id }
    }
    guard holds else { throw CaseError.invalid(field: field, .notAProof) }
  }

  /// Whether a dispatch is the one that the scans of the case name: it gave the goods away, perhaps to a dealer above.
  private static func gave(_ dispatch: Int64?, _ docket: Docket) throws -> Bool {
    guard let dispatch else { return false }
    let transaction = docket.transaction
    let scans = try transaction.alerts(ofCase: docket.row.id).flatMap { try transaction.events(ofAlert: $0) }
    return try scans.contains { scan in
      guard let body = try transaction.event(scan)?.body else { return false }
      return (try? JSONValue(parsing: body))?["data"]?["dispatch"]?.int == dispatch
    }
  }

  /// Somebody who has not opened, proposed or decided the case decides on the appeal. When it is upheld the decision
  /// falls, another outcome takes its place, and every penalty is taken back.
  /// - Parameter outcome: what takes the place of the decision; only, and always, when upheld.
  @discardableResult
  package func decideAppeal(
    _ id: CaseID, _ result: AppealOutcome, outcome: CaseOutcome? = nil, reason: String, by actor: Actor
  ) async throws(CaseError) -> Int64 {
    try Self.demandWorker(actor)
    let reason = try reason.asText("/reason")
    switch result {
    case .upheld where outcome == nil: throw .invalid(field: "/outcome", .missing)
    case .upheld where outcome == .confirmed: throw .invalid(field: "/outcome", .unwanted)
    case .rejected where outcome != nil: throw .invalid(field: "/outcome", .unwanted)
    default: break
    }
    return try await act(id, by: actor) { docket in
      try docket.expect(.appeal)
      try docket.demandAnother(
        than: docket.keys(.caseProposed).union([docket.row.opener, docket.row.decider ?? 0]))
      let standing = try docket.transaction.penalties(ofCase: docket.row.id).filter { $0.reversal == nil }
      var data: [String: JSONValue] = ["result": .string(result.rawValue)]
      if let outcome {
        docket.row.outcome = outcome.rawValue
        docket.row.state = CaseState.decided.rawValue
        data["outcome"] = .string(outcome.rawValue)
        data["reversed"] = .array(standing.map { .integer($0.id) })
      } else {
        docket.row.state = (standing.isEmpty ? CaseState.decided : .penalty).rawValue
      }
      docket.row.due = nil
      return CaseStep(kind: .caseAppealDecided, data: data, personal: ["reason": .string(reason)])
    } after: { docket, event in
      guard outcome != nil else { return }
      for penalty in try docket.transaction.penalties(ofCase: docket.row.id) where penalty.reversal == nil {
        try docket.transaction.reversePenalty(penalty.id, event: event)
      }
    }
  }

  /// Enters a penalty. It rests on the decision; a price alert is no ground for it.
  /// - Parameter alerts: the alerts that it rests on; nil: all of the case.
  @discardableResult
  package func penalise(
    _ id: CaseID, _ penalty: NewPenalty, alerts: [Int64]? = nil, by actor: Actor
  ) async throws(CaseError) -> Int64 {
    try Self.demandWorker(actor)
    let terms = try penalty.checkedTerms()
    return try await act(id, by: actor) { docket in
      let own = try docket.transaction.alerts(ofCase: docket.row.id)
      let grounds = alerts ?? own
      for (place, ground) in grounds.enumerated() {
        guard let alert = try docket.transaction.alert(ground) else {
          throw CaseError.invalid(field: "/alerts/\(place)", .unknown("A\(ground)"))
        }
        if alert.kind == AlertWord.price { throw CaseError.refused(.pricePenalty) }
        guard own.contains(ground) else { throw CaseError.invalid(field: "/alerts/\(place)", .unknown("A\(ground)")) }
        // Unless alerts were chosen, a penalty rests on those that still stand.
        if alert.isCleared, alerts != nil || own.count == 1 { throw CaseError.refused(.cleared) }
      }
      guard !grounds.isEmpty else { throw CaseError.invalid(field: "/alerts", .missing) }
      try docket.expect(.decided, .penalty)
      guard docket.row.outcome == CaseOutcome.confirmed.rawValue else { throw CaseError.refused(.notConfirmed) }
      guard docket.row.dealer != nil else { throw CaseError.refused(.noDealer) }
      if let until = penalty.until, until <= docket.now { throw CaseError.refused(.tooLate(until)) }
      guard let decision = try docket.events(.caseDecided).last else {
        throw LedgerError.inconsistent("case \(docket.id) has no decision")
      }
      docket.row.state = CaseState.penalty.rawValue
      var data = penalty.json(terms: terms)
      data["penalty"] = .integer(try docket.transaction.nextPenaltyID())
      data["decision"] = .integer(decision.id)
      let standing = try grounds.filter { try docket.transaction.alert($0)?.isCleared == false }
      guard !standing.isEmpty else { throw CaseError.refused(.cleared) }
      data["alerts"] = .array(standing.map(JSONValue.integer))
      return CaseStep(kind: .casePenalty, data: data)
    } after: { docket, event in
      try Self.enter(event, docket)
    }
  }

  /// The row says what the event says, by reading it.
  private static func enter(_ event: Int64, _ docket: Docket) throws {
    guard let body = try docket.transaction.event(event)?.body,
      let data = (try? JSONValue(parsing: body))?["data"], let id = data["penalty"]?.int,
      let kind = data["kind"]?.string, let decision = data["decision"]?.int
    else { throw LedgerError.inconsistent("event \(event) is no penalty") }
    try docket.transaction.addPenalty(
      PenaltyRow(
        id: id, file: docket.row.id, kind: kind, amount: data["amount"]?["amount"]?.string,
        currency: data["amount"]?["currency"]?.string, terms: data["terms"]?.string,
        until: data["until"]?.string.flatMap { Timestamp(rfc3339: $0) }?.milliseconds, decision: decision,
        event: event))
  }

  /// Ends a case; its alerts are closed with it. Not while the dealer may appeal.
  @discardableResult
  package func close(_ id: CaseID, reason: String, by actor: Actor) async throws(CaseError) -> Int64 {
    try Self.demandWorker(actor)
    let reason = try reason.asText("/reason")
    return try await act(id, by: actor) { docket in
      try docket.expect(.decided, .penalty)
      if let due = docket.dueTime, due >= docket.now { throw CaseError.refused(.appealAwaited(until: due)) }
      docket.row.state = CaseState.closed.rawValue
      docket.row.due = nil
      return CaseStep(kind: .caseClosed, personal: ["reason": .string(reason)])
    } after: { docket, _ in
      for alert in try docket.transaction.alerts(ofCase: docket.row.id) {
        try docket.transaction.setStatus(AlertWord.closed, ofAlert: alert)
      }
    }
  }
}

/// A penalty to be entered.
package struct NewPenalty: Sendable {
  /// What it is; the amount of a deposit or rebate; what it says in words; until when it lasts.
  package let kind: PenaltyKind, amount: Money?, terms: String?, until: Timestamp?

  /// Made from its parts.
  package init(_ kind: PenaltyKind, amount: Money? = nil, terms: String? = nil, until: Timestamp? = nil) {
    self.kind = kind
    self.amount = amount
    self.terms = terms
    self.until = until
  }

  /// Money where the kind is money, and only there; terms where goods are limited.
  fileprivate func checkedTerms() throws(CaseError) -> String? {
    if kind.isMoney {
      guard let amount else { throw .invalid(field: "/amount", .missing) }
      guard amount.scaled > 0 else { throw .invalid(field: "/amount", .missing) }
    } else if amount != nil {
      throw .invalid(field: "/amount", .unwanted)
    }
    if kind == .supplyLimit, terms == nil { throw .invalid(field: "/terms", .missing) }
    return try terms.map { text throws(CaseError) in try text.asLine("/terms") }
  }

  fileprivate func json(terms: String?) -> [String: JSONValue] {
    var data: [String: JSONValue] = ["kind": .string(kind.rawValue)]
    if let amount { data["amount"] = ["amount": .string(amount.amount), "currency": .string(amount.currency)] }
    if let terms { data["terms"] = .string(terms) }
    if let until { data["until"] = .string(until.description) }
    return data
  }
}
