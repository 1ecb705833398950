import Labels
import Testing

@Suite("QR symbols")
struct QRSymbolTests {
  @Test("an item code is two segments, byte for scheme and host and alphanumeric for the rest, at most version 4")
  func itemCode() throws {
    var random = Seeded(11)
    for _ in 0..<500 {
      let serial = random.text(16, of: Sample.crockford)
      let symbol = try QRSymbol("https://id.example.cn/01/06901234567892/21/" + serial)
      #expect(symbol.version <= 4)
      #expect(symbol.level == .medium)
      #expect(symbol.segments.map(\.mode) == [.byte, .alphanumeric])
      #expect(text(symbol.segments[0].bytes) == "https://id.example.cn")
      #expect(text(symbol.segments[1].bytes) == "/01/06901234567892/21/" + serial)
    }
  }

  @Test("a sealed box code has its SSCC in numeric mode, its seal in byte mode, and a smaller symbol for it")
  func sealedCode() throws {
    var random = Seeded(12)
    for _ in 0..<50 {
      let label = Sample.box(&random)
      let symbol = try QRSymbol(label.uri)
      let modes = Dictionary(grouping: symbol.segments, by: \.mode)
      #expect(modes[.numeric]?.contains { text($0.bytes) == label.sscc } == true)
      #expect(modes[.byte]?.contains { text($0.bytes).contains("&8030=") } == true)
      // Lower case letters only, as many: nothing but byte mode.
      let plain = try QRSymbol(String(repeating: "x", count: label.uri.utf8.count))
      #expect(symbol.version < plain.version)
    }
  }

  @Test("segments put together are the text, whatever the text")
  func segmentsCover() throws {
    var random = Seeded(13)
    for _ in 0..<300 {
      let alphabet = ["0123456789", "0123456789ABCDEF", "0A/a"].randomElement(using: &random) ?? "0"
      let given = random.text(Int.random(in: 1...300, using: &random), of: alphabet)
      let symbol = try QRSymbol(given)
      #expect(text(symbol.segments.flatMap(\.bytes)) == given)
      for (one, next) in zip(symbol.segments, symbol.segments.dropFirst()) { #expect(one.mode != next.mode) }
    }
  }

  @Test("no cut of a short text into up to three segments is cheaper by more than the reluctance")
  func cheapest() throws {
    var random = Seeded(14)
    for _ in 0..<200 {
      let given = random.text(Int.random(in: 1...24, using: &random), of: "01234AB/ab")
      let symbol = try QRSymbol(given)
      let chosen = symbol.segments.reduce(0.0) { $0 + bits($1.mode, Array($1.bytes)) }
      // Each segment but the first may cost up to eight bits that were not taken; see QRSegments.
      let best = cheapestCut(Array(given.utf8)[...], segments: 3)
      #expect(chosen <= best + 16.01, "seed \(random.seed): \(given)")
    }
  }

  private func cheapestCut(_ bytes: ArraySlice<UInt8>, segments: Int) -> Double {
    var best = mode(bytes).map { bits($0, Array(bytes)) } ?? .infinity
    guard segments > 1 else { return best }
    for cut in bytes.indices.dropFirst() {
      let head = bytes[..<cut]
      guard let mode = mode(head) else { continue }
      best = min(best, bits(mode, Array(head)) + cheapestCut(bytes[cut...], segments: segments - 1))
    }
    return best
  }

  /// The densest mode that holds the bytes.
  private func mode(_ bytes: ArraySlice<UInt8>) -> QRSegment.Mode? {
    let alphanumeric = Set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:".utf8)
    if bytes.allSatisfy({ (48...57).contains($0) }) { return .numeric }
    return bytes.allSatisfy(alphanumeric.contains) ? .alphanumeric : .byte
  }

  /// Bits of a segment in a symbol of version 1 … 9.
  private func bits(_ mode: QRSegment.Mode, _ bytes: [UInt8]) -> Double {
    switch mode {
    case .numeric: 14 + (Double(bytes.count) * 10 / 3).rounded(.up)
    case .alphanumeric: 13 + (Double(bytes.count) * 11 / 2).rounded(.up)
    case .byte: 12 + Double(bytes.count) * 8
    }
  }

  @Test(
    "a symbol has 17 + 4 × version modules a side and its three finder patterns", arguments: ErrorCorrection.allCases)
  func finders(_ level: ErrorCorrection) throws {
    for length in [1, 20, 60, 200, 500, 1_000] {
      let symbol = try QRSymbol(String(repeating: "x", count: length), level: level)
      #expect(symbol.size == 17 + 4 * symbol.version)
      for (left, top) in [(0, 0), (symbol.size - 7, 0), (0, symbol.size - 7)] {
        for place in 0..<49 {
          let (y, x) = place.quotientAndRemainder(dividingBy: 7)
          let ring = max(abs(x - 3), abs(y - 3))
          #expect(symbol.isDark(x: left + x, y: top + y) == (ring != 2))
        }
      }
    }
  }

  @Test("modules outside the symbol are light")
  func outside() throws {
    let symbol = try QRSymbol("x")
    for (x, y) in [(-1, 0), (0, -1), (21, 0), (0, 21), (Int.min, Int.max)] { #expect(!symbol.isDark(x: x, y: y)) }
  }

  @Test("nothing, text beyond ASCII, and text beyond version 40 are refused")
  func refused() throws {
    #expect(throws: LabelError.notEncodable(bytes: 0)) { try QRSymbol("") }
    #expect(throws: LabelError.notEncodable(bytes: 3)) { try QRSymbol("码") }
    #expect(throws: LabelError.notEncodable(bytes: 8_000)) { try QRSymbol(String(repeating: "x", count: 8_000)) }
    // The largest symbol of level M holds 2 331 bytes.
    #expect(try QRSymbol(String(repeating: "x", count: 2_331)).version == 40)
    #expect(throws: LabelError.notEncodable(bytes: 2_332)) { try QRSymbol(String(repeating: "x", count: 2_332)) }
  }
}
