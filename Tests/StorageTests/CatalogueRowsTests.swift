import Storage
import Testing

@Suite("Products, dealers, terminals, policies, batches and dispatches")
struct CatalogueRowsTests {
  private static let product = ProductRow(
    gtin: 6_901_234_567_892, zh: "酒", en: "liquor", amount: "129.00", currency: "CNY", series: "1.6901234")
  private static let dealer = DealerRow(code: "D1", name: "总代", tier: 1, parent: nil, territories: "430000")

  private func bench(_ engine: StoreUnderTest) async throws -> Bench {
    let bench = try await Bench.withEvent(engine)
    try await bench.store.write {
      try $0.addProduct(Self.product, event: 1)
      try $0.addDealer(Self.dealer, event: 1)
    }
    return bench
  }

  @Test("products", arguments: StoreUnderTest.all)
  func products(_ engine: StoreUnderTest) async throws {
    let bench = try await bench(engine)
    let other = ProductRow(gtin: 5, zh: "茶", en: "tea", amount: nil, currency: nil, series: "1.6905678")
    try await bench.store.write { try $0.addProduct(other, event: 1) }
    try await bench.store.read { transaction throws in
      let row = try transaction.product(Self.product.gtin)
      #expect(row?.zh == "酒" && row?.en == "liquor" && row?.amount == "129.00" && row?.currency == "CNY")
      #expect(row?.series == "1.6901234")
      #expect(try transaction.product(6)?.gtin == nil)
      #expect(try transaction.products(after: 0, limit: 9).map(\.gtin) == [5, Self.product.gtin])
      #expect(try transaction.products(after: 5, limit: 9).map(\.gtin) == [Self.product.gtin])
      #expect(try transaction.products(after: 0, limit: 1).map(\.amount) == [nil])
    }
  }

  @Test("dealers and terminals", arguments: StoreUnderTest.all)
  func dealers(_ engine: StoreUnderTest) async throws {
    let bench = try await bench(engine)
    try await bench.store.write {
      try $0.addDealer(DealerRow(code: "D2", name: "二", tier: 2, parent: "D1", territories: "430100"), event: 1)
      try $0.addTerminal(TerminalRow(code: "T1", dealer: "D2", region: "430102", name: "till"), event: 1)
      try $0.addTerminal(TerminalRow(code: "T2", dealer: nil, region: "430103", name: "free"), event: 1)
    }
    try await bench.store.read { transaction throws in
      let row = try transaction.dealer("D2")
      #expect(row?.name == "二" && row?.tier == 2 && row?.parent == "D1" && row?.territories == "430100")
      #expect(try transaction.dealer("D1")?.parent == nil)
      #expect(try transaction.dealer("D9")?.code == nil)
      #expect(try transaction.dealers(after: "D1", limit: 5).map(\.code) == ["D2"])
      let terminal = try transaction.terminal("T1")
      #expect(terminal?.dealer == "D2" && terminal?.region == "430102" && terminal?.name == "till")
      #expect(try transaction.terminals(after: "", limit: 5).map(\.dealer) == ["D2", nil])
      #expect(try transaction.terminal("T9")?.code == nil)
    }
  }

