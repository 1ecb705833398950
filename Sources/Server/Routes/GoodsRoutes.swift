import Hummingbird
import Issuing
import Ledger
import Storage
import TransparencyLog

/// What happens to goods in the house and after dispatch: packing, receipt, transfer, sale, return, void; and the life
/// of a code.
struct GoodsRoutes {
  private let issuing: Issuing
  private let ledger: Ledger

  init(_ services: Services) {
    issuing = services.issuing
    ledger = services.ledger
  }

  private static let house: Route.Access = .roles([.warehouse, .issuer])
  private static let trade: Route.Access = .roles([.warehouse, .dealer, .terminal])
  private static let done: [Route.Body] = [.json(["itemCount": 12])]

  var routes: [Route] {
    [
      Route(
        .post, "/v1/packings", Self.house, "Pack items or boxes into a box",
        bodies: [.json(Example.packing, required: ["parent", "children"])], status: 201,
        answers: [.json(["count": 1])], handle: pack),
      Route(
        .post, "/v1/unpackings", Self.house, "Take items or boxes out of a box",
        bodies: [.json(Example.packing, required: ["parent", "children"])], status: 201,
        answers: [.json(["count": 1])], handle: unpack),
      Route(
        .post, "/v1/receipts", Self.trade, "A dealer receives goods",
        bodies: [.json(Example.step, required: ["dealer"])], status: 201, answers: Self.done, handle: receive),
      Route(
        .post, "/v1/transfers", Self.trade, "Goods are passed down to a dealer below",
        bodies: [.json(Example.transfer, required: ["from", "to"])], status: 201, answers: Self.done,
        handle: transfer),
      Route(
        .post, "/v1/sales", Self.trade, "A dealer sells goods to a person",
        bodies: [.json(Example.step, required: ["dealer"])], status: 201, answers: Self.done, handle: sell),
      Route(
        .post, "/v1/returns", Self.trade, "Goods come back to the brand",
        bodies: [.json(Example.withReason, required: ["reason"])], status: 201, answers: Self.done,
        handle: takeBack),
      Route(
        .post, "/v1/voids", Self.house, "Codes are made void",
        bodies: [.json(Example.withReason, required: ["reason"])], status: 201, answers: Self.done, handle: void),
      Route(
        .get, "/v1/codes/lookup", .roles([.issuer, .warehouse, .compliance, .auditor, .inspector, .dealer]),
        "The life of a code: state, batch, box, bindings, events",
        parameters: [.query("code", "the code in any form a reader gives", Example.itemURI)],
        answers: [.json(["code": .string(Example.itemURI), "state": "dispatched", "events": []])], failures: [409: []],
        handle: lookUp),
    ]
  }

  private func pack(_ request: Request, _ call: Call) async throws -> Response {
    let (parent, children, at, id) = try await packing(request)
    do {
      let count = try await issuing.pack(parent: parent, children: children, at: at, by: call.actor, id: id)
      return .json(["count": .integer(Int64(count))], status: .created)
    } catch { throw Problem(error) { "/children/\($0)" } }
  }

  private func unpack(_ request: Request, _ call: Call) async throws -> Response {
    let (parent, children, at, id) = try await packing(request)
    do {
      let count = try await issuing.unpack(parent: parent, children: children, at: at, by: call.actor, id: id)
      return .json(["count": .integer(Int64(count))], status: .created)
    } catch { throw Problem(error) { "/children/\($0)" } }
  }

  private func packing(_ request: Request) async throws -> (String, [String], Timestamp?, StepID?) {
    let body = try await FieldReader(request)
    let children = try body.required("children").array().map { try $0.string() }
    return (
      try body.required("parent").string(), children, try body.optional("at")?.time(), try body.stepID(request)
    )
  }

  private func receive(_ request: Request, _ call: Call) async throws -> Response {
    let body = try await FieldReader(request)
    let dealer = try Self.own(try body.required("dealer"), call)
    let (units, at, id) = (try body.units(), try body.optional("at")?.time(), try body.stepID(request))
    return try await answer(call, units) { () async throws(IssuingError) in
      try await issuing.receive(units, dealer: dealer, at: at, by: call.actor, id: id)
    }
  }

  private func sell(_ request: Request, _ call: Call) async throws -> Response {
    let body = try await FieldReader(request)
    let dealer = try Self.own(try body.required("dealer"), call)
    let (units, at, id) = (try body.units(), try body.optional("at")?.time(), try body.stepID(request))
    return try await answer(call, units) { () async throws(IssuingError) in
      try await issuing.sell(units, dealer: dealer, at: at, by: call.actor, id: id)
    }
  }

  private func transfer(_ request: Request, _ call: Call) async throws -> Response {
    let body = try await FieldReader(request)
    let from = try Self.own(try body.required("from"), call)
    let to = try body.required("to").string()
    let (units, at, id) = (try body.units(), try body.optional("at")?.time(), try body.stepID(request))
    return try await answer(call, units) { () async throws(IssuingError) in
      try await issuing.transfer(units, from: from, to: to, at: at, by: call.actor, id: id)
    }
  }

  private func takeBack(_ request: Request, _ call: Call) async throws -> Response {
    let body = try await FieldReader(request)
    let dealer = try (body.optional("dealer") ?? body.optional("from")).map { try Self.own($0, call) }
    if call.actor.dealer != nil, dealer == nil { throw Problem.field("/dealer", "is required") }
    let reason = try body.required("reason").string()
    let (units, at, id) = (try body.units(), try body.optional("at")?.time(), try body.stepID(request))
    return try await answer(call, units) { () async throws(IssuingError) in
      try await issuing.takeBack(units, dealer: dealer, reason: reason, at: at, by: call.actor, id: id)
    }
  }

  private func void(_ request: Request, _ call: Call) async throws -> Response {
    let body = try await FieldReader(request)
    let reason = try body.required("reason").string()
    let (units, at, id) = (try body.units(), try body.optional("at")?.time(), try body.stepID(request))
    return try await answer(call, units) { () async throws(IssuingError) in
      try await issuing.void(units, reason: reason, at: at, by: call.actor, id: id)
    }
  }

  /// A dealer's key acts for its own dealer only.
  private static func own(_ field: FieldReader, _ call: Call) throws -> String {
    let dealer = try field.string()
    if let own = call.actor.dealer, own != dealer { throw Problem.forbidden }
    return dealer
  }

  private func answer(
    _ call: Call, _ units: [UnitReference], _ step: () async throws(IssuingError) -> Int64
  ) async throws -> Response {
    do { return .json(["itemCount": .integer(try await step())], status: .created) } catch {
      throw Problem(error.seen(by: call.actor), pointer: units.pointer)
    }
  }

  private func lookUp(_ request: Request, _ call: Call) async throws -> Response {
    guard let code = request.uri.queryParameters["code"].map(String.init) else {
      throw Problem.field("code", "is required")
    }
    do {
      let life = try await issuing.lookUp(code)
      guard let own = call.actor.dealer else { return .json(life.json) }
      guard life.lives.contains(where: { $0.dealer == own }) else { throw Problem.forbidden }
      return .json(life.seen(by: own).json)
    } catch let error as IssuingError { throw Problem(error) }
  }
}
