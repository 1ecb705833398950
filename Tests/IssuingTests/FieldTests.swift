import Codes
import Issuing
import Ledger
import Regions
import Storage
import TestWorld
import Testing

/// A request with a bad field, and the error that must name it.
struct BadField: Sendable, CustomTestStringConvertible {
  let what: String
  let error: IssuingError
  let attempt: @Sendable (Shop) async throws -> Void

  init(
    _ what: String, _ field: String, _ fault: InvalidField, _ attempt: @escaping @Sendable (Shop) async throws -> Void
  ) {
    self.init(what, .invalid(field: field, fault), attempt)
  }

  init(_ what: String, _ error: IssuingError, _ attempt: @escaping @Sendable (Shop) async throws -> Void) {
    self.what = what
    self.error = error
    self.attempt = attempt
  }

  var testDescription: String { what }
}

@Suite("A bad field is named, and nothing changes")
struct FieldTests {
  @Test("refused", arguments: BadField.catalogue + BadField.policies + BadField.batches + BadField.movements)
  func refused(_ bad: BadField) async throws {
    let shop = try await Shop.make()
    let products = try await shop.world.ledger.store.read { try $0.products(after: 0, limit: 9).count }
    try await shop.refused(bad.error) { try await bad.attempt(shop) }
    #expect(try await shop.world.ledger.store.read { try $0.products(after: 0, limit: 9).count } == products)
  }
}

extension BadField {
  private static func product(_ zh: String, _ en: String, prefix: String? = nil)
    -> @Sendable (Shop) async throws -> Void
  {
    {
      try await $0.issuing.add(
        NewProduct(gtin: GTIN("06901234567908"), zh: zh, en: en, companyPrefix: prefix), by: .system)
    }
  }

  private static func dealer(
    _ code: String, name: String = "新", tier: Int64 = 2, parent: String? = "A", _ territories: String = "430100"
  ) -> @Sendable (Shop) async throws -> Void {
    {
      let territory = try Territory(territories)
      try await $0.issuing.add(
        NewDealer(code: code, name: name, tier: tier, parent: parent, territory: territory), by: .system)
    }
  }

  private static func terminal(
    _ code: String, dealer: String? = nil, region: String = "430102", name: String = "till"
  ) -> @Sendable (Shop) async throws -> Void {
    {
      let region = try RegionCode(region)
      try await $0.issuing.add(NewTerminal(code: code, dealer: dealer, region: region, name: name), by: .system)
    }
  }

  private static let long = String(repeating: "长", count: 201)

  static let catalogue: [BadField] = [
    BadField("an empty Chinese name", "/name/zh", .length(max: 200), product("", "x")),
    BadField("a blank English name", "/name/en", .length(max: 200), product("x", "  \t")),
    BadField("a name that is too long", "/name/zh", .length(max: 200), product(long, "x")),
    BadField(
      "a name with a line break", "/name/zh", .characters(allowed: "no control characters"), product("a\nb", "x")),
    BadField(
      "a company prefix that is too short", "/companyPrefix", .code("wrong-length"), product("x", "x", prefix: "690")),
    BadField(
      "a company prefix with letters", "/companyPrefix", .code("bad-alphabet"), product("x", "x", prefix: "69O1234")),
    BadField("a product that is there", .exists(field: "/gtin", code: "06901234567892")) {
      try await $0.issuing.add(NewProduct(gtin: Shop.gtin(), zh: "x", en: "x"), by: .system)
    },
    BadField("a dealer without a code", "/code", .length(max: 32), dealer("")),
    BadField("a code of 33 characters", "/code", .length(max: 32), dealer(String(repeating: "A", count: 33))),
    BadField("a code with a space", "/code", .characters(allowed: "A-Z a-z 0-9 - _"), dealer("A B")),
    BadField("a Chinese code", "/code", .characters(allowed: "A-Z a-z 0-9 - _"), dealer("经销")),
    BadField("a dealer without a name", "/name", .length(max: 200), dealer("N", name: " ")),
    BadField("a dealer that is there", .exists(field: "/code", code: "A1"), dealer("A1")),
    BadField("a parent that is not there", .unknown(field: "/parent", code: "Z"), dealer("N", parent: "Z")),
    BadField("tier 2 below nobody", "/tier", .tier(expected: 1), dealer("N", parent: nil)),
    BadField("tier 1 below A", "/tier", .tier(expected: 2), dealer("N", tier: 1)),
    BadField("tier 3 below A", "/tier", .tier(expected: 2), dealer("N", tier: 3)),
    BadField(
      "a territory beyond the parent's", "/territories", .beyondParent("430000,440000"), dealer("N", "430100,510100")),
    BadField("an empty territory", "/territories", .territory(""), dealer("N", "")),
    BadField("a region that never was", "/territories/1", .territory("439900"), dealer("N", "430100,439900")),
    BadField("a terminal without a code", "/code", .length(max: 32), terminal("")),
    BadField("a terminal of an unknown dealer", .unknown(field: "/dealer", code: "Z"), terminal("T", dealer: "Z")),
    BadField("a terminal in no region", "/region", .territory("439900"), terminal("T", region: "439900")),
    BadField("a terminal without a name", "/name", .length(max: 200), terminal("T", name: "")),
  ]

