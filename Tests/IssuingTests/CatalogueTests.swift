import Codes
import Issuing
import Ledger
import Regions
import Storage
import TestWorld
import Testing
import TransparencyLog

@Suite("Products, dealers, terminals and price policies")
struct CatalogueTests {
  private func lastBody(_ shop: Shop) async throws -> JSONValue {
    let bytes = try await shop.world.ledger.store.read { transaction in
      try transaction.first("SELECT body FROM event ORDER BY id DESC LIMIT 1") { $0.blob(0) }
    }
    return try JSONValue(parsing: try #require(bytes))
  }

  @Test("a product is stored and recorded, with its price and the series of its boxes")
  func products() async throws {
    let shop = try await Shop.make()
    let generation = shop.world.ledger.catalogueGeneration
    let price = try #require(Money(amount: "129.00", currency: "CNY"))
    let row = try await shop.issuing.add(
      NewProduct(gtin: GTIN("06932345678900"), zh: "茶", en: "Tea", listPrice: price), by: Shop.actor)
    #expect(row.series == "1.69323456" && row.amount == "129.00" && row.currency == "CNY")
    #expect(shop.world.ledger.catalogueGeneration > generation)
    let body = try await lastBody(shop)
    #expect(body["kind"] == "product" && body["by"] == ["key": 2, "role": "warehouse"])
    #expect(
      body["data"] == [
        "gtin": "06932345678900", "name": ["zh": "茶", "en": "Tea"], "series": "1.69323456",
        "listPrice": ["amount": "129.00", "currency": "CNY"],
      ])
    let own = try await shop.issuing.add(
      NewProduct(gtin: GTIN("06901234567908"), zh: "x", en: "x", companyPrefix: "690123456789"), by: .system)
    #expect(own.series == "1.690123456789")
  }

  @Test("a dealer's and a terminal's names are commitments; their codes and places are public")
  func dealers() async throws {
    let shop = try await Shop.make()
    try await shop.issuing.add(
      NewDealer(code: "A3", name: "李四商行", tier: 2, parent: "A", territory: Territory("440300,430300")), by: .system)
    var body = try await lastBody(shop)
    #expect(body["data"] == ["code": "A3", "tier": 2, "parent": "A", "territories": ["430300", "440300"]])
    #expect(body["personal"]?["name"]?.string?.utf8.count == 43)
    try await shop.issuing.add(
      NewTerminal(code: "T1", dealer: "A3", region: RegionCode("430302"), name: "王五的手机"), by: .system)
    body = try await lastBody(shop)
    #expect(body["data"] == ["code": "T1", "dealer": "A3", "region": "430302"])
    #expect(!body.description.contains("王五"))
    try await shop.refused(.exists(field: "/code", code: "T1")) {
      try await shop.issuing.add(
        NewTerminal(code: "T1", dealer: nil, region: RegionCode("430302"), name: "x"), by: .system)
    }
    try await shop.checkWhole()
  }

  @Test("nine tiers of dealers and no tenth")
  func tiers() async throws {
    let shop = try await Shop.make()
    let territory = try Territory("430000")
    for tier in 2...9 as ClosedRange<Int64> {
      try await shop.issuing.add(
        NewDealer(
          code: "T\(tier)", name: "x", tier: tier, parent: tier == 2 ? "B" : "T\(tier - 1)", territory: territory),
        by: .system)
    }
    try await shop.refused(.invalid(field: "/tier", .tier(expected: 10))) {
      try await shop.issuing.add(
        NewDealer(code: "T10", name: "x", tier: 10, parent: "T9", territory: territory), by: .system)
    }
  }

  @Test("a price policy gets versions; the events say what each was")
  func policies() async throws {
    let shop = try await Shop.make()
    let floor = try #require(Money(amount: "99.00", currency: "CNY"))
    for (version, mode) in [(1, NewPricePolicy.Mode.advise), (2, .enforce), (3, .off)] as [(Int64, NewPricePolicy.Mode)]
    {
      let new = NewPricePolicy(
        id: "P", gtin: try Shop.gtin(), regions: try Territory("430000"), floor: floor, mode: mode,
        basis: mode == .enforce ? "exemption 5 %" : nil, since: shop.now,
        until: mode == .off ? shop.now.advanced(by: 1000) : nil)
      let row = try await shop.issuing.put(new, by: .system)
      #expect(row.version == version && row.mode == mode.rawValue)
      let data = try #require(try await lastBody(shop)["data"])
      #expect(data["version"] == .integer(version) && data["mode"] == .string(mode.rawValue))
      #expect(data["from"] == .string(shop.now.description))
      #expect((data["legalBasis"] == nil) == (mode != .enforce) && (data["to"] == nil) == (mode != .off))
    }
    try await shop.checkWhole()
  }
}
