import Issuing
import Ledger
import Regions
import Storage
import TestWorld
import Testing
import TransparencyLog

/// A direct edit of the database file, and what the audit must say about it.
struct Tampering: Sendable, CustomTestStringConvertible {
  let what: String
  let sql: [String]
  let finding: String

  init(_ what: String, _ sql: String..., finding: String) {
    self.what = what
    self.sql = sql
    self.finding = finding
  }

  var testDescription: String { what }
}

@Suite("The audit finds what was edited behind the program's back")
struct AuditTests {
  /// A shop with a bit of everything: 25 events, all of them signed but the last one.
  private func world() async throws -> World {
    let shop = try await Shop.make()
    let access = Access(shop.world.ledger)
    let floor = try #require(Money(amount: "99.00", currency: "CNY"))
    try await shop.issuing.put(
      NewPricePolicy(
        id: "P", gtin: Shop.gtin(), regions: Territory("430000"), floor: floor, mode: .advise, basis: nil,
        since: shop.now, until: nil), by: .system)
    try await shop.issuing.add(
      NewTerminal(code: "T1", dealer: "A", region: RegionCode("430102"), name: "till"), by: .system)
    let key = try await access.createKey(role: .issuer)
    try await access.revokeKey(key.id)
    try await shop.pack([shop.loose(0), shop.loose(1)], into: shop.crate(0))
    try await Sequencer(shop.world.ledger).catchUp()
    try await shop.dispatch([shop.crate(0), shop.box(0), shop.box(1)], number: "DN-1")
    try await shop.transfer([shop.box(1)])
    try await shop.receive([shop.box(0)])
    try await shop.sell([shop.item(3)])
    try await shop.takeBack([shop.item(5)])
    try await shop.void([shop.item(100)])
    try await Self.scan(shop, item: 3, times: 3)
    try await Sequencer(shop.world.ledger).catchUp()
    try await shop.dispatch([shop.box(9)], number: "DN-2")
    return shop.world
  }

  private static func scan(_ shop: Shop, item: Int64, times: Int64) async throws {
    let (ledger, space, now) = (shop.world.ledger, shop.boxed.space, shop.now)
    try await ledger.store.write { transaction in
      var previous: Int64?
      for place in 0..<times {
        let at = now.advanced(by: place * 1000)
        let draft = EventDraft(.scan, at: at, by: .consumer, data: [:], personal: ["place": ["latitude": 28.2]])
        let sealed = SealedEvent(draft, recorded: at, salts: ledger.salt)
        let event = try transaction.appendEvent(
          kind: "scan", at: at.milliseconds, recorded: at.milliseconds, body: sealed.body, personal: sealed.personal,
          previous: previous)
        try transaction.countScan(space: space, number: item, at: at.milliseconds, region: nil, event: event)
        previous = event
      }
    }
  }

  @Test("a good database is clean, also after personal fields were erased and with events that wait")
  func clean() async throws {
    let world = try await world()
    var report = try await Audit(world.ledger).run()
    #expect(report.defects == [] && report.isClean && report.events == 25 && report.checkpoints == 2)
    try world.edit("UPDATE event SET private = NULL")
    report = try await Audit(world.ledger).run()
    #expect(report.defects == [])
  }

  @Test("an edit is found", arguments: Tampering.log + Tampering.lives + Tampering.catalogue)
  func found(_ tampering: Tampering) async throws {
    let world = try await world()
    for sql in tampering.sql { try world.edit(sql) }
    let defects = try await Audit(world.ledger).run().defects
    #expect(defects.contains { $0.contains(tampering.finding) }, "\(defects)")
  }

