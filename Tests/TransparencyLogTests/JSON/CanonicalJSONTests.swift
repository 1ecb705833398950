import Testing
import TransparencyLog

/// The samples of RFC 8785.
@Suite struct CanonicalJSONTests {
  @Test(
    "numbers are printed as in RFC 8785 appendix B",
    arguments: [
      (0x0000_0000_0000_0000, "0"), (0x8000_0000_0000_0000, "0"), (0x0000_0000_0000_0001, "5e-324"),
      (0x8000_0000_0000_0001, "-5e-324"), (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
      (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"), (0x4340_0000_0000_0000, "9007199254740992"),
      (0xc340_0000_0000_0000, "-9007199254740992"), (0x4430_0000_0000_0000, "295147905179352830000"),
      (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"), (0x44b5_2d02_c7e1_4af6, "1e+23"),
      (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"), (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
      (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"), (0x444b_1ae4_d6e2_ef50, "1e+21"),
      (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"), (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
      (0x41b3_de43_5555_5553, "333333333.3333332"), (0x41b3_de43_5555_5554, "333333333.33333325"),
      (0x41b3_de43_5555_5555, "333333333.3333333"), (0x41b3_de43_5555_5556, "333333333.3333334"),
      (0x41b3_de43_5555_5557, "333333333.33333343"), (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
      (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
    ] as [(UInt64, String)])
  func numbers(_ bits: UInt64, _ text: String) {
    #expect(JSONValue.number(Double(bitPattern: bits)).description == text)
  }

  @Test(
    "numbers change their form where ECMAScript's do",
    arguments: [
      (1e20, "100000000000000000000"), (123_456_789_012_345_683_968, "123456789012345680000"), (1e21, "1e+21"),
      (1.5e300, "1.5e+300"), (1e-6, "0.000001"), (1.25e-6, "0.00000125"), (1e-7, "1e-7"), (1.25e-7, "1.25e-7"),
      (0.5, "0.5"),
      (100, "100"), (120.5, "120.5"), (-1.5, "-1.5"), (31.230416, "31.230416"), (0.1 + 0.2, "0.30000000000000004"),
      (4.35, "4.35"), (9_007_199_254_740_992, "9007199254740992"), (1e16, "10000000000000000"), (2e-3, "0.002"),
    ])
  func forms(_ number: Double, _ text: String) {
    #expect(JSONValue.number(number).description == text)
  }

  @Test("a number that is none is printed as ECMAScript does, integers with all their digits")
  func beyond() {
    #expect(
      JSONValue.array([.number(.nan), .number(.infinity), .number(-.infinity)]).description == "[null,null,null]")
    #expect(JSONValue.integer(.min).description == "-9223372036854775808")
    #expect(JSONValue.integer(9_007_199_254_740_993).description == "9007199254740993")
  }

  @Test("any number reads back as itself, and prints the same again", arguments: [UInt64](1...50))
  func numberRoundTrip(seed: UInt64) throws {
    var random = Seeded(seed: seed)
    for _ in 0..<200 {
      let number = Double(bitPattern: random.next())
      guard number.isFinite else { continue }
      let value = JSONValue.number(number)
      let read = try JSONValue(parsing: value.canonicalBytes)
      #expect(read.double == number, "seed \(seed)")
      #expect(read.canonicalBytes == value.canonicalBytes, "seed \(seed)")
    }
  }

  @Test("the sample of RFC 8785 §3.2.2 has the bytes of §3.2.4")
  func sample() throws {
    let text = #"""
      {
        "numbers": [333333333.33333329, 1E30, 4.50,
                    2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
        "literals": [null, true, false]
      }
      """#
    let expected =
      "7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a"
      + "5b3333333333333333332e333333333333332c31652b33302c342e352c302e3030322c31652d32375d"
      + "2c22737472696e67223a22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d"
    let bytes = try JSONValue(parsing: text).canonicalBytes
    #expect(Hex.encode(bytes) == expected)
    #expect(
      String(decoding: bytes, as: UTF8.self)
        == #"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#
        + #""string":"€$\u000f\nA'B\"\\\\\"/"}"#)
  }

  @Test("the sample of RFC 8785 §3.2.3 is sorted by UTF-16 units")
  func sorting() throws {
    let text = #"""
      {"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
       "\ud83d\ude02": "Smiley", "\u0080": "Control\u007f", "\u00f6": "Latin Small Letter O With Diaeresis"}
      """#
    let canonical = try JSONValue(parsing: text).description
    let order = ["Carriage Return", "One", "Control", "Latin", "Euro Sign", "Smiley", "Hebrew"]
    let places = try order.map { try #require(canonical.firstRange(of: $0)).lowerBound }
    #expect(places == places.sorted())
    #expect(canonical.hasPrefix(#"{"\r":"Carriage Return","1":"One","#))
  }

  @Test("names sort as the standard library's UTF-16 views do", arguments: [UInt64](1...100))
  func order(seed: UInt64) throws {
    var random = Seeded(seed: seed)
    let pieces = [
      "a", "b", "", "\u{7F}", "\u{80}", "é", "\u{7FF}", "\u{800}", "\u{D7FF}", "\u{E000}", "\u{FFFF}", "\u{10000}",
      "\u{10FFFF}", "😂",
    ]
    let names = (0..<20).map { _ in String(decoding: random.text(of: pieces, count: 4), as: UTF8.self) }
    let object = JSONValue.object(Dictionary(names.map { ($0, .integer(0)) }, uniquingKeysWith: { $1 }))
    let expected = Set(names).sorted { $0.utf16.lexicographicallyPrecedes($1.utf16) }
    let read = object.description.dropFirst().dropLast().split(separator: ":0").map { $0.drop { $0 == "," } }
    #expect(read.map { String($0.dropFirst().dropLast()) } == expected, "seed \(seed)")
  }

  @Test("only what must be is escaped")
  func escapes() {
    let text = String(decoding: (0...0x7F).map { UInt8($0) }, as: UTF8.self) + "\u{2028}中"
    #expect(
      JSONValue.string(text).description
        == #""\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f\u0010\u0011\u0012\u0013"#
        + ##"\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f !"##
        + ##"\"#$%&'()*+,-./0123456789:;<=>?@"##
        + "ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\\\]^_`abcdefghijklmnopqrstuvwxyz{|}~\u{7F}\u{2028}中\"")
  }

  @Test("pretty bytes have the canonical order, with two spaces a level")
  func pretty() throws {
    let value: JSONValue = ["b": [1, [], [:]], "a": ["x": nil]]
    let text = """
      {
        "a": {
          "x": null
        },
        "b": [
          1,
          [],
          {}
        ]
      }

      """
    #expect(String(decoding: value.prettyBytes, as: UTF8.self) == text)
    #expect(try JSONValue(parsing: value.prettyBytes) == value)
  }
}
