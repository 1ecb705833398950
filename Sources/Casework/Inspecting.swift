import Ledger
import Regions
import Storage
import TransparencyLog

/// An inspector's visit that begins.
package struct NewInspection: Sendable {
  /// The region; the registered shop, if it is one.
  package let region: RegionCode, terminal: String?
  /// The shop's name, the device, and the exact place with its accuracy: personal, so committed to only.
  package let shop: String?, device: String?, position: Position?
  /// When the inspector came; nil: now.
  package let at: Timestamp?

  /// Made from its parts.
  package init(
    region: RegionCode, terminal: String? = nil, shop: String? = nil, device: String? = nil, position: Position? = nil,
    at: Timestamp? = nil
  ) {
    self.region = region
    self.terminal = terminal
    self.shop = shop
    self.device = device
    self.position = position
    self.at = at
  }
}

/// An inspection as it is shown: what stands in its rows, and the personal fields of its events while they are kept.
package struct InspectionView: Sendable {
  /// How it stands, the scans taken in it, its files.
  package let row: InspectionRow, scans: [Int64], files: [InspectionFileRow]
  /// Shop, device, exact place, findings.
  package let personal: [String: JSONValue]
}

/// Inspections: a thing of its own, with a place, a shop, a time in and out, findings, and scans and files under it.
/// Each step is an event by the inspector's key; how the evidence was captured is proved with the scans.
extension Casework {
  /// An inspector begins a visit.
  package func inspect(_ new: NewInspection, by actor: Actor) async throws(CaseError) -> InspectionView {
    try Self.demandInspector(actor)
    guard ledger.atlas.isKnown(new.region) else {
      throw .invalid(field: "/region", .unknown(new.region.description))
    }
    let now = ledger.now()
    let at = new.at ?? now
    guard at <= now, at >= now.advanced(by: -CaseLimits.inspectionAge) else {
      throw .invalid(field: "/at", .deadline(first: -30, last: 0))
    }
    var personal: [String: JSONValue] = [:]
    personal["shop"] = try new.shop.map { text throws(CaseError) in .string(try text.asLine("/shop")) }
    personal["device"] = try new.device.map { text throws(CaseError) in .string(try text.asLine("/device")) }
    personal["place"] = new.position.map(Self.json)
    let fields = personal
    let id = try await ledger.write(CaseError.self) { [ledger] transaction in
      if let terminal = new.terminal, try transaction.terminal(terminal) == nil {
        throw CaseError.invalid(field: "/terminal", .unknown(terminal))
      }
      let id = try transaction.nextInspectionID()
      var data: [String: JSONValue] = ["inspection": .integer(id), "region": .string(new.region.description)]
      data["terminal"] = new.terminal.map(JSONValue.string)
      let event = try ledger.append(
        EventDraft(.inspectionBegun, at: at, by: actor, data: data, personal: fields), transaction, recorded: now)
      try transaction.addInspection(
        InspectionRow(
          id: id, inspector: actor.key, region: new.region.description, terminal: new.terminal,
          began: at.milliseconds, event: event))
      return id
    }
    return try await inspection(id, for: actor)
  }

  /// Puts scans of the same inspector under a visit that goes on.
  package func add(scans: [Int64], toInspection id: Int64, by actor: Actor) async throws(CaseError) -> InspectionView {
    guard !scans.isEmpty, scans.count <= CaseLimits.inspectionScansMax else {
      throw .invalid(field: "/scans", .tooMany(max: CaseLimits.inspectionScansMax))
    }
    try await visit(id, .inspectionScans, by: actor) { transaction, row in
      for scan in scans {
        guard let event = try transaction.event(scan), event.kind == EventKind.scan.rawValue,
          (try? JSONValue(parsing: event.body))?["by"]?["key"]?.int == row.inspector, event.at >= row.began,
          try transaction.inspection(ofScan: scan) == nil
        else { throw CaseError.refused(.scanNotOwn(scan)) }
      }
      guard Set(scans).count == scans.count else { throw CaseError.invalid(field: "/scans", .repeated) }
      return (["scans": .array(scans.map(JSONValue.integer))], [:])
    } after: { transaction, event in
      for scan in scans { try transaction.addScan(scan, toInspection: id, event: event) }
    }
    return try await inspection(id, for: actor)
  }