  private static func policy(
    id: String = "P", gtin: String = "06901234567892", regions: String = "430000", mode: NewPricePolicy.Mode = .advise,
    basis: String? = nil, until: Int64? = nil
  ) -> @Sendable (Shop) async throws -> Void {
    { shop in
      let floor = try #require(Money(amount: "99.00", currency: "CNY"))
      let new = NewPricePolicy(
        id: id, gtin: try GTIN(gtin), regions: try Territory(regions), floor: floor, mode: mode, basis: basis,
        since: shop.now, until: until.map { shop.now.advanced(by: $0) })
      try await shop.issuing.put(new, by: .system)
    }
  }

  static let policies: [BadField] = [
    BadField("a policy without an id", "/id", .length(max: 32), policy(id: "")),
    BadField("a policy enforced without a legal basis", "/legalBasis", .basisMissing, policy(mode: .enforce)),
    BadField("a blank legal basis", "/legalBasis", .length(max: 200), policy(mode: .enforce, basis: "  ")),
    BadField("a policy that ends as it begins", "/to", .endsBeforeItBegins, policy(until: 0)),
    BadField("a policy that ends before it begins", "/to", .endsBeforeItBegins, policy(until: -1)),
    BadField("a policy nowhere", "/regions", .territory(""), policy(regions: "")),
    BadField(
      "a policy of an unknown product", .unknown(field: "/gtin", code: "06901234567908"), policy(gtin: "06901234567908")
    ),
  ]

  private static func batch(
    _ quantity: Int64, perBox: Int64? = nil, boxes: Int64? = nil, gtin: String = "06901234567892"
  ) -> @Sendable (Shop) async throws -> Void {
    {
      let new = NewBatch(gtin: try GTIN(gtin), quantity: quantity, perBox: perBox, boxes: boxes, profile: .compact)
      _ = try await $0.issuing.issue(new, by: Shop.actor)
    }
  }

  private static let space = Int64(1) << 36

  static let batches: [BadField] = [
    BadField("an empty batch", "/quantity", .range(1, space), batch(0)),
    BadField("a negative batch", "/quantity", .range(1, space), batch(-5)),
    BadField("a batch beyond the index space", "/quantity", .range(1, space), batch(space + 1)),
    BadField("a batch beyond what is left", "/quantity", .range(1, space - 160), batch(space - 159)),
    BadField("boxes of nothing", "/perBox", .range(1, 100_000), batch(5, perBox: 0)),
    BadField("boxes too large", "/perBox", .range(1, 100_000), batch(5, perBox: 100_001)),
    BadField("boxes said twice", "/boxes", .characters(allowed: "only without perBox"), batch(5, perBox: 1, boxes: 5)),
    BadField("no boxes", "/boxes", .range(1, space), batch(5, boxes: 0)),
    BadField("more boxes than the series has", "/boxes", .range(0, 999_999_982), batch(5, boxes: 999_999_983)),
    BadField(
      "more pre-assigned boxes than the series has", "/perBox", .range(0, 999_999_982), batch(999_999_983, perBox: 1)),
    BadField(
      "a batch of an unknown product", .unknown(field: "/gtin", code: "06901234567908"),
      batch(5, gtin: "06901234567908")),
  ]

