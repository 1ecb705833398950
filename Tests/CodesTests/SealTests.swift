import Codes
import Testing

@Suite("Seal statement")
struct SealStatementTests {
  private func statement(
    dealer: String = "D001", territories: [String] = ["430000"], dispatch: String = "DN-1",
    at time: Int64 = 1_790_000_000
  ) throws -> SealStatement {
    try SealStatement(
      subject: try Fixture.box(), dealer: dealer, territories: territories, dispatch: dispatch, sealedAt: time,
      keyID: try Fixture.sealingKey().keyID)
  }

  @Test("what is signed is the purpose, the identifiers and (91), a line each")
  func canonicalBytes() throws {
    let statement = try statement(territories: ["440100", "430000", "430000", "JP-13", "430102"])
    let key = try Fixture.sealingKey().keyID
    #expect(statement.text == "\(key).DN-1.D001.tlpwu8.43_430102_4401_JP-13")
    #expect(
      String(decoding: statement.canonicalBytes, as: UTF8.self)
        == "yima/seal/v1\n(00)106901234500000010\n\(statement.text)\n")
  }

  @Test("territories are sorted and each is once")
  func sorted() throws {
    #expect(try statement(territories: ["440000", "430000", "440000"]).territories == ["430000", "440000"])
    #expect(try statement(territories: ["440000", "430000"]) == statement(territories: ["430000", "440000"]))
  }

  @Test("the longest fields with a long list fill the 90 characters of (91) exactly")
  func longest() throws {
    let long = try statement(
      dealer: String(repeating: "d", count: 32), territories: (11...65).map { "\($0)0000" },
      dispatch: String(repeating: "9", count: 16), at: 78_364_164_095)
    #expect(long.text.utf8.count == 90)
    #expect(long.text.utf8.allSatisfy { $0 != UInt8(ascii: "~") && $0 != UInt8(ascii: "%") })
    #expect(long.territoriesAreKnown)
    #expect(long.territories.count == 55)
  }

  @Test(
    "what cannot be sealed is refused with the field",
    arguments: [
      ("", ["430000"], "DN-1", 1, SealFault.badDealer), ("D.1", ["430000"], "DN-1", 1, .badDealer),
      ("D 1", ["430000"], "DN-1", 1, .badDealer),
      (String(repeating: "D", count: 33), ["430000"], "DN-1", 1, .badDealer),
      ("经销商", ["430000"], "DN-1", 1, .badDealer), ("D", [], "DN-1", 1, .badTerritories),
      ("D", ["43"], "DN-1", 1, .badTerritories), ("D", ["430000", ""], "DN-1", 1, .badTerritories),
      ("D", ["jp"], "DN-1", 1, .badTerritories), ("D", ["JP-"], "DN-1", 1, .badTerritories),
      ("D", ["JP-1234"], "DN-1", 1, .badTerritories), ("D", ["430000"], "", 1, .badDispatch),
      ("D", ["430000"], "dn-1", 1, .badDispatch), ("D", ["430000"], "12345678901234567", 1, .badDispatch),
      ("D", ["430000"], "DN-1", -1, .badTime), ("D", ["430000"], "DN-1", 78_364_164_096, .badTime),
    ] as [(String, [String], String, Int64, SealFault)])
  func refused(dealer: String, territories: [String], dispatch: String, time: Int64, fault: SealFault) {
    #expect(throws: CodeError.malformedSeal(fault)) {
      try statement(dealer: dealer, territories: territories, dispatch: dispatch, at: time)
    }
  }

  @Test("two statements never have the same bytes")
  func unambiguous() throws {
    var seen: [[UInt8]: String] = [:]
    for dealer in ["A", "A-B", "A_B", "AB"] {
      for dispatch in ["1", "1-1", "11"] {
        for territories in [["110000"], ["110100"], ["110000", "120000"], ["CN"], ["CN", "JP"]] {
          for time in [0, 1, 35, 36, 1_790_000_000] as [Int64] {
            let bytes = try statement(dealer: dealer, territories: territories, dispatch: dispatch, at: time)
              .canonicalBytes
            let name = "\(dealer) \(dispatch) \(territories) \(time)"
            #expect(seen.updateValue(name, forKey: bytes) == nil)
          }
        }
      }
    }
    #expect(seen.count == 300)
  }
}