  /// Keeps a photo, price tag, receipt or document of a visit.
  package func attach(
    _ new: NewAttachment, toInspection id: Int64, by actor: Actor
  ) async throws(CaseError) -> InspectionFileRow {
    try Self.demandInspector(actor)
    let (hash, type) = try Self.check(new)
    let name = try new.name.asLine("name")
    try await keep(new.bytes, hash) { transaction in
      try Self.checkRoom(Self.openVisit(id, by: actor, transaction), hash, transaction)
    }
    let row = InspectionFileRow(
      inspection: id, sha256: hash.bytes, type: type.rawValue, bytes: Int64(new.bytes.count),
      purpose: new.purpose.rawValue, event: 0)
    let event = try await visit(id, .inspectionFile, by: actor) { transaction, visit in
      try Self.checkRoom(visit, hash, transaction)
      return (
        [
          "sha256": .string(hash.hex), "type": .string(row.type), "bytes": .integer(row.bytes),
          "purpose": .string(row.purpose),
        ], ["name": .string(name)]
      )
    } after: { transaction, event in
      try transaction.addFile(row.named(by: event))
    }
    return row.named(by: event)
  }

  /// The inspector leaves, and says what was found.
  package func end(
    inspection id: Int64, findings: String, at: Timestamp? = nil, by actor: Actor
  ) async throws(CaseError) -> InspectionView {
    let findings = try findings.asText("/findings")
    let now = ledger.now()
    let left = at ?? now
    try await visit(id, .inspectionEnded, by: actor) { transaction, row in
      // Nobody scans in a shop that they have left.
      let scans = try transaction.scans(ofInspection: id).compactMap { try transaction.event($0)?.at }
      guard left <= now, left.milliseconds >= max(row.began, scans.max() ?? row.began) else {
        throw CaseError.invalid(field: "/at", .deadline(first: 0, last: 0))
      }
      return (["ended": .string(left.description)], ["findings": .string(findings)])
    } after: { transaction, event in
      try transaction.endInspection(id, at: left.milliseconds, event: event)
    }
    return try await inspection(id, for: actor)
  }

  /// One inspection, for its inspector and for those who work on cases.
  package func inspection(_ id: Int64, for actor: Actor) async throws(CaseError) -> InspectionView {
    try Self.demandInspectionReader(actor)
    return try await ledger.read(CaseError.self) { transaction in
      guard let row = try transaction.inspection(id), try Self.holds(row, actor, Scope(actor, transaction), transaction)
      else { throw CaseError.noInspection }
      return try Self.view(row, transaction)
    }
  }

  /// Inspections before a number, newest first, and where the next page begins. An inspector sees its own, wherever
  /// they were; others see those in their scope.
  package func inspections(
    before id: Int64, limit: Int, for actor: Actor
  ) async throws(CaseError) -> (views: [InspectionView], next: Int64?) {
    try Self.demandInspectionReader(actor)
    let own = actor.role == .inspector ? actor.key : nil
    return try await ledger.read(CaseError.self) { transaction in
      let scope = try Scope(actor, transaction)
      let page = try Scope.page(before: id, limit: limit) {
        try transaction.inspections(of: own, before: $0, limit: $1)
      } number: {
        $0.id
      } holds: {
        try Self.holds($0, actor, scope, transaction)
      }
      return (try page.rows.map { try Self.view($0, transaction) }, page.next)
    }
  }

  /// The bytes of a file of an inspection, for somebody who may see it.
  package func file(
    _ hash: Digest32, ofInspection id: Int64, for actor: Actor
  ) async throws(CaseError) -> (row: InspectionFileRow, bytes: [UInt8])? {
    let files = try await inspection(id, for: actor).files
    guard let row = files.first(where: { $0.sha256 == hash.bytes }), let bytes = store?.get(hash) else { return nil }
    return (row, bytes)
  }
}