  @Test("a policy keeps its versions", arguments: StoreUnderTest.all)
  func policies(_ engine: StoreUnderTest) async throws {
    let bench = try await bench(engine)
    let rows = [("P", 1), ("P", 2), ("Q", 1)].map { id, version in
      PolicyRow(
        id: id, version: version, gtin: Self.product.gtin, regions: "430000", amount: "\(version)9.00",
        currency: "CNY", mode: version == 2 ? "enforce" : "advise", basis: version == 2 ? "licence" : nil, since: 5,
        until: version == 2 ? 9 : nil)
    }
    try await bench.store.write { transaction in for row in rows { try transaction.addPolicy(row, event: 1) } }
    try await bench.store.read { transaction throws in
      let newest = try transaction.policy("P")
      #expect(newest?.version == 2 && newest?.mode == "enforce" && newest?.basis == "licence")
      #expect(newest?.since == 5 && newest?.until == 9 && newest?.amount == "29.00" && newest?.regions == "430000")
      #expect(try transaction.policies(gtin: Self.product.gtin).map { "\($0.id)\($0.version)" } == ["P2", "P1", "Q1"])
      #expect(try transaction.policies(after: "", limit: 9).map { "\($0.id)\($0.version)" } == ["P2", "Q1"])
      #expect(try transaction.policies(after: "P", limit: 9).map(\.id) == ["Q"])
      #expect(try transaction.policy("R")?.id == nil)
    }
    let again = rows[0]
    let error = await #expect(throws: StorageError.self) {
      try await bench.store.write { try $0.addPolicy(again, event: 1) }
    }
    #expect(isConstraint(error))
  }

  @Test("a code finds its batch by one range search", arguments: StoreUnderTest.all)
  func batches(_ engine: StoreUnderTest) async throws {
    let bench = try await bench(engine)
    try await bench.store.write { transaction throws in
      let (items, boxes) = (try transaction.space("i"), try transaction.space("b"))
      for (id, first) in [(1, 0), (2, 100), (3, 200)] as [(Int64, Int64)] {
        #expect(try transaction.nextBatchID() == id)
        let row = BatchRow(
          id: id, gtin: Self.product.gtin, space: items, first: first, count: id == 2 ? 50 : 100, profile: "compact",
          boxSpace: id == 3 ? nil : boxes, boxFirst: id == 3 ? 0 : first / 10, boxCount: id == 3 ? 0 : 10,
          perBox: id == 3 ? nil : 10, created: 77)
        try transaction.addBatch(row, event: 1)
      }
    }
    try await bench.store.read { transaction throws in
      let row = try transaction.batch(2)
      #expect(row?.count == 50 && row?.last == 149 && row?.boxLast == 19 && row?.perBox == 10 && row?.created == 77)
      #expect(row?.profile == "compact" && row?.gtin == Self.product.gtin)
      let found = try [0, 99, 100, 149, 150, 199, 200, 299, 300, -1].map {
        try transaction.batch(ofItem: $0, space: 1)?.id
      }
      #expect(found == [1, 1, 2, 2, nil, nil, 3, 3, nil, nil])
      let ofBoxes = try [0, 9, 10, 19, 20].map { try transaction.batch(ofBox: $0, space: 2)?.id }
      #expect(ofBoxes == [1, 1, 2, 2, nil])
      #expect(try transaction.batch(ofItem: 0, space: 2)?.id == nil)
      #expect(try transaction.batches(after: 1, limit: 1).map(\.id) == [2])
      #expect(try transaction.batch(3)?.boxSpace == nil)
    }
  }

  @Test("a dispatch keeps its units; its number is taken once", arguments: StoreUnderTest.all)
  func dispatches(_ engine: StoreUnderTest) async throws {
    let bench = try await bench(engine)
    let row = DispatchRow(
      id: 1, number: "DN-1", dealer: "D1", territories: "430000", at: 5, items: 12, sealKey: "K", event: 1)
    try await bench.store.write { transaction throws in
      #expect(try transaction.nextDispatchID() == 1)
      try transaction.addDispatch(row, units: [(2, 5, 9), (2, 0, 3), (1, 7, 7)])
    }
    let again = DispatchRow(
      id: 2, number: "DN-1", dealer: "D1", territories: "430000", at: 5, items: 12, sealKey: "K", event: 1)
    let error = await #expect(throws: StorageError.self) {
      try await bench.store.write { try $0.addDispatch(again, units: []) }
    }
    #expect(isConstraint(error))
    try await bench.store.read { transaction throws in
      #expect(try transaction.nextDispatchID() == 2)
      let stored = try transaction.dispatch(number: "DN-1")
      #expect(stored?.id == 1 && stored?.dealer == "D1" && stored?.items == 12 && stored?.sealKey == "K")
      #expect(stored?.at == 5 && stored?.event == 1 && stored?.territories == "430000")
      #expect(try transaction.dispatch(2)?.id == nil)
      #expect(
        try transaction.units(ofDispatch: 1).map { [$0.space, $0.first, $0.last] } == [
          [1, 7, 7], [2, 0, 3], [2, 5, 9],
        ])
      #expect(try transaction.dispatches(after: 0, limit: 9).map(\.number) == ["DN-1"])
      #expect(try transaction.dispatches(after: 1, limit: 9).isEmpty)
    }
  }
}