@Suite("Seal key ring")
struct SealKeyRingTests {
  private let long = (11...65).map { "\($0)0000" }

  private func sealed(_ fill: UInt8 = 0xC0, territories: [String] = ["430000"], at time: Int64 = 1_790_000_000) throws
    -> String
  {
    let key = try Fixture.sealingKey(fill)
    return try key.seal(Fixture.box(), dealer: "D001", territories: territories, dispatch: "DN-1", at: time)
      .uri(Fixture.resolver())
  }

  @Test("a seal survives its printing and reading, in every spelling of the code")
  func roundTrip() throws {
    let uri = try sealed()
    let link = try DigitalLink(uri)
    #expect(link.uri(try Fixture.resolver()) == uri)
    let string = try ElementString(bracketed: link.elements.map { "(\($0.identifier))\($0.value)" }.joined())
    for raw in [uri, string.bracketed, string.scannerData, "]C1" + string.scannerData] {
      let seal = try Fixture.ring().verify(ScannedCode(raw))
      #expect(seal.statement.dealer == "D001")
      #expect(seal.statement.territories == ["430000"])
      #expect(seal.statement.dispatch == "DN-1")
      #expect(seal.statement.sealedAt == 1_790_000_000)
    }
  }

  @Test("an item label can be sealed the same way")
  func item() throws {
    let subject = ScannedCode.Subject.item(gtin: try Fixture.gtin(), serial: "75D2SZ6Z8P62FDE8")
    let code = try Fixture.sealingKey().seal(
      subject, dealer: "D", territories: ["CN"], dispatch: "1", at: 1_790_000_000)
    let seal = try Fixture.ring().verify(ScannedCode(code.uri(Fixture.resolver())))
    #expect(seal.statement == code.statement)
  }

  @Test("sealing the same dispatch again gives the same label")
  func deterministic() throws {
    #expect(try sealed() == sealed())
  }

  @Test("any changed character of a seal is refused, and a changed SSCC with a right check digit is tampered")
  func tampered() throws {
    let uri = try sealed()
    let query = try #require(uri.firstIndex(of: "?"))
    var refused: [String: Int] = [:]
    for place in uri.indices[query...].dropFirst() where uri[place] != "=" && uri[place] != "&" {
      for other in ["A", "B", "0", "_"] where String(uri[place]) != other {
        let changed = uri.replacingCharacters(place, with: other)
        let slug = failure { try Fixture.ring().verify(ScannedCode(changed)) }?.slug
        #expect(slug != nil, "\(changed)")
        refused[slug ?? "", default: 0] += 1
      }
    }
    #expect(refused["tampered-seal", default: 0] > 250, "\(refused)")
    let moved = uri.replacing("106901234500000010", with: "106901234500000027")
    #expect(throws: CodeError.tamperedSeal) { try Fixture.ring().verify(ScannedCode(moved)) }
  }