  @Test("a checkpoint of another key, or of another log, does not verify")
  func strangers() async throws {
    let world = try await world()
    let head = try #require(try await world.ledger.store.read { try $0.lastCheckpoint() })
    let root = try #require(Digest32(bytes: head.root))
    for (name, seed, finding) in [
      (World.origin, 9 as UInt8, "checkpoint 24: its note does not verify: noKnownSignature"),
      ("evil.example/yima", 9, "checkpoint 24: its note does not verify: noKnownSignature"),
    ] {
      let signer = try NoteSigner(name: name, seed: [UInt8](repeating: seed, count: 32))
      let note = try Checkpoint(origin: World.origin, size: 24, root: root).signed(by: signer)
      let text = String(decoding: note.bytes, as: UTF8.self)
      try await world.ledger.store.write {
        _ = try $0.run("UPDATE checkpoint SET note = ? WHERE size = 24", [.text(text)])
      }
      #expect(try await Audit(world.ledger).run().defects == [finding])
    }
  }

  @Test("in a long log every tile is checked, not only those that the root needs")
  func longLog() async throws {
    let world = try await World.make()
    let ledger = world.ledger
    try await ledger.store.write { transaction in
      for number in 0..<66_000 {
        _ = try transaction.appendEvent(
          kind: "sale", at: 0, recorded: 0, body: Array("\(number)".utf8), personal: nil, previous: nil)
      }
    }
    try await Sequencer(ledger).catchUp()
    // Bodies that are no JSON are told, 100 of them; what matters here is what is told of the tiles.
    for (sql, finding) in [
      ("UPDATE tile SET bytes = zeroblob(8192) WHERE level = 1 AND number = 0", "tile 1/0 differs from what it covers"),
      (
        "UPDATE tile SET bytes = zeroblob(8192) WHERE level = 0 AND number = 77",
        "tile 0/77 differs from what it covers"
      ),
      ("DELETE FROM tile WHERE level = 0 AND number = 5", "level 0 has 257 tiles, checkpoint 66001 needs 258"),
    ] {
      try world.edit(sql)
      let defects = try await ledger.store.read { transaction in
        var found: [String] = []
        try TileAudit(transaction).run { found.append($0) }
        return found
      }
      #expect(defects.contains(finding), "\(defects)")
    }
  }

  @Test("more than a hundred differences are not listed")
  func many() async throws {
    let world = try await World.make()
    try await world.ledger.store.write { transaction in
      for _ in 0..<300 {
        _ = try transaction.appendEvent(kind: "x", at: 0, recorded: 0, body: [], personal: nil, previous: nil)
      }
    }
    #expect(try await Audit(world.ledger).run().defects.count == Audit.defectsMax)
  }
}

extension Tampering {
  private static func inBody(_ old: String, _ new: String, _ condition: String) -> String {
    "UPDATE event SET body = CAST(replace(CAST(body AS TEXT), '\(old)', '\(new)') AS BLOB) WHERE \(condition)"
  }

