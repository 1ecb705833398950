import Codes
import Testing

@Suite("Item serial")
struct ItemSerialTests {
  @Test("what is typed in lower case, with O for 0 or I and L for 1, is the same serial")
  func spelling() throws {
    let canonical = try ItemSerial("10ABCDEFGH1J0KMN")
    for typed in ["10abcdefgh1j0kmn", "loAbCdEfGhIjOkMn", "IOABCDEFGHLJoKMN"] {
      #expect(try ItemSerial(typed) == canonical)
      #expect(try ItemSerial(typed).description == "10ABCDEFGH1J0KMN")
    }
  }

  @Test("the length says the profile")
  func profile() throws {
    #expect(try ItemSerial(String(repeating: "Z", count: 16)).profile == .compact)
    #expect(try ItemSerial(String(repeating: "Z", count: 20)).profile == .strong)
  }

  @Test("the first four bits are the epoch")
  func epoch() throws {
    #expect(try ItemSerial("0000000000000000").epoch.rawValue == 0)
    #expect(try ItemSerial("2000000000000000").epoch.rawValue == 1)
    #expect(try ItemSerial("1ZZZZZZZZZZZZZZZ").epoch.rawValue == 0)
    #expect(try ItemSerial("ZZZZZZZZZZZZZZZZZZZZ").epoch.rawValue == 15)
  }

  @Test("every text of 16 or 20 characters of the alphabet prints back the same")
  func roundTrip() throws {
    let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    var random = SeededGenerator(1)
    for round in 0..<20_000 {
      let text = String((0..<(round % 2 == 0 ? 16 : 20)).map { _ in alphabet[Int(random.next() % 32)] })
      #expect(try ItemSerial(text).description == text)
    }
  }

  @Test("other lengths are refused", arguments: [0, 1, 15, 17, 18, 19, 21, 64, 1000])
  func length(count: Int) {
    let expected = CodeError.wrongLength(field: "serial", expected: "16 or 20 characters", found: min(count, 64))
    #expect(throws: expected) { try ItemSerial(String(repeating: "A", count: count)) }
  }

  @Test(
    "U, punctuation, blanks and other scripts are refused", arguments: ["U", "u", "-", " ", "_", "@", "\u{0}", "~"])
  func alphabet(character: String) {
    #expect(throws: CodeError.badAlphabet(field: "serial")) { try ItemSerial("000000000000000" + character) }
    #expect(throws: CodeError.badAlphabet(field: "serial")) { try ItemSerial(character + "000000000000000") }
    #expect(throws: CodeError.badAlphabet(field: "serial")) { try ItemSerial("00000000000000é") }
  }
}
