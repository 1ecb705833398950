import Hummingbird
import Issuing
import Ledger
import Storage
import TransparencyLog

/// Products, dealers, terminals and price policies.
struct CatalogueRoutes {
  private let issuing: Issuing
  private let ledger: Ledger

  init(_ services: Services) {
    issuing = services.issuing
    ledger = services.ledger
  }

  private static let readers: Route.Access = .roles([.issuer, .warehouse, .compliance, .auditor, .inspector])

  var routes: [Route] {
    [
      Route(
        .post, "/v1/products", .roles([.issuer]), "Add a product",
        bodies: [.json(Example.product, required: ["gtin", "name"])], status: 201,
        answers: [.json(Example.product)], handle: addProduct),
      Route(
        .get, "/v1/products", Self.readers, "List products", parameters: Example.paging,
        answers: [.json(Example.page(Example.product))], handle: products),
      Route(
        .post, "/v1/dealers", .roles([.issuer]), "Add a dealer below its parent",
        bodies: [.json(Example.dealer, required: ["code", "name", "tier", "territories"])], status: 201,
        answers: [.json(Example.dealer)], handle: addDealer),
      Route(
        .get, "/v1/dealers", Self.readers, "List dealers", parameters: Example.paging,
        answers: [.json(Example.page(Example.dealer))], handle: dealers),
      Route(
        .post, "/v1/terminals", .roles([.issuer]), "Register a terminal",
        bodies: [.json(Example.terminal, required: ["code", "region", "name"])], status: 201,
        answers: [.json(Example.terminal)], handle: addTerminal),
      Route(
        .get, "/v1/terminals", Self.readers, "List terminals", parameters: Example.paging,
        answers: [.json(Example.page(Example.terminal))], handle: terminals),
      Route(
        .put, "/v1/price-policies/{id}", .roles([.compliance]), "Set a price policy (a new version of it)",
        parameters: [.path("id", "the policy's id", "PP-1")],
        bodies: [.json(Example.policy, required: ["gtin", "regions", "floor", "mode", "from"])],
        answers: [.json(Example.policyAnswer)], handle: putPolicy),
      Route(
        .get, "/v1/price-policies", Self.readers, "List price policies in their newest version",
        parameters: Example.paging, answers: [.json(Example.page(Example.policyAnswer))], handle: policies),
    ]
  }

  private func addProduct(_ request: Request, _ call: Call) async throws -> Response {
    let body = try await FieldReader(request)
    let names = try body.required("name").object()
    let zh = try names.required("zh").string()
    let product = NewProduct(
      gtin: try body.required("gtin").gtin(), zh: zh, en: try names.optional("en")?.string() ?? zh,
      listPrice: try body.optional("listPrice")?.money(),
      companyPrefix: try body.optional("companyPrefix")?.string())
    do { return .json(try await issuing.add(product, by: call.actor).json, status: .created) } catch {
      throw Problem(error)
    }
  }

  private func products(_ request: Request, _ call: Call) async throws -> Response {
    let paging = try Paging(request)
    let start = try paging.number(start: -1)
    let rows = try await ledger.answer { try $0.products(after: start, limit: paging.limit) }
    return .json(paging.page(rows.map(\.json), next: rows.last.map { String($0.gtin) }))
  }

  private func addDealer(_ request: Request, _ call: Call) async throws -> Response {
    let body = try await FieldReader(request)
    let dealer = NewDealer(
      code: try body.required("code").string(), name: try body.required("name").string(),
      tier: try body.required("tier").int(), parent: try body.optional("parent")?.string(),
      territory: try body.required("territories").territory())
    do { try await issuing.add(dealer, by: call.actor) } catch { throw Problem(error) }
    let row = DealerRow(
      code: dealer.code, name: dealer.name, tier: dealer.tier, parent: dealer.parent,
      territories: dealer.territory.description)
    return .json(row.json, status: .created)
  }

  private func dealers(_ request: Request, _ call: Call) async throws -> Response {
    let paging = try Paging(request)
    let rows = try await ledger.answer { try $0.dealers(after: paging.cursor, limit: paging.limit) }
    return .json(paging.page(rows.map(\.json), next: rows.last?.code))
  }

  private func addTerminal(_ request: Request, _ call: Call) async throws -> Response {
    let body = try await FieldReader(request)
    let terminal = NewTerminal(
      code: try body.required("code").string(), dealer: try body.optional("dealer")?.string(),
      region: try body.required("region").region(), name: try body.required("name").string())
    do { try await issuing.add(terminal, by: call.actor) } catch { throw Problem(error) }
    let row = TerminalRow(
      code: terminal.code, dealer: terminal.dealer, region: terminal.region.description, name: terminal.name)
    return .json(row.json, status: .created)
  }

  private func terminals(_ request: Request, _ call: Call) async throws -> Response {
    let paging = try Paging(request)
    let rows = try await ledger.answer { try $0.terminals(after: paging.cursor, limit: paging.limit) }
    return .json(paging.page(rows.map(\.json), next: rows.last?.code))
  }

  private func putPolicy(_ request: Request, _ call: Call) async throws -> Response {
    let body = try await FieldReader(request)
    let policy = NewPricePolicy(
      id: try call.path("id"), gtin: try body.required("gtin").gtin(),
      regions: try body.required("regions").territory(), floor: try body.required("floor").money(),
      mode: try body.optional("mode")?.word(NewPricePolicy.Mode.self) ?? .off,
      basis: try body.optional("legalBasis")?.string(),
      since: try body.optional("from")?.time() ?? ledger.now(), until: try body.optional("to")?.time())
    do { return .json(try await issuing.put(policy, by: call.actor).json) } catch { throw Problem(error) }
  }

  private func policies(_ request: Request, _ call: Call) async throws -> Response {
    let paging = try Paging(request)
    let rows = try await ledger.answer { try $0.policies(after: paging.cursor, limit: paging.limit) }
    return .json(paging.page(rows.map(\.json), next: rows.last?.id))
  }
}
