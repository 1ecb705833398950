import Codes
import Testing

/// Arbitrary input into every parser: it may be refused, with one of our errors, and nothing else may happen. A trap
/// would end the test process.
@Suite("Fuzz")
struct FuzzTests {
  /// Good codes that mutation starts from.
  static let corpus = [
    "https://id.example.cn/01/06901234567892/21/75D2SZ6Z8P62FDE8", "(01)06901234567892(21)75D2SZ6Z8P62FDE8",
    "]d201069012345678922175D2SZ6Z8P62FDE8\u{1D}10L1\u{1D}91ABC", "106901234500000010",
    "https://a.b:8443/x/y/01/06901234567892/22/V/10/L%2F/21/Z?17=271231&91=A.B&8030=QUJD#f", "1.6901234", "690123456",
    "HTTPS://[::1]:1/414/6901234567892/254/%", "(253)6901234567892ABC(8003)06901234567892X", "75D2SZ6Z8P62FDE8",
    "https://id.example.cn/00/106901234500000010?8030=" + String(repeating: "A", count: 86)
      + "&91=H16Y3FXN.DN-1.D001.tlpwu8.43",
    "7258", "42352852", "7007260101", "8008261231", "3103000195", "\u{1D}\u{1D}", "%%%25%2", "0100000000000000",
  ]

  /// Bytes that mean something to one of the parsers.
  private static let spice = Array("()[]%/?&=#.-_:^\\+ ".utf8) + [0, 0x1D, 0x0A, 0x7F, 0x80, 0xC3, 0xFF]

  private static func mutated(_ random: inout SeededGenerator) -> String {
    var bytes = Array(corpus[Int(random.next() % UInt64(corpus.count))].utf8)
    for _ in 0...(random.next() % 6) {
      let place = Int(random.next() % UInt64(bytes.count + 1))
      switch random.next() % 6 {
      case 0: bytes.insert(spice[Int(random.next() % UInt64(spice.count))], at: place)
      case 1: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
      case 2: bytes = Array(bytes.prefix(place))
      case 3: bytes = Array(bytes.dropFirst(place))
      case 4 where place < bytes.count: bytes[place] = UInt8(truncatingIfNeeded: random.next())
      default: bytes += Array(corpus[Int(random.next() % UInt64(corpus.count))].utf8.prefix(place))
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func noise(_ random: inout SeededGenerator) -> String {
    String(decoding: (0..<(random.next() % 80)).map { _ in UInt8(truncatingIfNeeded: random.next()) }, as: UTF8.self)
  }

  /// Puts `text` through every parser, and what comes out of one through the next.
  private static func tryAll(_ text: String, with ring: SealKeyRing, _ cipher: ProductCipher) -> [CodeError?] {
    [
      failure { try GTIN(text) }, failure { try SSCC(text) }, failure { try BoxSeries(key: text) },
      failure { try ItemSerial(text) }, failure { try cipher.index(of: ItemSerial(text)) },
      failure { try Resolver(text) }, failure { try DigitalLink(text) },
      failure { try DigitalLink(ElementString(bracketed: text)) },
      failure { try DigitalLink(ElementString(scannerData: text)).uri(Resolver("https://a")) },
      failure { try ScannedCode(text) }, failure { try ring.verify(ScannedCode(text)) },
      failure { try SealedCode(ScannedCode("https://x/00/106901234500000010?8030=\(text)&91=\(text)")) },
      failure { try BoxSeries(extensionDigit: text.utf8.count, companyPrefix: text) },
      failure {
        try SealStatement(
          subject: .item(gtin: cipher.gtin, serial: text), dealer: text, territories: [text], dispatch: text,
          sealedAt: Int64(text.utf8.count), keyID: text)
      },
    ]
  }

  @Test(
    "150 000 mutated and arbitrary texts are refused or read by all parsers, and none traps",
    arguments: [11, 12, 13] as [UInt64])
  func everything(seed: UInt64) throws {
    var random = SeededGenerator(seed)
    let ring = try Fixture.ring()
    let cipher = try Fixture.cipher()
    var read = 0
    for round in 0..<50_000 {
      let text = round % 4 == 0 ? Self.noise(&random) : Self.mutated(&random)
      let failures = Self.tryAll(text, with: ring, cipher)
      read += failures.count { $0 == nil }
      for case .some(let error) in failures {
        // No message may carry control codes or more of the input than its first characters.
        #expect(error.description.utf8.count < 200 && error.description.utf8.allSatisfy { $0 >= 0x20 }, "seed \(seed)")
      }
    }
    #expect(read > 1_000, "mutation should leave some texts readable; seed \(seed)")
  }

  @Test("what is read prints to something that reads the same")
  func stable() throws {
    var random = SeededGenerator(14)
    let resolver = try Fixture.resolver()
    var links = 0
    for _ in 0..<60_000 {
      let text = Self.mutated(&random)
      if let code = try? ScannedCode(text) {
        #expect(try ScannedCode(resolver.uri(of: code.subject)).subject == code.subject, "\(text)")
      }
      guard let link = try? DigitalLink(text) else { continue }
      links += 1
      #expect(try DigitalLink(link.uri(resolver)) == link, "\(text)")
    }
    #expect(links > 500)
  }

  @Test("key sets of any bytes are refused or read")
  func keySets() throws {
    var random = SeededGenerator(15)
    let good = try Fixture.ring().jwks()
    for _ in 0..<5_000 {
      var bytes = good
      for _ in 0...(random.next() % 3) {
        bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
      }
      if random.next() % 5 == 0 { bytes = Array(bytes.prefix(Int(random.next() % UInt64(bytes.count)))) }
      _ = try? SealKeyRing(jwks: bytes)
    }
  }

  @Test("the worst texts of 2 048 bytes take no longer than any other")
  func linear() {
    let clock = ContinuousClock()
    for unit in ["(", "\\(", "%", "/", "&", "=", "10\u{1D}", "(10)A", "01", "?1=", "/01/", "\u{1D}", " ", "91A\u{1D}"] {
      let body = String(repeating: unit, count: 2_040 / unit.utf8.count)
      for text in [body, "https://x/" + body.prefix(2_030), "https://x/00/106901234500000010?" + body.prefix(2_000)] {
        let time = clock.measure { for _ in 0..<20 { _ = try? ScannedCode(text) } }
        #expect(time < .milliseconds(400), "\(unit) takes \(time) for 20 codes")
      }
    }
  }
}
