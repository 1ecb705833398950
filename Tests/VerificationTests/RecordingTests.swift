import Codes
import Issuing
import Ledger
import Regions
import Storage
import Testing
import TestWorld
import TransparencyLog
import Verification

/// Scans as they are recorded: durable, once, in the ledger's canonical form, judged by what was true at their moment.
@Suite struct RecordingTests {
  private let terminal = Actor(key: 7, role: .terminal, dealer: "A")

  private func request(
    _ code: String, _ region: String = "430102", at: Timestamp? = nil, id: String? = nil, price: String? = nil
  ) throws -> ScanRequest {
    ScanRequest(
      code: code, at: at, clientID: id, location: .region(try RegionCode(region)),
      price: price.flatMap { Money(amount: $0, currency: "CNY") })
  }

  private func scanEvents(_ shop: Shop) async throws -> [EventRow] {
    try await shop.world.ledger.store.read { try $0.events(after: 0, limit: 100_000).filter { $0.kind == "scan" } }
  }

  @Test("the same code gives the same verdict in every form that readers give") func forms() async throws {
    let shop = try await Shop.make()
    try await shop.dispatch([shop.box(0)])
    let verification = Verification(shop.world.ledger)
    let uri = shop.item(3)
    let scanned = try ScannedCode(uri)
    guard case .item(let gtin, let serial) = scanned.subject else { return #expect(Bool(false), "not an item") }
    let forms = [
      uri, "(01)\(gtin)(21)\(serial)", "]Q3\(gtin.elementData(serial))", uri + "?linkType=all",
      uri.replacing("https://id.example.cn", with: "https://other.example.org/x"), "  \(uri)\r\n", uri.lowercasedSerial,
    ]
    for form in forms {
      let answer = try await verification.verify(try request(form), by: terminal)
      #expect(answer.authenticity == .genuine, "\(form)")
      #expect(answer.reasons == [.genuine, .regionInside], "\(form)")
    }
    #expect(try await scanEvents(shop).count == forms.count)
  }

  @Test("events are canonical JSON, whatever stands in them, and their commitments open") func canonical() async throws
  {
    let shop = try await Shop.make()
    try await shop.dispatch([shop.box(0)])
    let verification = Verification(shop.world.ledger)
    let device = String(repeating: "aZ09._:-", count: 8)
    let odd = ["", "\"\\", "\u{1}\n\t", "码 é €", "\u{1F600}", String(repeating: "x", count: 128)]
    for (place, text) in odd.enumerated() where !text.isEmpty {
      let id = String(text.prefix(40))
      let position = try Position(latitude: 28.19, longitude: 112.98, accuracyMeters: 12.5, source: .gps)
      let scans = [
        ScanRequest(code: shop.item(Int64(place)), clientID: id, location: .position(position), device: device),
        ScanRequest(
          code: "https://id.example.cn/01/06901234567892/21/" + String(repeating: "7", count: 16), device: device),
        ScanRequest(code: text + "nonsense", location: .none),
      ]
      for scan in scans { _ = try await verification.verify(scan, by: terminal) }
    }
    let events = try await scanEvents(shop)
    #expect(events.count == 15)
    for event in events {
      let body = try JSONValue(parsing: event.body)
      #expect(body.canonicalBytes == event.body, "event \(event.id)")
      let text = String(decoding: event.body, as: UTF8.self)
      #expect(!text.contains("112.98") && !text.contains(device))
      #expect(try Self.opened(event).count == (event.personal == nil ? 0 : text.contains("measured") ? 2 : 1))
    }
    #expect(try await shop.world.defects() == [])
  }

  @Test("a device is a personal field of its own, with or without a place; a scan without one shows no trace of it")
  func devices() async throws {
    let shop = try await Shop.make()
    let verification = Verification(shop.world.ledger)
    let position = try Position(latitude: 28.19, longitude: 112.98, accuracyMeters: 12.5, source: .gps)
    let scans = [
      ScanRequest(code: shop.item(0), device: "app-7f3c"),
      ScanRequest(code: shop.item(1), location: .position(position), device: "app-7f3c"),
      ScanRequest(code: shop.item(2), location: .position(position)), ScanRequest(code: shop.item(3)),
    ]
    for scan in scans { _ = try await verification.verify(scan, by: terminal) }
    let shown = try await scanEvents(shop).map { try Self.opened($0) }
    #expect(shown.map { $0.keys.sorted() } == [["device"], ["device", "place"], ["place"], []])
    #expect(shown.prefix(2).allSatisfy { $0["device"] == "app-7f3c" })
    #expect(try await shop.world.defects() == [])
  }

  @Test(
    "a device is 1 to 64 letters, digits, points, underscores, colons and hyphens; anything else is refused by field",
    arguments: [
      "", "a b", "+8613800000000", "手机", "é", "a/b", "a\"b", "a\u{0}", "a\n", "a@b", String(repeating: "x", count: 65),
    ])
  func badDevices(device: String) async throws {
    let shop = try await Shop.make()
    let verification = Verification(shop.world.ledger)
    await #expect(throws: VerificationError.invalid(field: "/device", .pseudonym(max: 64))) {
      try await verification.verify(ScanRequest(code: shop.item(0), device: device), by: terminal)
    }
    #expect(try await scanEvents(shop).isEmpty)
  }

