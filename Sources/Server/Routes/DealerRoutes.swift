import Hummingbird
import Issuing
import Ledger
import Regions
import Storage
import TransparencyLog

/// What a dealer may know of its own trade: who is below it, what is on its way, what it holds, and the prices asked of
/// it. A dealer's key sees its own dealer and those below; a key bound to a region the dealers with a territory there,
/// and of theirs what is for that region.
struct DealerRoutes {
  private let issuing: Issuing
  private let ledger: Ledger

  init(_ services: Services) {
    issuing = services.issuing
    ledger = services.ledger
  }

  private static let readers: Route.Access = .roles([.dealer, .warehouse, .compliance, .auditor])
  private static let code = Route.Parameter.path("code", "the dealer's code", "D001")
  private static let incoming: JSONValue = [
    "event": 12, "kind": "dispatch", "number": "DN-1", "at": "2026-09-01T09:00:00Z", "territories": ["430000"],
    "itemCount": 1200, "unitCount": 100, "ranges": [["batch": "B1", "level": "box", "first": 0, "last": 99]],
    "units": .array([.string(Example.boxURI)]),
  ]
  private static let stock: JSONValue = [
    "dealer": "D001",
    "product": ["gtin": "06901234567892", "name": ["zh": "示例白酒 500ml", "en": "Example Baijiu 500 ml"]],
    "state": "received", "territories": ["430000"], "itemCount": 1200,
  ]

  var routes: [Route] {
    [
      Route(
        .get, "/v1/dealers/{code}/network", Self.readers, "A dealer and the dealers below it",
        parameters: [Self.code], answers: [.json(Example.page(Example.dealer))]
      ) { request, call in
        .json(Self.list(try await network(try Self.code(call), call).dealers.map(\.json)))
      },
      Route(
        .get, "/v1/dealers/{code}/incoming", Self.readers,
        "What is on its way to a dealer, oldest first, with the ranges that a receipt takes",
        parameters: [Self.code], answers: [.json(Example.page(Self.incoming))], handle: incoming),
      Route(
        .get, "/v1/dealers/{code}/stock", Self.readers,
        "What a dealer and those below it hold, by dealer, product, state and territories", parameters: [Self.code],
        answers: [.json(Example.page(Self.stock))], handle: stock),
      Route(
        .get, "/v1/dealers/{code}/price-policies", Self.readers,
        "The price policies that concern a dealer: not off, not over, in a region of its own",
        parameters: [Self.code], answers: [.json(Example.page(Example.policyAnswer))], handle: policies),
    ]
  }

  private static func code(_ call: Call) throws -> String { try call.path("code") }

  private static func list(_ items: [JSONValue]) -> JSONValue { ["items": .array(items), "next": nil] }

  /// The dealers from this one downwards as far as the caller's scope reaches, when the caller may look at it.
  private func network(_ code: String, _ call: Call) async throws -> (dealers: [DealerRow], scope: Scope) {
    let scope = try await ledger.answer { try Scope(call.actor, $0) }
    guard scope.holds(dealer: code) else { throw Problem.forbidden }
    let all: [DealerRow]
    do { all = try await issuing.network(of: code) } catch { throw Problem(error) }
    guard !all.isEmpty else { throw Problem.notFound }
    let found = try all.filter { try scope.meets(Territory.stored($0.territories)) }
    guard found.first?.code == code else { throw Problem.forbidden }
    return (found, scope)
  }

  private func incoming(_ request: Request, _ call: Call) async throws -> Response {
    let code = try Self.code(call)
    let scope = try await network(code, call).scope
    do {
      let goods = try await issuing.incoming(to: code).filter { try scope.meets(Territory.stored($0.territories)) }
      return .json(Self.list(goods.map(\.json)))
    } catch let error as IssuingError { throw Problem(error) }
  }

  private func stock(_ request: Request, _ call: Call) async throws -> Response {
    let code = try Self.code(call)
    let scope = try await network(code, call).scope
    do {
      let lines = try await issuing.stock(of: code).filter { try scope.meets(Territory.stored($0.territories)) }
      let numbers = Set(lines.map { Int64($0.gtin.value) })
      let products = try await ledger.answer { transaction in
        try numbers.compactMap { try transaction.product($0) }
      }
      let names = Dictionary(uniqueKeysWithValues: products.map { ($0.gtin, $0) })
      return .json(Self.list(lines.map { $0.json(names[Int64($0.gtin.value)]) }))
    } catch let error as IssuingError { throw Problem(error) }
  }

  private func policies(_ request: Request, _ call: Call) async throws -> Response {
    let code = try Self.code(call)
    let scope = try await network(code, call).scope
    do {
      let policies = try await issuing.policies(for: code).filter { try scope.meets(Territory.stored($0.regions)) }
      return .json(Self.list(policies.map(\.json)))
    } catch let error as IssuingError { throw Problem(error) }
  }
}

extension StockLine {
  fileprivate func json(_ product: ProductRow?) -> JSONValue {
    let names: JSONValue = product.map { row -> JSONValue in ["zh": .string(row.zh), "en": .string(row.en)] } ?? nil
    return [
      "dealer": .string(dealer), "product": ["gtin": .string(gtin.description), "name": names],
      "state": .string(state.name), "territories": territories.codeList, "itemCount": .integer(items),
    ]
  }
}

extension IncomingGoods {
  fileprivate var json: JSONValue {
    let data = (try? JSONValue(parsing: event.body))?["data"]
    var object: [String: JSONValue] = [
      "event": .integer(event.id), "kind": .string(event.kind), "at": event.at.time,
      "territories": territories.codeList, "itemCount": .integer(items), "unitCount": .integer(unitCount),
      "ranges": .array(
        units.compactMap { unit -> JSONValue? in
          guard case .range(let batch, let level, let first, let last) = unit else { return nil }
          return [
            "batch": .string("B\(batch)"), "level": .string(level.rawValue), "first": .integer(first),
            "last": .integer(last),
          ]
        }),
      "units": .array(samples.map(JSONValue.string)),
    ]
    object["number"] = data?["number"]
    object["from"] = data?["from"]
    return .object(object)
  }
}