  static let log: [Tampering] = [
    Tampering(
      "the body of an event", inBody("DN-1", "DN-9", "kind = 'dispatch'"),
      finding: "checkpoint 24: the events give another root than was signed"),
    Tampering(
      "a body made something else than canonical", inBody("{\"at\"", "{ \"at\"", "id = 4"),
      finding: "event 4 is not canonical JSON"),
    Tampering(
      "a body that is no JSON", "UPDATE event SET body = x'00ff' WHERE id = 4", finding: "event 4 is not canonical JSON"
    ),
    Tampering(
      "a personal value", "UPDATE event SET private = CAST(replace(CAST(private AS TEXT), '经销商', '别人') AS BLOB)",
      finding: "event 3: the personal field name does not open its commitment"),
    Tampering(
      "personal fields that are no JSON", "UPDATE event SET private = x'7b' WHERE id = 3",
      finding: "event 3: its personal fields are not readable"),
    Tampering(
      "a personal field that was never committed to",
      "UPDATE event SET private = CAST('{\"x\":{\"salt\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"value\":1}}' AS BLOB) WHERE id = 3",
      finding: "event 3: the personal field x does not open its commitment"),
    Tampering(
      "the kind beside the body", "UPDATE event SET kind = 'sale' WHERE id = 3",
      finding: "event 3: its kind differs from its body"),
    Tampering(
      "the time beside the body", "UPDATE event SET at = at + 1 WHERE id = 3",
      finding: "event 3: its times differ from its body"),
    Tampering(
      "a time that is none", "UPDATE event SET at = -9223372036854775808 WHERE id = 3",
      finding: "event 3: its times differ from its body"),
    Tampering(
      "the time of recording", "UPDATE event SET recorded = 9223372036854775807 WHERE id = 3",
      finding: "event 3: its times differ from its body"),
    Tampering("an event deleted", "DELETE FROM event WHERE id = 5", finding: "event 5 is missing"),
    Tampering(
      "the last events deleted", "DELETE FROM event WHERE id > 20",
      finding: "checkpoint 24 covers events that are not there"),
    Tampering(
      "events in another order", "UPDATE event SET id = 99 WHERE id = 4", "UPDATE event SET id = 4 WHERE id = 5",
      "UPDATE event SET id = 5 WHERE id = 99", finding: "checkpoint 24: the events give another root than was signed"),
    Tampering(
      "the root of a checkpoint", "UPDATE checkpoint SET root = zeroblob(32) WHERE size = 24",
      finding: "checkpoint 24: the events give another root than was stored"),
    Tampering(
      "the size of a checkpoint", "UPDATE checkpoint SET size = 23 WHERE size = 24",
      finding: "checkpoint 23: the events give another root than was signed"),
    Tampering(
      "the note of a checkpoint", "UPDATE checkpoint SET note = replace(note, 'yima', 'yimb') WHERE size = 24",
      finding: "checkpoint 24: its note does not verify: "),
    Tampering(
      "the newest checkpoint deleted", "DELETE FROM checkpoint WHERE size = 24",
      finding: "tile 0/0 has 768 bytes, checkpoint 15 has 15 hashes there"),
    Tampering(
      "all checkpoints deleted", "DELETE FROM checkpoint", finding: "there are tiles, and no checkpoint that signs them"
    ),
    Tampering(
      "a tile", "UPDATE tile SET bytes = zeroblob(length(bytes))", finding: "tile 0/0 differs from what it covers"),
    Tampering("a tile deleted", "DELETE FROM tile", finding: "level 0 has 0 tiles, checkpoint 24 needs 1"),
    Tampering("a tile too many", "INSERT INTO tile VALUES (3, 7, zeroblob(32))", finding: "tile 3/7 has 32 bytes"),
    Tampering(
      "a tile of no level", "INSERT INTO tile VALUES (-1, -7, zeroblob(32))", finding: "tile -1/-7 has 0 bytes"),
  ]

