import Testing
import TransparencyLog

@Suite struct JSONFuzzTests {
  private static let pieces = [
    "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "d83d", "\\ude02", "\\n", "-", "0", "1", "9", ".", "e", "E+",
    "true",
    "null", "fals", " ", "\n", "a", "中", "\"a\":", "\u{0}", "123456789012345678901234567890",
  ]

  @Test("whatever is read prints canonically and reads back the same", arguments: [UInt64](1...300))
  func tokens(seed: UInt64) {
    var random = Seeded(seed: seed)
    for _ in 0..<100 {
      check(random.text(of: Self.pieces, count: Int.random(in: 0...12, using: &random)), seed)
    }
  }

  @Test("arbitrary bytes never do harm", arguments: [UInt64](1...100))
  func bytes(seed: UInt64) {
    var random = Seeded(seed: seed)
    for _ in 0..<100 {
      check(random.bytes(Int.random(in: 0...40, using: &random)), seed)
      check([0x22] + random.bytes(Int.random(in: 0...8, using: &random)) + [0x22], seed)
    }
  }

  @Test(
    "arbitrary values are read back from their bytes, and changed bytes are read or refused",
    arguments: [UInt64](1...300))
  func values(seed: UInt64) throws {
    var random = Seeded(seed: seed)
    let value = Self.value(&random, depth: 4)
    let bytes = value.canonicalBytes
    #expect(try JSONValue(parsing: bytes).canonicalBytes == bytes, "seed \(seed)")
    #expect(try JSONValue(parsing: value.prettyBytes).canonicalBytes == bytes, "seed \(seed)")
    for _ in 0..<20 { check(random.mutation(of: bytes), seed) }
  }

  @Test("every beginning of a document is refused, at its end")
  func beginnings() throws {
    let document = Array(#"{"a":[1.5e3,true,"x\u00e9\ud83d\ude02"],"b":{"c":null}}"#.utf8)
    for count in document.indices {
      let error = #expect(throws: JSONError.self) { try JSONValue(parsing: document[..<count]) }
      #expect(try #require(error).offset <= count)
    }
    #expect(try JSONValue(parsing: document)["b"]?["c"] == .null)
  }

  /// Reading is a projection: what it accepts has one spelling, and that spelling reads as the same value.
  private func check(_ bytes: [UInt8], _ seed: UInt64) {
    do {
      let value = try JSONValue(parsing: bytes)
      let canonical = value.canonicalBytes
      let again = try JSONValue(parsing: canonical)
      #expect(again.canonicalBytes == canonical, "seed \(seed)")
    } catch {
      #expect((0...bytes.count).contains(error.offset), "seed \(seed)")
    }
  }

  private static func value(_ random: inout Seeded, depth: Int) -> JSONValue {
    switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &random) {
    case 0: return .null
    case 1: return .bool(.random(using: &random))
    case 2: return .integer(Int64(bitPattern: random.next()))
    case 3: return .number(Double.random(in: -1e6...1e6, using: &random))
    case 4, 5: return .string(text(&random))
    case 6: return .array((0..<Int.random(in: 0...5, using: &random)).map { _ in value(&random, depth: depth - 1) })
    default:
      let members = (0..<Int.random(in: 0...5, using: &random)).map { _ in
        (text(&random), value(&random, depth: depth - 1))
      }
      return .object(Dictionary(members, uniquingKeysWith: { $1 }))
    }
  }

  private static func text(_ random: inout Seeded) -> String {
    let pieces = ["a", "\"", "\\", "\n", "\u{0}", "é", "中", "\u{FFFF}", "😂", "/", "\u{7F}"]
    return String(decoding: random.text(of: pieces, count: Int.random(in: 0...6, using: &random)), as: UTF8.self)
  }
}
