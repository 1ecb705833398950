import Hummingbird
import Interchange
import Issuing
import Ledger
import Regions
import Spreadsheets
import Storage
import TransparencyLog

/// Dispatches, one by one as JSON or as a list from an ERP as CSV or XLSX.
struct DispatchRoutes {
  private let issuing: Issuing
  private let ledger: Ledger

  init(_ services: Services) {
    issuing = services.issuing
    ledger = services.ledger
  }

  private static let readers: Route.Access = .roles([.warehouse, .issuer, .compliance, .auditor])

  var routes: [Route] {
    [
      Route(
        .post, "/v1/dispatches", .roles([.warehouse, .issuer]),
        "Dispatch boxes, items and ranges to a dealer for territories, and seal them; all or none",
        bodies: [
          .json(Example.newDispatch, required: ["number", "dealer", "territories"]),
          .text("text/csv", "number,dealer,territories,code\nDN-2,D001,430000,\(Example.boxURI)\n"),
          .text(Table.workbookType, "(bytes)"),
        ], status: 201, answers: [.json(Example.dispatch)], handle: dispatch),
      Route(
        .get, "/v1/dispatches", Self.readers, "List dispatches", parameters: Example.paging,
        answers: [.json(Example.page(Example.dispatch))], handle: list),
      Route(
        .get, "/v1/dispatches/{id}", Self.readers, "A dispatch with its seals",
        parameters: [.path("id", "the dispatch", "D1")], answers: [.json(Example.dispatch)], handle: show),
    ]
  }

  private func dispatch(_ request: Request, _ call: Call) async throws -> Response {
    let type = request.headers[.contentType]?.lowercased() ?? ""
    if type.hasPrefix("text/csv") { return try await dispatchList(request, call, isWorkbook: false) }
    if type.hasPrefix(Table.workbookType) { return try await dispatchList(request, call, isWorkbook: true) }
    let body = try await FieldReader(request)
    let units = try body.units()
    let new = NewDispatch(
      number: try body.required("number").string(), dealer: try body.required("dealer").string(),
      territory: try body.required("territories").territory(), units: units,
      at: try body.optional("dispatchedAt")?.time())
    do {
      let made = try await issuing.dispatch(new, by: call.actor, id: try body.stepID(request))
      return .json(made.json, status: .created)
    } catch let error as IssuingError { throw Problem(error, pointer: units.pointer) }
  }

  private func dispatchList(_ request: Request, _ call: Call, isWorkbook: Bool) async throws -> Response {
    var request = request
    let bytes = Array(try await request.collectBody(upTo: RequestLimits.bodyMax).readableBytesView)
    let list: DispatchList
    do throws(DispatchListError) {
      list =
        isWorkbook
        ? try DispatchList(workbook: bytes, now: ledger.now()) : try DispatchList(csv: bytes, now: ledger.now())
    } catch { throw Problem(error) }
    do {
      let made = try await issuing.dispatch(list.dispatches, by: call.actor)
      return .json(["dispatches": .array(made.map(\.json))], status: .created)
    } catch { throw Problem(error, in: list) }
  }

  private func list(_ request: Request, _ call: Call) async throws -> Response {
    let paging = try Paging(request)
    let start = try paging.number(start: 0)
    let rows = try await ledger.answer { try $0.dispatches(after: start, limit: paging.limit) }
    return .json(paging.page(rows.map(\.json), next: rows.last.map { String($0.id) }))
  }

  private func show(_ request: Request, _ call: Call) async throws -> Response {
    let id = try call.number("id", prefix: "D")
    do {
      guard let found = try await issuing.seals(ofDispatch: id, limit: Issuing.sealsMax) else { throw Problem.notFound }
      return .json(found.row.json(with: found.seals))
    } catch let error as IssuingError { throw Problem(error) }
  }
}

extension Dispatched {
  fileprivate var json: JSONValue {
    guard sealsOmitted > 0, case .object(var object) = row.json(with: seals) else { return row.json(with: seals) }
    object["sealsOmitted"] = .integer(sealsOmitted)
    return .object(object)
  }
}

extension DispatchRow {
  fileprivate func json(with seals: [(code: String, uri: String)]) -> JSONValue {
    guard case .object(var object) = json else { return json }
    object["seals"] = .array(seals.map { ["code": .string($0.code), "uri": .string($0.uri)] })
    return .object(object)
  }
}