  static let lives: [Tampering] =
    [
      Tampering(
        "a track cut", "UPDATE track SET last = last - 1 WHERE first = 122",
        finding: "space 1: 160 numbers were given, tracks reach 159"),
      Tampering(
        "a track pointed at another life", "UPDATE track SET version = 1 WHERE space = 1 AND first = 3",
        finding: "event 19 names 1 codes, the lives of 0 have it"),
      Tampering(
        "a track pointed at nothing", "UPDATE track SET version = 999 WHERE space = 1 AND first = 3",
        finding: "version 999 is missing"),
      Tampering(
        "a track deleted", "DELETE FROM track WHERE space = 1 AND first = 3",
        finding: "space 1: a track begins at 4, not at 3"),
    ]
    + [
      ("state", "state = 3"), ("dealer", "dealer = 'B'"), ("dispatch", "dispatch = 2"),
      ("territory", "territories = '440000'"),
      ("box", "parent_space = 0, parent_serial = NULL"), ("time of recording", "recorded = recorded + 1"),
    ].map { field, change in
      Tampering(
        "the \(field) of a life", "UPDATE version SET \(change) WHERE event = 17 AND state = 2",
        finding: "its \(field) is not what event 17 makes it")
    } + [
      Tampering(
        "the state of a life to none", "UPDATE version SET state = 9 WHERE id = 5",
        finding: "the ledger contradicts itself: version 5 has the state 9"),
      Tampering(
        "the time of a life", "UPDATE version SET at = at - 1 WHERE event = 20",
        finding: "does not agree with its event"),
      Tampering(
        "a life's past", "UPDATE version SET previous = NULL WHERE event = 20",
        finding: "its life before is not what event 20 makes it"),
      Tampering(
        "a life's event", "UPDATE version SET event = 19 WHERE event = 20",
        finding: "event 20 names 1 codes, the lives of 0 have it"),
      Tampering(
        "a box emptied", "DELETE FROM content", finding: "space 1: run 120 says it is in a box that does not hold it"),
      Tampering(
        "an item put into a box", "INSERT INTO content VALUES (2, 12, 1, 130, 130)",
        finding: "space 1: run 130 lies in a box but its life does not say so"),
      Tampering(
        "the numbers given", "UPDATE space SET next = next + 5 WHERE id = 1",
        finding: "space 1: 165 numbers were given, tracks reach 160"),
      Tampering(
        "a count of scans", "UPDATE history SET scans = 2", finding: "space 1: 3 has other scans than its history says"),
      Tampering(
        "the first scan", "UPDATE history SET first_at = first_at - 1",
        finding: "space 1: 3 has other scans than its history says"),
      Tampering(
        "the last scan", "UPDATE history SET last_event = 20",
        finding: "space 1: the history of 3 does not agree with its last scan"),
      Tampering(
        "the chain of scans", "UPDATE event SET previous = NULL WHERE id = 24",
        finding: "space 1: 3 has other scans than its history says"),
      Tampering(
        "the chain of scans bent into a ring", "UPDATE event SET previous = 24 WHERE id = 23",
        finding: "space 1: 3 has other scans than its history says"),
    ]

  static let catalogue: [Tampering] = [
    Tampering(
      "a product's price", "UPDATE product SET amount = '1.00', currency = 'CNY'",
      finding: "product 06901234567892 differs from event 2"),
    Tampering(
      "a dealer's territory", "UPDATE dealer SET territories = '430000,440000' WHERE code = 'B'",
      finding: "dealer B differs from event 7"),
    Tampering(
      "a dealer too many", "INSERT INTO dealer VALUES ('Z', 'z', 1, NULL, '430000', 7)",
      finding: "dealer Z differs from event 7"),
    Tampering("a terminal's place", "UPDATE terminal SET region = '440100'", finding: "terminal T1 differs from event"),
    Tampering("a terminal deleted", "DELETE FROM terminal", finding: "1 events of the kind terminal made 0 rows"),
    Tampering(
      "a floor price", "UPDATE price_policy SET amount = '9.00'",
      finding: "price policy P, version 1, differs from event"),
    Tampering("a batch's boxes", "UPDATE batch SET per_box = 6 WHERE id = 1", finding: "batch 1 differs from event 9"),
    Tampering(
      "the territories of a dispatch", "UPDATE dispatch SET territories = '440000' WHERE id = 1",
      finding: "dispatch DN-1 differs from event"),
    Tampering(
      "the units of a dispatch", "DELETE FROM dispatch_unit WHERE dispatch = 1",
      finding: "dispatch DN-1 differs from event"),
    Tampering("a key's role", "UPDATE api_key SET role = 'admin'", finding: "key 1 differs from event"),
    Tampering(
      "a revoked key", "UPDATE api_key SET revoked = NULL", finding: "key 1: its revocation is not what the events say"),
    Tampering(
      "a row tied to another event", "UPDATE product SET event = 3", finding: "product 06901234567892 has no event"),
  ]
}
