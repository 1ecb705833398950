import Attestation
import Casework
import Foundation
import Issuing
import Ledger
import Regions
import Server
import Storage
import TestAuthority
import TestWorld
import Testing
import TimeStamps
import TransparencyLog

/// Every table that evidence rests on, changed behind the program's back: each column of its first and its last row, and
/// these rows deleted.
@Suite("The audit finds whatever is edited in any table that evidence rests on")
struct TableWalkTests {
  /// Tables that evidence does not rest on; README, "Security and trust", says why.
  private static let others: Set<String> = [
    "setting", "history", "reply", "flow", "detector", "user", "session", "grdb_migrations", "sqlite_sequence",
    "step_reply", "print_job", "report", "webhook", "webhook_delivery",
  ]
  /// Columns that nothing proved rests on: what people call things, what was shown, when a row was written.
  private static let free: Set<String> = [
    "alert.identity", "alert.raised", "alert.urgency", "api_key.hash", "api_key.name",
    "api_key.created",
    "api_key.revoked", "attachment.name", "dealer.name", "terminal.name", "checkpoint.signed", "event.private",
    "event.previous", "batch.created", "case_alert.event", "inspection_scan.event", "casefile.opened",
  ]

  @Test("rows deleted and columns changed, each by itself")
  func walk() async throws {
    try await CaseDesk.run { desk async throws in
      try await Self.fill(desk)
      let world = desk.shop.world
      #expect(try await Self.findings(world) == [])
      let tables = try await world.ledger.store.read { transaction in
        try transaction.all(
          "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name", [], { $0.text(0) })
      }.filter { !Self.others.contains($0) }
      #expect(tables.count > 25)
      var refused: Set<String> = []
      for table in tables {
        refused.formUnion(try await Self.change(table, world))
        try await Self.delete(table, world)
      }
      #expect(refused == [], "edits that could not be made prove nothing")
      let copy = try world.crashed()
      let (told, other) = (#""explanation":{"en":""#, #""explanation":{"en":"Not so: "#)
      try copy.edit("UPDATE alert SET detail = CAST(replace(CAST(detail AS TEXT), '\(told)', '\(other)') AS BLOB)")
      let found = try await Self.findings(copy)
      #expect(found == ["alert A1: what is kept of it differs from what its events say"], "another explanation")
    }
  }

  /// A case with everything: penalties, files, an inspection, a correction, cosignatures.
  private static func fill(_ desk: CaseDesk) async throws {
    let shop = desk.shop
    let ledger = shop.world.ledger
    let path = try await desk.confirmed()
    #expect(try await desk.post("li", "\(path)/penalties", #"{"kind":"warning"}"#).status == 201)
    let pdf = Array("%PDF-1.7\n%%EOF".utf8)
    #expect(try await desk.call("li", .post, "\(path)/attachments?name=a.pdf", bytes: pdf).status == 201)
    let begun = #"{"region":"440106","shop":"店"}"#
    #expect(try await desk.post("inspector", "/v1/inspections", begun).status == 201)
    let scan = #"{"code":"\#(shop.item(2))","location":{"region":"430102"}}"#
    let id = try #require(try await desk.post("inspector", "/v1/scans", scan).json["scanId"]?.string)
    #expect(try await desk.post("inspector", "/v1/inspections/I1/scans", #"{"scans":["\#(id)"]}"#).status == 201)
    #expect(try await desk.call("inspector", .post, "/v1/inspections/I1/attachments", bytes: pdf).status == 201)
    #expect(try await desk.post("inspector", "/v1/inspections/I1/endings", #"{"findings":"无"}"#).status == 201)
    let floor = try #require(Money(amount: "99.00", currency: "CNY"))
    try await shop.issuing.put(
      NewPricePolicy(
        id: "P", gtin: Shop.gtin(), regions: Territory("430000"), floor: floor, mode: .advise, basis: nil,
        since: shop.now, until: nil), by: .system)
    try await shop.issuing.add(
      NewTerminal(code: "T1", dealer: "A", region: RegionCode("430102"), name: "till"), by: .system)
    try await shop.pack([shop.loose(0), shop.loose(1)], into: shop.crate(0))
    try await shop.dispatch([shop.crate(0), shop.box(1)], number: "DN-9")
    shop.tick()
    _ = try await shop.issuing.correct(.openedBox(shop.box(1)), reason: "拆箱", by: Shop.actor)
    try await Sequencer(ledger).catchUp()
    try await attest(ledger)
  }

  /// The newest checkpoint gets a stamp of a real responder and a cosignature.
  private static func attest(_ ledger: Ledger) async throws {
    let head = try #require(try await ledger.store.read { try $0.lastCheckpoint() })
    let note = Array(head.note.utf8)
    let request = try TimeStampRequest(note: note, nonce: [1, 2, 3, 4, 5, 6, 7, 8], policy: Authority.policy)
    let answer = try Authority().answer(request.der)
    try await ledger.keep(TimeStampRow(size: head.size, authority: "tsa", at: 1_790_000_000_000, answer: answer))
    let signer = try NoteSigner(name: "w.example/1", seed: [UInt8](repeating: 3, count: 32), kind: .cosignatureV1)
    let line = try signer.cosign(Checkpoint(parsing: SignedNote(parsing: note).text), time: 1_790_000_000).line
    try await ledger.keep(
      CosignatureRow(size: head.size, witness: "w.example/1", at: 1_790_000_000_000, line: line))
  }

  /// What the audits say, as `yima audit` puts them together.
  private static func findings(_ world: World) async throws -> [String] {
    var found = try await Audit(world.ledger).run().defects
    found += try await AttestationAudit(world.ledger).run()
    return found
  }

  /// Each column of the first and of the last row gets another value; gives the columns where that failed.
  private static func change(_ table: String, _ world: World) async throws -> Set<String> {
    let columns = try await world.ledger.store.read { transaction in
      try transaction.all("SELECT name FROM pragma_table_info(?)", [.text(table)]) { $0.text(0) }
    }
    var refused: Set<String> = []
    for (column, order) in columns.flatMap({ [($0, ""), ($0, " DESC")] }) where !free.contains("\(table).\(column)") {
      let copy = try world.crashed()
      let other = """
        CASE typeof("\(column)") WHEN 'integer' THEN "\(column)" + 1000003 WHEN 'text' THEN "\(column)" || 'x'
        WHEN 'blob' THEN CAST("\(column)" || x'00' AS BLOB) ELSE 1 END
        """
      let row = "(\(key(table))) = (SELECT \(key(table)) FROM \"\(table)\" ORDER BY \(keys(table, order)) LIMIT 1)"
      do { try copy.edit("UPDATE \"\(table)\" SET \"\(column)\" = \(other) WHERE \(row)") } catch {
        refused.insert("\(table).\(column)")
        continue
      }
      #expect(try await !isClean(copy), "\(table).\(column)\(order) was changed and nothing was found")
    }
    return refused
  }

  /// The first and the last row are deleted; the newest checkpoint is for witnesses to miss (`RollbackTests`).
  private static func delete(_ table: String, _ world: World) async throws {
    for order in table == "checkpoint" ? [""] : ["", " DESC"] {
      let copy = try world.crashed()
      let row = "(\(key(table))) = (SELECT \(key(table)) FROM \"\(table)\" ORDER BY \(keys(table, order)) LIMIT 1)"
      try copy.edit("DELETE FROM \"\(table)\" WHERE \(row)")
      #expect(try await !isClean(copy), "a row of \(table) was deleted and nothing was found")
    }
  }

  /// A database that cannot be read as a ledger at all is no clean one.
  private static func isClean(_ world: World) async throws -> Bool {
    do { return try await findings(world).isEmpty } catch { return false }
  }

  private static func keys(_ table: String, _ order: String) -> String {
    key(table).split(separator: ", ").map { $0 + order }.joined(separator: ", ")
  }

  private static func key(_ table: String) -> String {
    switch table {
    case "tile": "level, number"
    case "checkpoint": "size"
    case "product": "gtin"
    case "dealer", "terminal": "code"
    case "price_policy": "id, version"
    case "track": "space, first"
    case "content": "parent_space, parent_serial, space, first"
    case "dispatch_unit": "dispatch, space, first"
    case "alert_event", "case_alert": "alert, event"
    case "alert_tally": "kind, rule, status, severity, decision, dealer, region"
    case "case_step": "file, event"
    case "attachment": "file, sha256"
    case "inspection_file": "inspection, sha256"
    case "inspection_scan": "scan"
    case "time_stamp": "size, authority"
    case "cosignature": "size, witness"
    default: "id"
    }
  }
}