  @Test("the state of the key decides, after the signature")
  func keys() throws {
    let ring = try Fixture.ring()
    let revoked = try Fixture.sealingKey(0xC1).keyID
    #expect(throws: CodeError.unknownSealKey(try Fixture.sealingKey(0xC2).keyID)) {
      try ring.verify(ScannedCode(sealed(0xC2)))
    }
    #expect(throws: CodeError.revokedSealKey(revoked)) { try ring.verify(ScannedCode(sealed(0xC1, at: 1_750_000_000))) }
    #expect(try ring.verify(ScannedCode(sealed(0xC1, at: 1_749_999_999))).statement.keyID == revoked)
    #expect(throws: CodeError.prematureSealKey(try Fixture.sealingKey().keyID)) {
      try ring.verify(ScannedCode(sealed(at: 1_699_999_999)))
    }
    let tampered = try sealed(0xC1).replacing(".D001.", with: ".D002.")
    #expect(throws: CodeError.tamperedSeal) { try ring.verify(ScannedCode(tampered)) }
  }

  @Test("a long list is carried as a digest, which a known list is checked against")
  func digest() throws {
    let ring = try Fixture.ring()
    let code = try ScannedCode(sealed(territories: long))
    let blind = try ring.verify(code)
    #expect(!blind.statement.territoriesAreKnown)
    #expect(try ring.verify(code, knownTerritories: long.reversed()).statement.territories == long)
    #expect(throws: CodeError.territoriesNotSealed) { try ring.verify(code, knownTerritories: Array(long.dropLast())) }
    #expect(throws: CodeError.territoriesNotSealed) { try ring.verify(code, knownTerritories: []) }
  }

  @Test("a code without a seal, with half of one or a broken one says so")
  func malformed() throws {
    let ring = try Fixture.ring()
    let base = "https://id.example.cn/00/106901234500000010"
    let signature = String(repeating: "A", count: 86)
    let key = try Fixture.sealingKey().keyID
    for (query, fault) in [
      ("", SealFault.absent), ("?91=X", .incomplete), ("?8030=\(signature)", .incomplete),
      ("?8030=\(signature)&91=X", .incomplete), ("?8030=AAAA&91=\(key).1.D.0.43", .badSignatureText),
      ("?8030=\(signature.dropLast())B&91=\(key).1.D.0.43", .badSignatureText),
      ("?8030=\(signature)&91=\(key.dropLast()).1.D.0.43", .badKeyID),
      ("?8030=\(signature)&91=\(key).1.D.0!.43", .badTime), ("?8030=\(signature)&91=\(key).1.D.00.43", .notCanonical),
      ("?8030=\(signature)&91=\(key).1.D.-1.43", .badTime), ("?8030=\(signature)&91=\(key).1.D.%2B1.43", .notCanonical),
      ("?8030=\(signature)&91=\(key).1.D.A.43", .notCanonical),
      ("?8030=\(signature)&91=\(key).1.D.0.4300", .notCanonical),
      ("?8030=\(signature)&91=\(key).1.D.0.44_43", .notCanonical),
      ("?8030=\(signature)&91=\(key).1.D.0.43_43", .notCanonical),
      ("?8030=\(signature)&91=\(key).1.D.0.4", .badTerritories),
      ("?8030=\(signature)&91=\(key).1.D.0.", .badTerritories),
      ("?8030=\(signature)&91=\(key).1.D.0._AAAA", .badTerritories),
      ("?8030=\(signature)&91=\(key)..D.0.43", .badDispatch), ("?8030=\(signature)&91=\(key).1..0.43", .badDealer),
    ] {
      #expect(throws: CodeError.malformedSeal(fault), "\(query)") { try ring.verify(ScannedCode(base + query)) }
    }
  }

  @Test("a key signs only statements in its own name")
  func anotherKey() throws {
    let statement = try SealStatement(
      subject: Fixture.box(), dealer: "D", territories: ["CN"], dispatch: "1", sealedAt: 1,
      keyID: Fixture.sealingKey(0xC1).keyID)
    #expect(throws: CodeError.malformedSeal(.anotherKey)) { try Fixture.sealingKey().sign(statement) }
  }

  @Test("the secret of a key is in none of its descriptions")
  func secrecy() throws {
    let key = try Fixture.sealingKey()
    var dumped = ""
    dump(key, to: &dumped)
    dump(try Fixture.root(), to: &dumped)
    dumped += "\(key) \(String(reflecting: key)) \(try Fixture.root()) \(String(reflecting: try Fixture.root()))"
    for secret in ["192", "c0", "wMDA", "31", "[0"] { #expect(!dumped.contains(secret)) }
  }
}

extension String {
  /// The text with the character at `place` replaced.
  func replacingCharacters(_ place: Index, with other: String) -> String {
    String(self[..<place]) + other + String(self[index(after: place)...])
  }
}
