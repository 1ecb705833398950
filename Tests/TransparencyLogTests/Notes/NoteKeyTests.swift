import Testing
import TransparencyLog

@Suite struct NoteKeyTests {
  private static let vkey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"

  @Test("verifier keys are read and printed as elsewhere", .enabled(if: Conformance.isPresent, Conformance.absent))
  func conformance() throws {
    for item in try Conformance.cases("vkeys.json") {
      let text = try item.text("vkey")
      guard try item.flag("valid") else {
        #expect(throws: NoteKeyError.self, "\(text)") { try NoteKey(parsing: text) }
        continue
      }
      let key = try NoteKey(parsing: text)
      #expect(key.vkey == text)
      if let skey = item["skey"]?.string {
        #expect(try NoteSigner(parsing: skey).key == key)
      } else {
        #expect(key.name == (try item.text("name")))
        #expect(key.idHex == (try item.text("keyIdHex")))
        #expect(Hex.encode(key.publicKey) == (try item.text("publicKeyHex")))
        #expect(UInt64(key.kind.rawValue) == (try item.number("type")))
      }
    }
  }

  @Test("the example of the specification")
  func example() throws {
    let key = try NoteKey(parsing: Self.vkey)
    #expect(key.name == "example.com/foo")
    #expect(key.id == 0x530d_903a)
    #expect(key.vkey == Self.vkey)
  }

  @Test(
    "a broken verifier key is refused for what is wrong with it",
    arguments: [
      ("", NoteKeyError.wrongParts), ("name+530d903a", .wrongParts),
      ("+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", .badName),
      ("a b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", .badName),
      ("a\u{3000}b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", .badName),
      ("a\u{0}b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", .badName),
      ("example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", .badID),
      ("example.com/foo+530d903+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", .badID),
      ("example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", .idMismatch(expected: "530d903a")),
      ("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2", .badBase64),
      ("example.com/foo+530d903a+", .badBase64), ("example.com/foo+530d903a+AwEB", .unknownType(3)),
      ("example.com/foo+530d903a+AQEB", .badKey), ("example.com/foo+530d903a+AgEB", .badKey),
    ])
  func refused(_ text: String, _ reason: NoteKeyError) {
    #expect(throws: reason) { try NoteKey(parsing: text) }
  }

  @Test("one key under two types has two ids")
  func kinds() throws {
    let seed = [UInt8](repeating: 9, count: 32)
    let log = try NoteSigner(name: "example.com/log", seed: seed)
    let witness = try NoteSigner(name: "example.com/log", seed: seed, kind: .cosignatureV1)
    #expect(log.key.publicKey == witness.key.publicKey)
    #expect(log.key.id != witness.key.id)
    #expect(try NoteKey(parsing: witness.key.vkey) == witness.key)
  }

  @Test("a signer refuses a bad seed, a bad name and a type it cannot sign with, and never prints its seed")
  func signer() throws {
    let seed = [UInt8](repeating: 0xAB, count: 32)
    #expect(throws: NoteKeyError.badKey) { try NoteSigner(name: "a", seed: seed.dropLast()) }
    #expect(throws: NoteKeyError.badName) { try NoteSigner(name: "a b", seed: seed) }
    #expect(throws: NoteKeyError.unknownType(2)) { try NoteSigner(name: "a", seed: seed, kind: .ecdsaP256) }
    let signer = try NoteSigner(name: "a", seed: seed)
    #expect("\(signer)" == "signer of \(signer.key.vkey)")
    #expect(throws: NoteKeyError.wrongParts) { try NoteSigner(parsing: signer.key.vkey) }
    #expect(throws: NoteKeyError.idMismatch(expected: signer.key.idHex)) {
      try NoteSigner(parsing: "PRIVATE+KEY+a+00000000+" + Base64.standard.encode([1] + seed))
    }
  }
}
