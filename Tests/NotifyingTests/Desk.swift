import Ledger
import Notifying
import Storage
import Synchronization
import TestWorld
import Testing
import TransparencyLog

/// A receiver without a network: answers as it is told, and remembers what came.
final class Receiver: Sendable {
  /// What came, with the fields by name.
  struct Message: Sendable {
    let url: String, headers: [String: String], body: [UInt8]
    var id: String { headers["webhook-id"] ?? "" }
    var json: JSONValue? { try? JSONValue(parsing: body) }

    /// Whether somebody who holds this secret believes it at this moment.
    func isBelieved(_ secret: WebhookSecret, at now: Timestamp) -> Bool {
      WebhookSignature.verify(
        id: id, timestamp: headers["webhook-timestamp"] ?? "", signatures: headers["webhook-signature"] ?? "",
        body: body, secret: secret, now: now.seconds)
    }
  }

  private let state = Mutex(
    (answer: Result<Courier.Answer, DeliveryFault>.success(.init(status: 204)), got: [Message]()))

  var messages: [Message] { state.withLock { $0.got } }
  var ids: [String] { messages.map(\.id) }
  func clear() { state.withLock { $0.got = [] } }
  func answers(_ status: Int, retryAfter: Int64? = nil) {
    state.withLock { $0.answer = .success(.init(status: status, retryAfter: retryAfter)) }
  }
  func fails(_ fault: DeliveryFault) { state.withLock { $0.answer = .failure(fault) } }

  var courier: Courier {
    Courier { [self] request throws(DeliveryFault) in
      let message = Message(
        url: request.url.description,
        headers: Dictionary(request.headers.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }), body: request.body)
      let answer = state.withLock { state in
        state.got.append(message)
        return state.answer
      }
      return try answer.get()
    }
  }
}

/// A world with a receiver and whoever tells it.
struct Desk: Sendable {
  let world: World
  let receiver = Receiver()
  let webhooks: Webhooks

  static let admin = Actor(key: 1, role: .admin)

  init(_ world: World) {
    self.world = world
    webhooks = Webhooks(world.ledger, courier: receiver.courier)
  }

  static func make() async throws -> Desk { Desk(try await World.make()) }

  var ledger: Ledger { world.ledger }

  /// Somebody who begins to tell, as a new process does; waits are the shortest.
  func notifier() -> Notifier { Notifier(webhooks) { 0 } }

  func add(_ types: [String] = ["alert.raised"], url: String = "https://hooks.example.com/y") async throws -> (
    id: Int64, secret: WebhookSecret
  ) {
    let made = try await webhooks.add(.init(url: url, types: types), by: Self.admin)
    return (made.view.row.id, made.secret)
  }

  /// Raises an alert; gives its number.
  @discardableResult
  func raise(dealer: String? = nil) async throws -> Int64 {
    let (ledger, now) = (world.ledger, world.clock.now)
    return try await ledger.store.write { transaction in
      let id = try transaction.nextAlertID()
      let event = try ledger.append(
        EventDraft(.alert, at: now, by: .system, data: ["alert": .integer(id), "kind": "diversion"]), transaction,
        recorded: now)
      try transaction.addAlert(
        AlertRow(
          id: id, identity: "test-\(id)", kind: "diversion", status: "open", severity: "serious", dealer: dealer,
          region: "440100", gtin: 6_901_234_567_892, raised: now.milliseconds, rule: "test/1", detail: Array("{}".utf8),
          event: event), events: [])
      return id
    }
  }

  /// Events that nobody is told of.
  func idle(_ count: Int) async throws {
    let (ledger, now) = (world.ledger, world.clock.now)
    try await ledger.store.write { transaction in
      for _ in 0..<count {
        try ledger.append(EventDraft(.void, at: now, by: .system, data: [:]), transaction, recorded: now)
      }
    }
  }

  func deliveries(_ id: Int64) async throws -> [DeliveryRow] {
    try await webhooks.deliveries(of: id, before: .max, limit: 1000)
  }

  func kinds() async throws -> [String] {
    try await ledger.store.read { try $0.all("SELECT kind FROM event ORDER BY id", [], { $0.text(0) }) }
  }
}
