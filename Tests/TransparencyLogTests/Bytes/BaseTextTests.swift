import Testing
import TransparencyLog

@Suite struct BaseTextTests {
  @Test(
    "base64 gives the values of RFC 4648 §10",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
      ("foobar", "Zm9vYmFy"),
    ])
  func knownValues(_ plain: String, _ text: String) {
    #expect(Base64.standard.encode(plain.utf8) == text)
    #expect(Base64.standard.decode(text.utf8) == Array(plain.utf8))
    #expect(Base64.url.encode(plain.utf8) == text.filter { $0 != "=" })
  }

  @Test("the last two characters of the alphabets are told apart")
  func alphabets() {
    let bytes: [UInt8] = [0xFB, 0xFF, 0xBF]
    #expect(Base64.standard.encode(bytes) == "+/+/")
    #expect(Base64.url.encode(bytes) == "-_-_")
    #expect(Base64.standard.decode("-_-_".utf8) == nil)
    #expect(Base64.url.decode("+/+/".utf8) == nil)
  }

  @Test(
    "a second spelling of the same bytes is refused",
    arguments: ["Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Z", "====", "Zm9v=", "Zm9v\n", " Zm9v", "Zm=9v", "Zg==Zg=="])
  func otherSpellings(_ text: String) {
    #expect(Base64.standard.decode(text.utf8) == nil)
  }

  @Test("base64url refuses padding and spare bits", arguments: ["Zg==", "Zh", "Zm9", "Z", "Zm9vY"])
  func otherSpellingsURL(_ text: String) {
    #expect(Base64.url.decode(text.utf8) == nil)
  }

  @Test("every decodable text is the encoding of what it decodes to", arguments: [UInt64](1...20))
  func canonical(seed: UInt64) {
    var random = Seeded(seed: seed)
    for count in 0..<200 {
      let bytes = random.bytes(count)
      for coding in [Base64.standard, .url] {
        let text = Array(coding.encode(bytes).utf8)
        #expect(coding.decode(text) == bytes, "seed \(seed)")
        let changed = random.mutation(of: text)
        if let decoded = coding.decode(changed) {
          #expect(Array(coding.encode(decoded).utf8) == changed, "seed \(seed)")
        }
      }
      #expect(Hex.decode(Hex.encode(bytes).utf8) == bytes)
    }
  }

  @Test("hexadecimal is lower-case pairs and nothing else", arguments: ["0", "0g", "AB", "a b ", "0x12", "é"])
  func badHex(_ text: String) {
    #expect(Hex.decode(text.utf8) == nil)
  }
}