  @Test("fifty racing scans with one client id: one is recorded, all get its answer") func racing() async throws {
    let shop = try await Shop.make()
    try await shop.dispatch([shop.box(0)])
    let verification = Verification(shop.world.ledger)
    let scan = try request(shop.item(0), id: "once")
    let answers = try await withThrowingTaskGroup(of: ScanAnswer.self) { group in
      for _ in 0..<50 { group.addTask { try await verification.verify(scan, by: terminal) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(answers.map(\.event)).count == 1)
    #expect(answers.allSatisfy { $0 == answers.first })
    #expect(try await scanEvents(shop).count == 1)
  }

  @Test("two keys may use the same client id") func keys() async throws {
    let shop = try await Shop.make()
    let verification = Verification(shop.world.ledger)
    let first = try await verification.verify(try request(shop.item(0), id: "x"), by: terminal)
    let second = try await verification.verify(
      try request(shop.item(0), id: "x"), by: Actor(key: 8, role: .terminal))
    #expect(first.event != second.event)
    #expect(second.scanCount == 2)
  }

  @Test("a scan taken offline is judged by the binding of its moment") func bitemporal() async throws {
    let shop = try await Shop.make()
    let before = shop.now
    try await shop.dispatch([shop.box(0)], to: "A", "430000,440000")
    shop.tick()
    let between = shop.now
    shop.tick()
    try await shop.issuing.transfer([.code(shop.box(0))], from: "A", to: "A1", by: Shop.actor)
    shop.tick()
    let verification = Verification(shop.world.ledger)
    // Zhuzhou is in Hunan, A's territory, and not in A1's.
    let early = try await verification.verify(try request(shop.item(0), "430202", at: before), by: terminal)
    #expect(early.reasons == [.genuine, .notDispatched])
    #expect(early.territory == .notBound)
    let middle = try await verification.verify(try request(shop.item(0), "430202", at: between), by: terminal)
    #expect(middle.dealer == "A")
    #expect(middle.reasons == [.genuine, .regionInside])
    let late = try await verification.verify(try request(shop.item(0), "430202"), by: terminal)
    #expect(late.dealer == "A1")
    #expect(late.reasons == [.genuine, .regionOutside])
    #expect(late.scanCount == 3)
    #expect(late.firstScannedAt == before)
  }

  @Test("a code seen twice, too far apart for the time between, is a suspected copy") func travel() async throws {
    let shop = try await Shop.make()
    try await shop.dispatch([shop.box(0)])
    let verification = Verification(shop.world.ledger)
    _ = try await verification.verify(try request(shop.item(0), "430102"), by: terminal)
    shop.tick()
    let far = try await verification.verify(try request(shop.item(0), "230102"), by: terminal)
    #expect(far.authenticity == .suspectedCopy)
    #expect(far.reasons == [.genuine, .impossibleTravel, .regionOutside])
    shop.world.clock.advance(seconds: 86_400)
    let later = try await verification.verify(try request(shop.item(0), "430102"), by: terminal)
    #expect(later.authenticity == .genuine)
  }

  @Test("an older version of a price policy holds for scans of its time") func policies() async throws {
    let shop = try await Shop.make()
    try await shop.dispatch([shop.box(0)])
    let start = shop.now
    func put(_ floor: String, since: Timestamp) async throws {
      let floor = try #require(Money(amount: floor, currency: "CNY"))
      try await shop.issuing.put(
        NewPricePolicy(
          id: "P", gtin: try Shop.gtin(), regions: try Territory("430000"), floor: floor, mode: .advise, basis: nil,
          since: since, until: nil), by: .system)
    }
    try await put("100", since: start)
    shop.world.clock.advance(seconds: 3600)
    try await put("50", since: shop.now)
    shop.tick()
    let verification = Verification(shop.world.ledger)
    let early = try await verification.verify(
      try request(shop.item(0), at: start.advanced(by: 1000), price: "80"), by: terminal)
    #expect(early.reasons == [.genuine, .regionInside, .priceBelowFloor])
    let late = try await verification.verify(try request(shop.item(0), price: "80"), by: terminal)
    #expect(late.price == .ok)
  }

  @Test("a flood of forged codes is answered, and recorded only within its budget") func flood() async throws {
    let shop = try await Shop.make()
    let verification = Verification(shop.world.ledger)
    let forged = "https://id.example.cn/01/06901234567892/21/0" + String(repeating: "7", count: 15)
    var unrecorded = 0
    for _ in 0..<1200 {
      let answer = try await verification.verify(try request(forged), by: terminal)
      #expect(answer.authenticity == .forged)
      if answer.event == nil {
        unrecorded += 1
        #expect(answer.reasons == [.failedTag, .notRecorded])
      }
    }
    #expect(unrecorded == 200)
    #expect(try await scanEvents(shop).count == 1000)
  }

  @Test("scans are refused by field, and leave nothing") func refusals() async throws {
    let shop = try await Shop.make()
    let verification = Verification(shop.world.ledger)
    let late = shop.now.advanced(by: 3_600_000)
    await #expect(throws: VerificationError.invalid(field: "/scannedAt", .future)) {
      try await verification.verify(try request(shop.item(0), at: late), by: terminal)
    }
    await #expect(throws: VerificationError.invalid(field: "/location/region", .unknownRegion("439999"))) {
      try await verification.verify(try request(shop.item(0), "439999"), by: terminal)
    }
    await #expect(throws: VerificationError.invalid(field: "/terminal", .unknownTerminal("T9"))) {
      try await verification.verify(ScanRequest(code: shop.item(0), terminal: "T9"), by: terminal)
    }
    await #expect(throws: VerificationError.invalid(field: "/code", .length(max: 2048))) {
      try await verification.verify(ScanRequest(code: ""), by: terminal)
    }
    #expect(try await scanEvents(shop).isEmpty)
  }

  @Test("arbitrary bytes as a code never trap and are never accepted", arguments: Seeds.some(4))
  func fuzz(_ seed: UInt64) async throws {
    let shop = try await Shop.make()
    let verification = Verification(shop.world.ledger)
    var random = SeededGenerator(seed)
    let good = Array(shop.item(0).utf8)
    for _ in 0..<400 {
      var bytes = good
      for _ in 0...Int.random(in: 0...3, using: &random) {
        bytes[Int.random(in: bytes.count - 16..<bytes.count, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      let text = String(decoding: bytes, as: UTF8.self)
      let answer = try await verification.verify(ScanRequest(code: text), by: terminal)
      let isSame =
        (try? ScannedCode(text)).flatMap(Self.serial) == (try? ScannedCode(shop.item(0))).flatMap(Self.serial)
      #expect(isSame || answer.authenticity != .genuine, "seed \(seed): \(text)")
    }
  }
}

extension RecordingTests {
  /// The values of an event's personal fields, each checked against its commitment: all that are committed to are
  /// there, and no others.
  fileprivate static func opened(_ event: EventRow) throws -> [String: JSONValue] {
    let committed = try JSONValue(parsing: event.body)["personal"]?.object ?? [:]
    let shown = try event.personal.map { try JSONValue(parsing: $0) }
    let fields = shown?.object ?? [:]
    #expect(shown?.canonicalBytes == event.personal)
    #expect(fields.keys.sorted() == committed.keys.sorted())
    var values: [String: JSONValue] = [:]
    for (name, field) in fields {
      let salt = try #require(field["salt"]?.string.flatMap { Commitment.Salt(base64url: $0) })
      let value = try #require(field["value"])
      #expect(committed[name]?.string == Commitment(name: name, value: value, salt: salt).base64url)
      values[name] = value
    }
    return values
  }

  /// The serial of an item code as Crockford reads it: any case, O for 0, I and L for 1.
  fileprivate static func serial(_ code: ScannedCode) -> ItemSerial? {
    guard case .item(_, let serial) = code.subject else { return nil }
    return try? ItemSerial(serial)
  }
}

extension GTIN {
  /// The element data of a GS1 symbol.
  fileprivate func elementData(_ serial: String) -> String { "01\(self)21\(serial)" }
}

extension String {
  /// The code with a serial in lower case, as people type it.
  fileprivate var lowercasedSerial: String {
    guard let slash = lastIndex(of: "/") else { return self }
    return self[...slash] + self[index(after: slash)...].lowercased()
  }
}

@Suite struct SerialFormTests {
  @Test("a short serial of an index that was issued with long ones is forged") func downgrade() async throws {
    let shop = try await Shop.make()
    let verification = Verification(shop.world.ledger)
    let cipher = try shop.world.ledger.recogniser.cipher(gtin: try Shop.gtin(), epoch: .first)
    let index = UInt64(shop.mixed.first)
    let short = shop.world.ledger.resolver.uri(
      of: try Shop.gtin(), serial: try cipher.serial(index: index, profile: .compact))
    let answer = try await verification.verify(ScanRequest(code: short), by: .consumer)
    #expect(answer.reasons == [.neverIssued])
    #expect(answer.authenticity == .forged)
    let long = try await verification.verify(ScanRequest(code: shop.loose(0)), by: .consumer)
    #expect(long.authenticity == .genuine)
  }
}
