import Codes
import Ledger
import Storage
import TestWorld
import Testing

@Suite("What is in which box")
struct ContentsTests {
  private static let items = Run(space: 1, first: 0, last: 99)
  private static let boxes = Run(space: 2, first: 0, last: 19)

  /// 100 items, 10 a box in boxes 0–9 by the batch's rule; boxes 10–19 are empty.
  private func world() async throws -> World {
    let world = try await World.make()
    try await world.ledger.store.write { transaction in
      let product = ProductRow(gtin: 5, zh: "", en: "", amount: nil, currency: nil, series: "1.6901234")
      try transaction.addProduct(product, event: 1)
      _ = try transaction.take(100, from: transaction.space("i:06901234567892:0"))
      _ = try transaction.take(20, from: transaction.space("b:1.6901234"))
      let batch = BatchRow(
        id: 1, gtin: 5, space: 1, first: 0, count: 100, profile: "compact", boxSpace: 2, boxFirst: 0, boxCount: 10,
        perBox: 10, created: 0)
      let loose = BatchRow(
        id: 2, gtin: 5, space: 9, first: 0, count: 1, profile: "compact", boxSpace: 2, boxFirst: 10, boxCount: 10,
        perBox: nil, created: 0)
      _ = try transaction.run("INSERT INTO space (id, key, next) VALUES (9, 'i:06901234567892:1', 1)")
      try transaction.addBatch(batch, event: 1)
      try transaction.addBatch(loose, event: 1)
      let life = Life(state: .issued, at: Timestamp(milliseconds: 0), recorded: Timestamp(milliseconds: 0), event: 1)
      for run in [Self.items, Self.boxes] { try LifeMap(transaction).begin(run, life) }
    }
    return world
  }

  /// Puts a run into a box (nil: takes it out) as packing does.
  private func put(_ run: Run, into box: Int64?, _ transaction: Transaction) throws {
    let (lives, contents) = (LifeMap(transaction), Contents(transaction))
    let pieces = try lives.pieces(of: run)
    for piece in pieces { try contents.take(piece) }
    if let box {
      try transaction.addContent(
        parentSpace: 2, parentSerial: box, space: run.space, first: run.first, last: run.last)
    }
    try lives.advance(pieces) { piece in
      var life = piece.life
      life.enclosure = box.map { .box(space: 2, serial: $0) } ?? .none
      return life
    }
  }

  private func runs(_ pieces: [LifeMap.Piece]) -> [[Int64]] {
    pieces.map { [$0.run.space, $0.run.first, $0.run.last] }
  }

  @Test("the batch's rule fills the boxes until something else is said")
  func byBatch() async throws {
    let world = try await world()
    try await world.ledger.store.write { transaction throws in
      let contents = Contents(transaction)
      let box = { (number: Int64) in Run(space: 2, first: number, last: number) }
      #expect(try runs(contents.children(of: box(3))) == [[1, 30, 39]])
      #expect(try runs(contents.children(of: Run(space: 2, first: 3, last: 4))) == [[1, 30, 49]])
      #expect(try contents.children(of: box(12)).isEmpty)
      #expect(try runs(contents.children(of: Self.boxes)) == [[1, 0, 99]])
      try put(Run(space: 1, first: 33, last: 34), into: nil, transaction)
      #expect(try runs(contents.children(of: box(3))) == [[1, 30, 32], [1, 35, 39]])
      try put(Run(space: 1, first: 34, last: 34), into: 12, transaction)
      #expect(try runs(contents.children(of: box(12))) == [[1, 34, 34]])
      for (number, parent) in [(29, 2), (30, 3), (33, nil), (34, 12), (99, 9)] as [(Int64, Int64?)] {
        let life = try #require(try LifeMap(transaction).life(space: 1, number: number))
        #expect(try contents.box(of: number, space: 1, life: life)?.serial == parent, "item \(number)")
      }
      let box5 = try #require(try LifeMap(transaction).life(space: 2, number: 5))
      #expect(try contents.box(of: 5, space: 2, life: box5) == nil)
    }
  }