extension Casework {
  /// One step of a visit that goes on, by whoever began it.
  @discardableResult
  private func visit(
    _ id: Int64, _ kind: EventKind, by actor: Actor,
    _ body:
      @escaping @Sendable (Transaction, InspectionRow) throws -> (
        data: [String: JSONValue], personal: [String: JSONValue]
      ),
    after: @escaping @Sendable (Transaction, Int64) throws -> Void
  ) async throws(CaseError) -> Int64 {
    try Self.demandInspector(actor)
    let now = ledger.now()
    return try await ledger.write(CaseError.self) { [ledger] transaction in
      let row = try Self.openVisit(id, by: actor, transaction)
      var (data, personal) = try body(transaction, row)
      data["inspection"] = .integer(id)
      let event = try ledger.append(
        EventDraft(kind, at: now, by: actor, data: data, personal: personal), transaction, recorded: now)
      try after(transaction, event)
      return event
    }
  }

  /// A visit that goes on and is the asker's own.
  private static func openVisit(
    _ id: Int64, by actor: Actor, _ transaction: Transaction
  ) throws -> InspectionRow {
    guard let row = try transaction.inspection(id), row.inspector == actor.key else { throw CaseError.noInspection }
    guard row.ended == nil else { throw CaseError.refused(.inspectionEnded) }
    return row
  }

  private static func checkRoom(_ visit: InspectionRow, _ hash: Digest32, _ transaction: Transaction) throws {
    let known = try transaction.files(ofInspection: visit.id)
    guard known.count < CaseLimits.inspectionFilesMax else {
      throw CaseError.invalid(field: "", .tooMany(max: CaseLimits.inspectionFilesMax))
    }
    guard !known.contains(where: { $0.sha256 == hash.bytes }) else { throw CaseError.refused(.attachedBefore) }
  }

  private static func view(_ row: InspectionRow, _ transaction: Transaction) throws -> InspectionView {
    var personal: [String: JSONValue] = [:]
    for event in [row.event, row.closing ?? row.event] {
      guard let stored = try transaction.event(event)?.personal, let fields = try? JSONValue(parsing: stored) else {
        continue
      }
      for (name, field) in fields.object ?? [:] { personal[name] = field["value"] }
    }
    return InspectionView(
      row: row, scans: try transaction.scans(ofInspection: row.id), files: try transaction.files(ofInspection: row.id),
      personal: personal)
  }

  /// Whether somebody may see a visit. It concerns the dealer whose shop was visited.
  private static func holds(
    _ row: InspectionRow, _ actor: Actor, _ scope: Scope, _ transaction: Transaction
  ) throws -> Bool {
    if actor.role == .inspector { return row.inspector == actor.key }
    guard scope.holds(place: row.region) else { return false }
    return try scope.dealers == nil
      || scope.holds(dealer: row.terminal.flatMap { try transaction.terminal($0)?.dealer })
  }

  /// Steps of a visit: an inspector's, or an administrator's who goes out; never the installation's own.
  private static func demandInspector(_ actor: Actor) throws(CaseError) {
    guard [.inspector, .admin].contains(actor.role), actor.key != 0 else { throw .notAllowed(actor.role) }
  }

  private static func demandInspectionReader(_ actor: Actor) throws(CaseError) {
    guard [.inspector, .compliance, .auditor, .admin].contains(actor.role) else { throw .notAllowed(actor.role) }
  }

  private static func json(_ position: Position) -> JSONValue {
    let point = position.datum.toWGS84(position.point)
    return [
      "latitude": .number(point.latitude), "longitude": .number(point.longitude),
      "accuracyMeters": .number(position.reckonedAccuracyMeters), "source": .string(position.source.rawValue),
    ]
  }
}

extension InspectionFileRow {
  fileprivate func named(by event: Int64) -> InspectionFileRow {
    InspectionFileRow(
      inspection: inspection, sha256: sha256, type: type, bytes: bytes, purpose: purpose, event: event)
  }
}