  static let movements: [BadField] = [
    BadField("a dispatch without a number", "/number", .length(max: 64)) {
      try await $0.dispatch([$0.box(0)], number: "")
    },
    BadField("a number of 65 characters", "/number", .length(max: 64)) {
      try await $0.dispatch([$0.box(0)], number: String(repeating: "单", count: 65))
    },
    BadField("a number with a space", "/number", .characters(allowed: "no spaces or control characters")) {
      try await $0.dispatch([$0.box(0)], number: "DN 1")
    },
    BadField("an unknown dealer", .unknown(field: "/dealer", code: "Z")) {
      try await $0.dispatch([$0.box(0)], to: "Z")
    },
    BadField("a dispatch to nowhere", "/territories", .territory("")) { try await $0.dispatch([$0.box(0)], "") },
    BadField("a dispatch to a region that never was", "/territories/0", .territory("439900")) {
      try await $0.dispatch([$0.box(0)], "439900")
    },
    BadField("a dispatch in the future", "/dispatchedAt", .future) {
      _ = try await $0.issuing.dispatch(
        [try $0.new([.code($0.box(0))], at: $0.now.advanced(by: 600_001))], by: Shop.actor)
    },
    BadField("more units than a call may have", "/units", .tooMany(max: 100_000)) {
      let units = [UnitReference](repeating: .code(""), count: 100_001)
      _ = try await $0.issuing.dispatch([try $0.new(units)], by: Shop.actor)
    },
    BadField("more units than a step may have", "/units", .tooMany(max: 100_000)) {
      let units = [UnitReference](repeating: .code(""), count: 100_001)
      try await $0.issuing.receive(units, dealer: "A", by: Shop.actor)
    },
    BadField("more children than a box may be given", "/children", .tooMany(max: 100_000)) {
      try await $0.pack([String](repeating: "", count: 100_001), into: $0.crate(0))
    },
    BadField("packing in the future", "/at", .future) {
      try await $0.issuing.pack(
        parent: $0.crate(0), children: [$0.loose(0)], at: $0.now.advanced(by: 600_001), by: Shop.actor)
    },
    BadField("receiving in the future", "/at", .future) {
      try await $0.issuing.receive([], dealer: "A", at: $0.now.advanced(by: 600_001), by: Shop.actor)
    },
    BadField("receiving by an unknown dealer", .unknown(field: "/dealer", code: "Z")) {
      try await $0.receive([$0.box(0)], by: "Z")
    },
    BadField("passing on from an unknown dealer", .unknown(field: "/from", code: "Z")) {
      try await $0.transfer([$0.box(0)], from: "Z")
    },
    BadField("passing on to an unknown dealer", .unknown(field: "/to", code: "Z")) {
      try await $0.transfer([$0.box(0)], to: "Z")
    },
    BadField("taking back without a reason", "/reason", .length(max: 200)) {
      try await $0.issuing.takeBack([.code($0.box(0))], dealer: nil, reason: "", by: Shop.actor)
    },
    BadField("voiding without a reason", "/reason", .length(max: 200)) {
      try await $0.issuing.void([.code($0.box(0))], reason: " ", by: Shop.actor)
    },
    BadField("codes before the first of a batch", "/from", .range(0, 120)) {
      _ = try await $0.issuing.codes(ofBatch: 1)?.lines(.txt, first: -1)
    },
    BadField("codes beyond the last of a batch", "/from", .range(0, 120)) {
      _ = try await $0.issuing.codes(ofBatch: 1)?.lines(.txt, first: 121)
    },
  ]
}