  @Test("everything in a pallet, at any depth, without the pallet")
  func descendants() async throws {
    let world = try await world()
    try await world.ledger.store.write { transaction throws in
      let contents = Contents(transaction)
      try put(Run(space: 2, first: 0, last: 1), into: 12, transaction)
      try put(Run(space: 2, first: 12, last: 12), into: 15, transaction)
      try put(Run(space: 1, first: 5, last: 5), into: nil, transaction)
      try put(Run(space: 1, first: 55, last: 55), into: 15, transaction)
      let all = try contents.descendants(of: Run(space: 2, first: 15, last: 15))
      let found = runs(all).sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }
      #expect(found == [[1, 0, 4], [1, 6, 19], [1, 55, 55], [2, 0, 1], [2, 12, 12]])
    }
  }

  @Test("boxes that hold each other are an inconsistency, not an endless loop")
  func loop() async throws {
    let world = try await world()
    try await world.ledger.store.write { transaction in
      for (parent, child) in [(10, 11), (11, 10)] as [(Int64, Int64)] {
        try transaction.addContent(parentSpace: 2, parentSerial: parent, space: 2, first: child, last: child)
      }
      #expect(throws: LedgerError.inconsistent("boxes nested too deeply")) {
        try Contents(transaction).descendants(of: Run(space: 2, first: 10, last: 10))
      }
    }
  }

  @Test("taking some of a run out of a box leaves the rest of it in", arguments: Seeds.some(3))
  func taking(_ seed: UInt64) async throws {
    let world = try await world()
    try await world.ledger.store.write { transaction in
      var random = SeededGenerator(seed)
      try put(Run(space: 1, first: 20, last: 59), into: 13, transaction)
      var inside = Set(Int64(20)...59)
      while let victim = inside.randomElement(using: &random) {
        let run = Run(space: 1, first: victim, last: min(59, victim + Int64.random(in: 0...2, using: &random)))
        try put(run, into: nil, transaction)
        inside.subtract(run.first...run.last)
        let rows = try transaction.contents(parentSpace: 2, first: 13, last: 13)
        #expect(Set(rows.flatMap { $0.first...$0.last }) == inside, "seed \(seed)")
        #expect(rows.reduce(0) { $0 + $1.last - $1.first + 1 } == Int64(inside.count), "seed \(seed)")
        let children = try Contents(transaction).children(of: Run(space: 2, first: 13, last: 13))
        #expect(Set(children.flatMap { $0.run.first...$0.run.last }) == inside, "seed \(seed)")
      }
    }
  }

  @Test("a space names where its codes come from, both ways")
  func spaces() async throws {
    let (gtin, series) = (try GTIN("06901234567892"), try BoxSeries(key: "1.6901234"))
    let epoch = try #require(KeyEpoch(rawValue: 3))
    let (items, boxes) = (CodeSpace.items(gtin, epoch), CodeSpace.boxes(series))
    #expect(items.key == "i:06901234567892:3" && boxes.key == "b:1.6901234")
    #expect(CodeSpace(key: items.key) == items && CodeSpace(key: boxes.key) == boxes)
    #expect(items.holdsItems && !boxes.holdsItems)
    for bad in [
      "", "i", "i:06901234567892", "i:06901234567893:0", "i:06901234567892:16", "i:06901234567892:-1",
      "b:", "b:1", "b:1.6901234:0", "x:1.6901234", "i:06901234567892:0:0",
    ] {
      #expect(CodeSpace(key: bad) == nil, "\(bad)")
    }
    #expect(
      items.json(Run(space: 1, first: 4, last: 9)) == ["gtin": "06901234567892", "epoch": 3, "first": 4, "last": 9])
    #expect(boxes.json(Run(space: 1, first: 4, last: 9)) == ["series": "1.6901234", "first": 4, "last": 9])
  }

  @Test("the table of spaces finds a box by its SSCC, if it was issued")
  func table() async throws {
    let world = try await world()
    try await world.ledger.store.write { transaction throws in
      let table = try SpaceTable(transaction)
      let series = try BoxSeries(key: "1.6901234")
      #expect(table.id(.boxes(series)) == 2 && table.issued(.boxes(series)) == 20)
      #expect(table.series == [series] && table.space(2) == .boxes(series) && table.space(77) == nil)
      #expect(try table.box(series.sscc(19)).map { [$0.space, $0.serial] } == [2, 19])
      #expect(try table.box(series.sscc(20)) == nil)
      #expect(try table.box(BoxSeries(key: "1.6901235").sscc(0)) == nil)
      #expect(throws: LedgerError.inconsistent("no space 77")) { try table.json([Run(space: 77, first: 0, last: 0)]) }
      try transaction.run("INSERT INTO space (key, next) VALUES ('nonsense', 0)")
      #expect(throws: LedgerError.inconsistent("space 10 has the key nonsense")) { try SpaceTable(transaction) }
    }
  }
}
