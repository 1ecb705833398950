import Hummingbird
import Ledger
import Server
import TransparencyLog

/// One kind of thing that is set up: its list, its form, and the API's routes for both.
struct Register: Sendable {
  /// The end of its address, and the phrases `reg_<slug>` (many) and `regNew_<slug>` (a new one).
  let slug: String
  /// The API's path of the list.
  let api: String
  let form: Form
  /// Members of an item that the table shows: path and the phrase of the heading.
  let columns: [(path: String, label: String)]
  /// Who may look and who may add, besides the administrator.
  let readers: [Role], writers: [Role]
  /// The field that stands in the path of a PUT; a POST to the list without one.
  var putBy: String?

  private static let catalogueReaders: [Role] = [.issuer, .warehouse, .compliance, .auditor, .inspector]
  private static let roles = ["admin", "issuer", "warehouse", "inspector", "compliance", "dealer", "auditor"]

  /// All of them, in the order in which a new installation is set up.
  static let all: [Register] = [
    Register(
      slug: "products", api: "/v1/products",
      form: Form(fields: [
        Field("gtin", "gtin", isRequired: true, hint: "gtinHint"), Field("name.zh", "nameZh", isRequired: true),
        Field("name.en", "nameEn"), Field("listPrice.amount", "listPrice", .decimal),
        Field("listPrice.currency", "currency", hint: "currencyHint"),
      ]),
      columns: [
        ("gtin", "gtin"), ("name.zh", "nameZh"), ("name.en", "nameEn"), ("listPrice", "listPrice"),
        ("boxSeries", "boxSeries"),
      ], readers: catalogueReaders, writers: [.issuer]),
    Register(
      slug: "dealers", api: "/v1/dealers",
      form: Form(fields: [
        Field("code", "codeField", isRequired: true), Field("name", "name", isRequired: true),
        Field("tier", "tier", .integer, isRequired: true), Field("parent", "parent"),
        Field("territories", "territories", .regions, isRequired: true, hint: "territoriesHint"),
      ]),
      columns: [
        ("code", "codeField"), ("name", "name"), ("tier", "tier"), ("parent", "parent"), ("territories", "territories"),
      ], readers: catalogueReaders, writers: [.issuer]),
    Register(
      slug: "terminals", api: "/v1/terminals",
      form: Form(fields: [
        Field("code", "codeField", isRequired: true), Field("name", "name", isRequired: true),
        Field("dealer", "dealer"), Field("region", "region", .region, isRequired: true, hint: "regionHint"),
      ]),
      columns: [("code", "codeField"), ("name", "name"), ("dealer", "dealer"), ("region", "region")],
      readers: catalogueReaders, writers: [.issuer]),
    Register(
      slug: "price-policies", api: "/v1/price-policies",
      form: Form(fields: [
        Field("id", "codeField", isRequired: true), Field("gtin", "gtin", isRequired: true),
        Field("regions", "policyRegions", .regions, isRequired: true, hint: "territoriesHint"),
        Field("floor.amount", "floor", .decimal, isRequired: true),
        Field("floor.currency", "currency", hint: "currencyHint"),
        Field("mode", "mode", .choice(["off", "advise", "enforce"], prefix: "mode"), isRequired: true),
        Field("legalBasis", "legalBasis", .longText, hint: "legalBasisHint"),
        Field("from", "inForceFrom", .moment, isRequired: true), Field("to", "inForceUntil", .moment),
      ]),
      columns: [
        ("id", "codeField"), ("version", "version"), ("gtin", "gtin"), ("regions", "policyRegions"), ("floor", "floor"),
        ("mode", "mode"), ("from", "inForceFrom"), ("to", "inForceUntil"), ("legalBasis", "legalBasis"),
      ], readers: catalogueReaders, writers: [.compliance], putBy: "id"),
    Register(
      slug: "users", api: "/v1/users",
      form: Form(fields: [
        Field("name", "userName", isRequired: true),
        Field("password", "password", .password, hint: "passwordHint"),
        Field("subject", "subject", hint: "subjectHint"),
        Field("role", "roleLabel", .choice(roles, prefix: "role"), isRequired: true), Field("dealer", "dealer"),
        Field("region", "region", .region, hint: "scopeHint"),
      ]),
      columns: [
        ("name", "userName"), ("role", "roleLabel"), ("dealer", "dealer"), ("region", "region"),
        ("subject", "subject"), ("usesCodes", "oneTimeCodes"), ("sessions", "sessions"), ("disabled", "disabled"),
      ], readers: [], writers: []),
    Register(
      slug: "keys", api: "/v1/keys",
      form: Form(fields: [
        Field("name", "name"),
        Field("role", "roleLabel", .choice(roles + ["terminal"], prefix: "role"), isRequired: true),
        Field("dealer", "dealer"), Field("region", "region", .region, hint: "scopeHint"),
      ]),
      columns: [
        ("id", "keyNumber"), ("name", "name"), ("role", "roleLabel"), ("dealer", "dealer"), ("region", "region"),
        ("createdAt", "created"), ("revoked", "revoked"),
      ], readers: [], writers: []),
  ]

  /// Whether lists of it can be imported. People and keys are made one by one.
  var isImportable: Bool { !["users", "keys"].contains(slug) }

  /// A cell as the table shows it.
  func cell(_ item: JSONValue, _ path: String, _ visit: Visit) -> String {
    let value = item.get(path) ?? .null
    if path == "region" || path == "regions" || path == "territories" {
      let codes = value.array?.compactMap(\.string) ?? value.string.map { [$0] } ?? []
      return codes.map { "\(visit.region($0)) (\($0))" }.joined(separator: visit.t("comma"))
    }
    if path == "role" { return visit.t("role_" + value.cell) }
    if path == "mode" { return visit.t("mode_" + value.cell) }
    if path.hasSuffix("At") || path == "from" || path == "to" { return visit.time(value.string) }
    if value["amount"] != nil, value["currency"] != nil { return visit.money(value) }
    return value.cell
  }

  /// Adds one, as the API takes it.
  func add(_ body: JSONValue, _ visit: Visit) async throws -> JSONValue {
    var body = body
    // A price without a currency is in yuan, as the form says.
    for name in ["listPrice", "floor"] where body[name] != nil && body[name]?["currency"] == nil {
      body.set([name, "currency"], "CNY")
    }
    guard let putBy else { return try await visit.api(.post, api, Query(), body) }
    let id = body[putBy]?.string ?? ""
    body[putBy] = nil
    return try await visit.api(.put, api + "/" + Query.escape(id), Query(), body)
  }
}
