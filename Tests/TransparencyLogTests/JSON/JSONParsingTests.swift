import Testing
import TransparencyLog

@Suite struct JSONParsingTests {
  @Test(
    "values are read",
    arguments: [
      ("null", .null), (" true ", true), ("\r\n\tfalse\n", false), ("0", 0), ("-0", 0), ("-1", -1),
      ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
      ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("-9223372036854775809", .number(-0x1p63)),
      ("18446744073709551616", .number(0x1p64)), ("1.0", .number(1)), ("1e2", .number(100)), ("1E+2", .number(100)),
      ("25e-1", .number(2.5)), ("-0.0", .number(-0.0)), ("0.1", .number(0.1)), ("1e-400", .number(0)),
      ("5e-324", .number(.leastNonzeroMagnitude)), ("1.7976931348623157e308", .number(.greatestFiniteMagnitude)),
      ("\"\"", ""), ("\"abc\"", "abc"), ("\"中文😂\"", "中文😂"), ("\"\u{7F}\u{2028}\"", "\u{7F}\u{2028}"),
      ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\u{8}\u{C}\n\r\t"), ("\"\\u0041\\u00e9\\u20AC\"", "Aé€"),
      ("\"\\ud83d\\ude02\"", "😂"), ("\"a\\u0000b\"", "a\u{0}b"), ("\"\\uFFFD\"", "\u{FFFD}"),
      ("[]", []), ("[ ]", []), ("[1,[2],\"3\"]", [1, [2], "3"]), ("{}", [:]), ("{ }", [:]),
      ("{\"a\":{\"b\":[]},\"c\":null}", ["a": ["b": []], "c": nil]), ("{\"\":0}", ["": 0]),
    ] as [(String, JSONValue)])
  func accepted(_ text: String, _ value: JSONValue) throws {
    #expect(try JSONValue(parsing: text) == value)
    #expect(try JSONValue(parsing: Array(text.utf8)) == value)
    #expect(try JSONValue(parsing: Array(text.utf8).lazy.map { $0 }) == value)
    #expect(try JSONValue(parsing: Array(("x" + text).utf8).dropFirst()) == value)
  }

  @Test(
    "what is not JSON is refused with the place and the reason",
    arguments: [
      ("", 0, JSONError.Reason.unexpectedEnd), (" ", 1, .unexpectedEnd), ("nul", 3, .unexpectedEnd),
      ("nulL", 3, .unexpectedByte), ("True", 0, .unexpectedByte), ("NaN", 0, .unexpectedByte),
      ("Infinity", 0, .unexpectedByte), ("-Infinity", 1, .invalidNumber), ("1 2", 2, .trailingBytes),
      ("1]", 1, .trailingBytes), ("{}}", 2, .trailingBytes), ("\u{FEFF}1", 0, .unexpectedByte),
      ("\u{A0}1", 0, .unexpectedByte),
      ("\u{C}1", 0, .unexpectedByte), ("+1", 0, .unexpectedByte), (".5", 0, .unexpectedByte), ("-", 1, .unexpectedEnd),
      ("--1", 1, .invalidNumber), ("01", 0, .invalidNumber), ("-01", 0, .invalidNumber), ("00", 0, .invalidNumber),
      ("1.", 2, .unexpectedEnd), ("1.e1", 2, .invalidNumber), ("1e", 2, .unexpectedEnd), ("1e+", 3, .unexpectedEnd),
      ("1e+-1", 3, .invalidNumber), ("1e1.5", 3, .trailingBytes), ("0x10", 1, .trailingBytes),
      ("1_000", 1, .trailingBytes),
      ("1e400", 0, .numberOutOfRange), ("-1e400", 0, .numberOutOfRange), ("[1,1e309]", 3, .numberOutOfRange),
      ("\"", 1, .unexpectedEnd), ("\"a", 2, .unexpectedEnd), ("\"\\", 2, .unexpectedEnd), ("'a'", 0, .unexpectedByte),
      ("\"\u{0}\"", 1, .controlCharacter), ("\"a\nb\"", 2, .controlCharacter), ("\"\u{1F}\"", 1, .controlCharacter),
      ("\"\\x41\"", 2, .invalidEscape), ("\"\\u12\"", 5, .invalidEscape), ("\"\\u12", 5, .unexpectedEnd),
      ("\"\\U0041\"", 2, .invalidEscape), ("\"\\ud800\"", 1, .loneSurrogate), ("\"\\udc00\"", 1, .loneSurrogate),
      ("\"\\ud800\\ud800\"", 1, .loneSurrogate), ("\"\\ud800x\"", 1, .loneSurrogate),
      ("\"\\ud800\\n\"", 1, .loneSurrogate),
      ("\"\\ude02\\ud83d\"", 1, .loneSurrogate), ("[", 1, .unexpectedEnd), ("[1", 2, .unexpectedEnd),
      ("[1,]", 3, .unexpectedByte),
      ("[,1]", 1, .unexpectedByte), ("[1 2]", 3, .unexpectedByte), ("[1}", 2, .unexpectedByte),
      ("{", 1, .unexpectedEnd),
      ("{1:2}", 1, .unexpectedByte), ("{\"a\"}", 4, .unexpectedByte), ("{\"a\":}", 5, .unexpectedByte),
      ("{\"a\":1,}", 7, .unexpectedByte), ("{\"a\" 1}", 5, .unexpectedByte), ("{,}", 1, .unexpectedByte),
      ("{a:1}", 1, .unexpectedByte), ("{\"a\":1 \"b\":2}", 7, .unexpectedByte), ("/*c*/1", 0, .unexpectedByte),
      ("{\"a\":1,\"a\":1}", 7, .duplicateKey), ("{\"a\":1,\"\\u0061\":2}", 7, .duplicateKey),
      ("{\"\u{E9}\":1,\"e\u{301}\":2}", 8, .duplicateKey), ("[{\"a\":{},\"a\":[]}]", 9, .duplicateKey),
    ])
  func refused(_ text: String, _ offset: Int, _ reason: JSONError.Reason) {
    #expect(throws: JSONError(offset: offset, reason: reason)) { try JSONValue(parsing: text) }
  }

  @Test(
    "ill-formed UTF-8 is refused where it begins, with and without escapes before and after",
    arguments: [
      [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
      [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x9F, 0x98],
      [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE], [0xFF],
    ] as [[UInt8]])
  func illFormed(_ bytes: [UInt8]) {
    for (before, after) in [("", ""), ("é", "é"), ("\\n", ""), ("", "\\n"), ("\\u00e9", "\\ud83d\\ude02")] {
      let document = [0x22] + Array(before.utf8) + bytes + Array(after.utf8) + [0x22]
      let expected = JSONError(offset: 1 + before.utf8.count, reason: .invalidUTF8)
      #expect(throws: expected) { try JSONValue(parsing: document) }
    }
  }

  @Test("nesting to the limit is read, one more is refused, and no limit can exhaust the stack")
  func depth() throws {
    func nested(_ depth: Int) -> [UInt8] {
      [UInt8](repeating: 0x5B, count: depth) + [UInt8](repeating: 0x5D, count: depth)
    }
    #expect(try JSONValue(parsing: nested(32)).array?.count == 1)
    #expect(throws: JSONError(offset: 32, reason: .tooDeep)) { try JSONValue(parsing: nested(33)) }
    #expect(throws: JSONError(offset: 2, reason: .tooDeep)) {
      try JSONValue(parsing: nested(3), limits: JSONLimits(depth: 2))
    }
    let most = JSONLimits(depth: .max, bytes: .max)
    #expect(most.depth == JSONLimits.maxDepth)
    #expect(try JSONValue(parsing: nested(256), limits: most).array?.count == 1)
    #expect(throws: JSONError(offset: 256, reason: .tooDeep)) {
      try JSONValue(parsing: nested(1_000_000), limits: most)
    }
    #expect(throws: JSONError(offset: 5 * 32, reason: .tooDeep)) {
      try JSONValue(parsing: String(repeating: "{\"a\":", count: 100))
    }
  }

  @Test("a document over the limit of bytes is not read")
  func length() throws {
    let limits = JSONLimits(bytes: 4)
    #expect(try JSONValue(parsing: "true", limits: limits) == true)
    #expect(throws: JSONError(offset: 4, reason: .tooLong)) { try JSONValue(parsing: "false", limits: limits) }
    #expect(throws: JSONError(offset: 1 << 20, reason: .tooLong)) {
      try JSONValue(parsing: [UInt8](repeating: 0x20, count: 1 << 20 + 1))
    }
  }

  @Test("a floating point number may have 1 024 characters")
  func longNumber() throws {
    let most = "0." + String(repeating: "1", count: 1022)
    #expect(try JSONValue(parsing: most) == .number(1.0 / 9))
    #expect(throws: JSONError(offset: 0, reason: .numberTooLong)) { try JSONValue(parsing: most + "1") }
    #expect(throws: JSONError(offset: 0, reason: .numberTooLong)) {
      try JSONValue(parsing: String(repeating: "9", count: 500_000))
    }
  }

  @Test("an error says what and where, and repeats nothing that was sent")
  func description() {
    #expect("\(JSONError(offset: 7, reason: .duplicateKey))" == "the same name occurs twice in an object (at byte 7)")
  }
}
