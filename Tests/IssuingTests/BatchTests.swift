import Codes
import Issuing
import Ledger
import Storage
import TestWorld
import Testing

@Suite("Batches are ranges")
struct BatchTests {
  @Test("a thousand million codes store under one kilobyte")
  func size() async throws {
    let shop = try await Shop.make()
    let before = try await bytes(shop)
    let batch = try await shop.issuing.issue(
      NewBatch(gtin: Shop.gtin(), quantity: 1_000_000_000, perBox: 24, profile: .compact), by: Shop.actor)
    #expect(try await bytes(shop) - before < 1024)
    #expect(batch.first == 160 && batch.count == 1_000_000_000 && batch.boxCount == 41_666_667)
    let codes = try #require(try await shop.issuing.codes(ofBatch: batch.id))
    let last = try codes.item(999_999_999).uri
    let life = try await shop.issuing.lookUp(last)
    #expect(life.batch?.id == batch.id)
    #expect(life.box == shop.world.ledger.resolver.uri(of: try codes.box(41_666_666)))
  }

  /// The size of every value of every row of every table, and of its key in each index.
  private func bytes(_ shop: Shop) async throws -> Int64 {
    try await shop.world.ledger.store.read { transaction in
      let tables = try transaction.all("SELECT name FROM sqlite_schema WHERE type = 'table'") { $0.text(0) }
      return try tables.reduce(0) { total, table in
        let columns = try transaction.all("SELECT name FROM pragma_table_info(?)", [.text(table)]) { $0.text(0) }
        let row = columns.map { "coalesce(length(CAST(\($0) AS BLOB)), 0) + 2" }.joined(separator: " + ")
        return total + (try transaction.first("SELECT coalesce(sum(\(row)), 0) FROM \(table)") { $0.int(0) } ?? 0)
      }
    }
  }

  @Test("batches take their numbers one after the other, boxes of all products of a company from one series")
  func numbering() async throws {
    let shop = try await Shop.make()
    try await shop.issuing.add(NewProduct(gtin: GTIN("06901234567908"), zh: "茶", en: "Tea"), by: .system)
    let tea = try await shop.issuing.issue(
      NewBatch(gtin: GTIN("06901234567908"), quantity: 10, perBox: 4, profile: .compact), by: Shop.actor)
    #expect(tea.first == 0 && tea.boxFirst == 18 && tea.boxCount == 3 && tea.boxSpace == shop.boxed.boxSpace)
    #expect(shop.mixed.first == 120 && shop.mixed.boxFirst == 10 && shop.mixed.perBox == nil)
    let codes = try #require(try await shop.issuing.codes(ofBatch: tea.id))
    let life = try await shop.issuing.lookUp(try codes.item(9).uri)
    #expect(life.product?.zh == "茶")
    #expect(life.box == shop.world.ledger.resolver.uri(of: try codes.box(2)))
    try await shop.checkWhole()
  }

  @Test("fifty batches at once share no number")
  func racing() async throws {
    let shop = try await Shop.make()
    let issuing = shop.issuing
    let rows = try await withThrowingTaskGroup(of: BatchRow.self) { group in
      for number in 1...50 as ClosedRange<Int64> {
        group.addTask {
          try await issuing.issue(
            NewBatch(gtin: Shop.gtin(), quantity: number, perBox: 7, profile: .compact), by: Shop.actor)
        }
      }
      return try await group.reduce(into: [BatchRow]()) { $0.append($1) }
    }
    let numbers = rows.flatMap { $0.first...$0.last }
    #expect(Set(numbers).count == numbers.count && numbers.count == 1275)
    #expect(numbers.min() == 160 && numbers.max() == 1434)
    #expect(Set(rows.map(\.id)).count == 50)
    try await shop.checkWhole()
  }

  @Test("the written codes are those that are looked up", arguments: SerialProfile.allCases)
  func files(_ profile: SerialProfile) async throws {
    let shop = try await Shop.make()
    let batch = try await shop.issuing.issue(
      NewBatch(gtin: Shop.gtin(), quantity: 30, perBox: 8, profile: profile), by: Shop.actor)
    let codes = try #require(try await shop.issuing.codes(ofBatch: batch.id))
    for place in 0..<30 as Range<Int64> {
      let (uri, serial) = try codes.item(place)
      #expect(serial.profile == profile && uri.hasSuffix(serial.description))
      let life = try await shop.issuing.lookUp(uri)
      #expect(life.uri == uri && life.batch?.id == batch.id)
      #expect(life.box == shop.world.ledger.resolver.uri(of: try codes.box(place / 8)))
    }
    #expect(try await shop.issuing.codes(ofBatch: 99)?.batch.id == nil)
    #expect(throws: CodeError.indexOutOfRange) { try codes.item((1 << 36) - batch.first) }
  }

  @Test("after a rotation a product counts again from 0 in the new epoch; old codes live on")
  func epochs() async throws {
    let shop = try await Shop.make()
    var keystore = shop.world.keystore
    var random = SeededGenerator(77)
    try keystore.rotateRoot(now: shop.now.seconds, random: &random)
    shop.world.ledger.use(keystore)
    let batch = try await shop.issuing.issue(
      NewBatch(gtin: Shop.gtin(), quantity: 10, profile: .compact), by: Shop.actor)
    #expect(batch.first == 0 && batch.space != shop.boxed.space)
    let codes = try #require(try await shop.issuing.codes(ofBatch: batch.id))
    try await shop.dispatch([try codes.item(3).uri, shop.item(3)])
    #expect(try await shop.life(try codes.item(3).uri).dealer == "A")
    #expect(try await shop.life(shop.item(3)).dealer == "A")
    #expect(try await shop.life(shop.item(4)).dealer == nil)
    try await shop.checkWhole()
  }

  @Test("a batch of strong serials is not reached by compact ones")
  func downgrade() async throws {
    let shop = try await Shop.make()
    let cipher = try shop.world.keystore.cipher(gtin: try Shop.gtin(), epoch: .first)
    let compact = try cipher.serial(index: UInt64(shop.mixed.first), profile: .compact)
    let code = shop.world.ledger.resolver.uri(of: cipher.gtin, serial: compact)
    try await shop.refused(.refused([Refusal(code: code, .notIssued)])) { _ = try await shop.issuing.lookUp(code) }
    #expect(try await shop.issuing.lookUp(shop.loose(0)).batch?.id == shop.mixed.id)
  }

  @Test("many single items in one dispatch make a long event, which the audit still reads")
  func longEvent() async throws {
    let shop = try await Shop.make()
    let batch = try await shop.issuing.issue(
      NewBatch(gtin: Shop.gtin(), quantity: 50_000, profile: .compact), by: Shop.actor)
    let units = stride(from: 0, to: 50_000, by: 2).map {
      UnitReference.range(batch: batch.id, level: .item, first: $0, last: $0)
    }
    shop.tick()
    let made = try await shop.issuing.dispatch([try shop.new(units)], by: Shop.actor)
    #expect(made.first?.row.items == 25_000 && made.first?.seals.count == 10_000 && made.first?.sealsOmitted == 15_000)
    let size = try await shop.world.ledger.store.read { transaction in
      try transaction.first("SELECT max(length(body)) FROM event") { $0.int(0) }
    }
    #expect(size ?? 0 > 1 << 20)
    try await shop.checkWhole()
  }
}
