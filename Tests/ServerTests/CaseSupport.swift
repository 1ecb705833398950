import Alerting
import Casework
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Ledger
import Server
import Storage
import TestWorld
import Testing
import TransparencyLog

/// A brand with cases: goods of dealer A, to be sold in Hunan, that an inspector found in Guangdong; a price alert; and
/// keys of all who work on them.
struct CaseDesk: Sendable {
  let shop: Shop
  let client: any TestClientProtocol
  let folder: String
  private let keys: [String: String]

  /// The people: name, role, dealer.
  private static let people: [(String, Role, String?)] = [
    ("li", .compliance, nil), ("wang", .compliance, nil), ("zhao", .compliance, nil), ("dealer", .dealer, "A"),
    ("other", .dealer, "B"), ("inspector", .inspector, nil), ("auditor", .auditor, nil), ("till", .terminal, nil),
  ]

  static func run(_ body: @escaping @Sendable (CaseDesk) async throws -> Void) async throws {
    let shop = try await Shop.make()
    let ledger = shop.world.ledger
    let folder = shop.world.folder + "/attachments"
    let alerting = AlertingEngine(ledger: ledger)
    var keys: [String: String] = [:]
    for (name, role, dealer) in people {
      keys[name] = try await Access(ledger).createKey(role: role, dealer: dealer, name: name).text
    }
    try await shop.dispatch([shop.box(0)], number: "DN-1")
    let application = Application(
      router: YimaServer.router(Services(ledger, alerting: alerting, attachments: folder)))
    try await application.test(.router) { [keys] client in
      let desk = CaseDesk(shop: shop, client: client, folder: folder, keys: keys)
      try await desk.scan()
      _ = try await alerting.catchUp()
      try await body(desk)
    }
  }

  /// An inspector reads an item of the box in Guangzhou, where dealer A may not sell what it was sent for Hunan.
  private func scan() async throws {
    shop.tick()
    let body =
      "{\"code\":\"\(shop.item(0))\",\"location\":{\"latitude\":23.13,\"longitude\":113.26,\"accuracyMeters\":20,"
      + "\"source\":\"gps\",\"datum\":\"WGS84\"}}"
    #expect(try await call("inspector", .post, "/v1/scans", body).status == 200)
  }

  func call(
    _ who: String, _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil, bytes: [UInt8]? = nil
  ) async throws -> Answer {
    var headers: HTTPFields = [.contentType: "application/json"]
    headers[.authorization] = keys[who].map { "Bearer \($0)" }
    let sent = bytes.map { ByteBuffer(bytes: $0) } ?? body.map { ByteBuffer(string: $0) }
    return try await client.execute(uri: path, method: method, headers: headers, body: sent) { response in
      Answer(
        status: response.status.code, headers: response.headers, bytes: Array(response.body.readableBytesView))
    }
  }

  func post(_ who: String, _ path: String, _ body: String) async throws -> Answer {
    shop.tick()
    return try await call(who, .post, path, body)
  }

  /// The number of a person's key.
  func number(_ who: String) async throws -> Int64 {
    let access = Access(shop.world.ledger)
    return try #require(try await access.actor(forKey: keys[who] ?? "")).key
  }

  /// An alert that a detector could have raised, about the first scan.
  func raise(_ kind: AlertKind, dealer: String?) async throws -> Int64 {
    let ledger = shop.world.ledger
    let now = shop.now
    return try await ledger.store.write { transaction in
      let scan = try transaction.first("SELECT min(id) FROM event WHERE kind = 'scan'") { $0.int(0) } ?? 0
      let id = try transaction.nextAlertID()
      let draft = EventDraft(
        .alert, at: now, by: .system, data: ["alert": .integer(id), "kind": .string(kind.rawValue)])
      let event = try ledger.append(draft, transaction, recorded: now)
      try transaction.addAlert(
        AlertRow(
          id: id, identity: "test-\(id)", kind: kind.rawValue, status: "open", severity: "warning", dealer: dealer,
          region: "440100", gtin: nil, raised: now.milliseconds, rule: "test/1",
          detail: Array("{\"occurredAt\":\"\(now)\"}".utf8), event: event),
        events: [scan])
      return id
    }
  }

  /// A case that was opened by li and told to the dealer.
  func notified() async throws -> String {
    #expect(try await post("li", "/v1/cases", #"{"alerts":["A1"]}"#).status == 201)
    #expect(try await post("li", "/v1/cases/C1/notifications", #"{"text":"请说明"}"#).status == 201)
    return "/v1/cases/C1"
  }

  /// A case that wang confirmed after the dealer had answered; gives its path.
  func confirmed() async throws -> String {
    let path = try await notified()
    #expect(try await post("dealer", "\(path)/answers", #"{"text":"是我们发的","admits":true}"#).status == 201)
    let answer = try await event(path, "caseAnswered")
    let body = #"{"outcome":"confirmed","reason":"经销商自认","proofs":[{"kind":"admission","event":\#(answer)}]}"#
    #expect(try await post("wang", "\(path)/decisions", body).status == 201)
    return path
  }

  /// The last event of a kind in a case's course.
  func event(_ path: String, _ kind: String) async throws -> Int64 {
    let steps = try await call("auditor", .get, path).json["steps"]?.array ?? []
    return try #require(steps.last { $0["kind"]?.string == kind }?["event"]?.int)
  }

  /// Everything that cases are made of, as text.
  func dump() async throws -> [String] {
    try await shop.world.ledger.store.read { transaction in
      var lines: [String] = []
      for table in ["event", "casefile", "case_alert", "case_step", "penalty", "attachment", "alert"] {
        let columns = try transaction.all("SELECT name FROM pragma_table_info(?)", [.text(table)]) { $0.text(0) }
        let row = columns.map { "quote(\($0))" }.joined(separator: " || ',' || ")
        lines += try transaction.all("SELECT \(row) FROM \(table) ORDER BY 1") { table + ":" + $0.text(0) }
      }
      return lines
    }
  }

  /// Expects a refusal with this reason, and that nothing changed.
  func refused(
    _ reason: String, _ who: String, _ path: String, _ body: String, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let before = try await dump()
    let answer = try await post(who, path, body)
    #expect(answer.status == 409 && answer.json["reason"]?.string == reason, sourceLocation: sourceLocation)
    #expect(answer.json["message"]?["zh"] != nil, sourceLocation: sourceLocation)
    #expect(try await dump() == before, sourceLocation: sourceLocation)
  }

  /// Expects that a field is named, and that nothing changed.
  func invalid(
    _ pointer: String, _ who: String, _ path: String, _ body: String, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let before = try await dump()
    let answer = try await post(who, path, body)
    #expect(
      answer.status == 422 && answer.json["pointer"]?.string == pointer, "\(answer.text)",
      sourceLocation: sourceLocation)
    #expect(try await dump() == before, sourceLocation: sourceLocation)
  }
}
