import Alerting
import Ledger
import Regions
import Testing
import TransparencyLog

@Suite("Sightings")
struct SightingTests {
  /// One with everything in it.
  private func full() throws -> Sighting {
    try scan(9, 1_199, in: .jinan, after: 90_061_001) {
      $0.terminal = "T001"
      $0.certainty = .measured
      $0.position = SightedPosition(latitude: 36.671_234, longitude: 117.001_9, accuracyMeters: 30)
      $0.device = "app-7f3c"
      $0.price = Money(amount: "99.00", currency: "CNY")
      $0.priceCheck = .belowFloor
      $0.policy = PolicyReference(id: "P1", version: 3)
      $0.territories = [try region("430000"), try region("440100")]
    }
  }

  private func parsed(_ sighting: Sighting) throws -> Sighting? {
    let event = try sighting.sealed()
    return Sighting(
      number: sighting.event, at: sighting.at, recorded: sighting.recorded, body: event.body, personal: event.personal)
  }

  @Test("what a scan event says is read back, field by field")
  func roundTrip() throws {
    #expect(try parsed(full()) == full())
    let bare = try scan(1) {
      $0.isConsumer()
      $0.region = nil
      $0.certainty = .unknown
      $0.dealer = nil
      $0.dispatch = nil
      $0.territories = []
      $0.state = nil
      $0.code = .raw("\u{1d}很长 \"quoted\"")
    }
    #expect(try parsed(bare) == bare)
    let placeless = try scan(3) { $0.device = "app-7f3c" }
    #expect(try parsed(placeless) == placeless)
    let box = try scan(2) { $0.code = .box("106901234000000018") }
    #expect(try parsed(box) == box)
  }

  @Test("an erased place and device leave everything else")
  func erased() throws {
    var expected = try full()
    let body = try expected.sealed().body
    expected.position = nil
    expected.device = nil
    #expect(
      Sighting(number: 9, at: expected.at, recorded: expected.recorded, body: body, personal: nil) == expected)
  }

  @Test("unknown words are the harmless ones")
  func unknownWords() throws {
    var data = try full().data
    data["authenticity"] = "perhaps"
    data["territory"] = "elsewhere"
    data["place"] = ["certainty": "sure", "region": "nowhere"]
    data["price"] = ["amount": "-1", "currency": "CNY"]
    let draft = EventDraft(.scan, at: Timestamp(milliseconds: dawn), by: Actor(key: 1, role: .terminal), data: data)
    let salt = try steadySalt()
    let event = SealedEvent(draft, recorded: draft.at) { salt }
    let sighting = try #require(
      Sighting(number: 1, at: draft.at, recorded: draft.at, body: event.body, personal: nil))
    #expect(sighting.authenticity == .unproven)
    #expect(sighting.territory == .notBound)
    #expect(sighting.certainty == .unknown)
    #expect(sighting.region == nil)
    #expect(sighting.price == nil)
  }

  @Test("a position that is no place on Earth is none")
  func positions() {
    #expect(SightedPosition(latitude: 91, longitude: 0, accuracyMeters: 1) == nil)
    #expect(SightedPosition(latitude: 0, longitude: -181, accuracyMeters: 1) == nil)
    #expect(SightedPosition(latitude: .nan, longitude: 0, accuracyMeters: 1) == nil)
    #expect(SightedPosition(latitude: 0, longitude: 0, accuracyMeters: .infinity) == nil)
    #expect(SightedPosition(latitude: 0, longitude: 0, accuracyMeters: -1) == nil)
    #expect(SightedPosition(latitude: -90, longitude: 180, accuracyMeters: 0) != nil)
  }

  @Test("items outside of the numbering are none")
  func items() throws {
    #expect(SightedCode(["gtin": .string(liquor), "epoch": 16, "index": 1]) == nil)
    #expect(SightedCode(["gtin": .string(liquor), "epoch": 0, "index": -1]) == nil)
    #expect(SightedCode(["gtin": .string(liquor), "epoch": 0, "index": .integer(1 << 36)]) == nil)
    #expect(SightedCode(["gtin": "06901234567893", "epoch": 0, "index": 1]) == nil, "a wrong check digit")
    #expect(SightedCode(["gtin": .string(liquor), "raw": "x"]) == .raw("x"), "not ours to judge")
    #expect(SightedCode("x") == nil)
    let long = String(repeating: "码", count: 1_000)
    guard case .raw(let kept) = SightedCode(["raw": .string(long)]) else { return #expect(Bool(false)) }
    #expect(kept.utf8.count <= SightedCode.rawBytesMax + 3)
  }

  @Test("a member's name may be written with escapes, and one longer than all that are known is passed over")
  func names() throws {
    let sighting = try full()
    let text = String(decoding: try sighting.sealed().body, as: UTF8.self)
    let escaped = text.replacing("\"dealer\":", with: "\"\\u0064ealer\":")
    let longer = text.replacing("\"dealer\":", with: "\"dealerdealerdealer\":")
    #expect(escaped != text && longer != text)
    func read(_ body: String) -> Sighting? {
      Sighting(number: 9, at: sighting.at, recorded: sighting.at, body: Array(body.utf8), personal: nil)
    }
    #expect(sighting.dealer != nil)
    #expect(try #require(read(escaped)).dealer == sighting.dealer)
    #expect(try #require(read(longer)).dealer == nil)
  }

  @Test("mutated bodies are read or refused, and never trap", arguments: [1, 2, 3] as [UInt64])
  func fuzz(_ seed: UInt64) throws {
    var random = Seeded(seed)
    let event = try full().sealed()
    let personal = try #require(event.personal)
    var read = 0
    for _ in 0..<20_000 {
      let body = mutated(event.body, &random)
      let place = mutated(personal, &random)
      if var sighting = Sighting(
        number: 1, at: Timestamp(milliseconds: dawn), recorded: Timestamp(milliseconds: dawn), body: body,
        personal: place)
      {
        read += 1
        // Whatever was read can be judged.
        sighting.authenticity = .genuine
        var detectors = StandardDetectors.make(.empty, try atlasMap())
        for place in detectors.indices { _ = detectors[place].observe(sighting) }
      }
    }
    #expect(read > 0, "seed \(seed)")
  }

  private func mutated(_ bytes: [UInt8], _ random: inout Seeded) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes.remove(at: place)
      case 2: bytes.insert(UInt8(ascii: "9"), at: place)
      default: bytes[place] = UInt8(ascii: "0") + UInt8.random(in: 0...9, using: &random)
      }
    }
    return bytes
  }

  @Test("whatever a market brings is read back as it was", arguments: [4, 5] as [UInt64])
  func market(_ seed: UInt64) throws {
    for sighting in try RestartTests.market(seed, count: 2_000) {
      var expected = sighting
      expected.terms = nil
      #expect(try parsed(sighting) == expected, "seed \(seed), event \(sighting.event)")
    }
  }

  @Test("no beginning of a body is taken for the whole")
  func truncated() throws {
    let sighting = try full()
    let body = try sighting.sealed().body
    for length in 0..<body.count {
      let part = Array(body.prefix(length))
      #expect(Sighting(number: 9, at: sighting.at, recorded: sighting.at, body: part, personal: nil) == nil)
    }
  }

  @Test("nesting without end is refused without a deep stack")
  func nesting() throws {
    let sighting = try full()
    for open in ["[", "{\"a\":", "[{\"code\":"] {
      let body = Array(("{\"data\":" + String(repeating: open, count: 100_000)).utf8)
      #expect(Sighting(number: 9, at: sighting.at, recorded: sighting.at, body: body, personal: body) == nil)
    }
  }
}
