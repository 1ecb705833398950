import Codes
import Testing

@Suite("Recogniser")
struct RecogniserTests {
  private func keystore() -> Keystore {
    var random = SeededGenerator(8)
    return Keystore.make(now: 0, random: &random)
  }

  @Test("a genuine serial gives product, epoch, index and profile, under one spelling")
  func genuine() throws {
    let keystore = keystore()
    let gtin = try Fixture.gtin()
    let serial = try keystore.cipher(gtin: gtin, epoch: .first).serial(index: 41, profile: .strong)
    let item = try Recogniser(keystore: keystore).recognise(gtin: gtin, serial: serial.description.lowercased())
    #expect(item.gtin == gtin)
    #expect(item.epoch == .first)
    #expect(item.index == 41)
    #expect(item.profile == .strong)
    #expect(item.serial == serial)
  }

  @Test("a product that is not the brand's is not even tried")
  func anotherBrand() throws {
    let ours = try Fixture.gtin()
    let recogniser = Recogniser(keystore: keystore()) { $0 == ours }
    #expect(throws: CodeError.anotherBrand(gtin: "04006381333931")) {
      try recogniser.recognise(gtin: GTIN("4006381333931"), serial: "75D2SZ6Z8P62FDE8")
    }
  }

  @Test(
    "each reason to refuse a serial has its error",
    arguments: [
      ("ABC", "wrong-length"), ("75D2SZ6Z8P62FDEU", "bad-alphabet"), ("75D2SZ6Z8P62FDE8", "unknown-epoch"),
      ("05D2SZ6Z8P62FDE8", "failed-tag"),
    ])
  func refused(serial: String, slug: String) throws {
    let recogniser = Recogniser(keystore: keystore())
    let gtin = try Fixture.gtin()
    #expect(failure { try recogniser.recognise(gtin: gtin, serial: serial) }?.slug == slug)
  }

  @Test("a flood of products does not grow it, and it goes on recognising")
  func bounded() throws {
    let keystore = keystore()
    let recogniser = Recogniser(keystore: keystore, capacity: 3)
    for body in 100_000_000_000..<100_000_000_200 as Range<UInt64> {
      guard let gtin = (0...9).lazy.compactMap({ try? GTIN("\(body)\($0)") }).first else { continue }
      let serial = try keystore.cipher(gtin: gtin, epoch: .first).serial(index: 9, profile: .compact)
      #expect(try recogniser.recognise(gtin: gtin, serial: serial.description).index == 9)
    }
  }

  @Test("after a rotation it goes on with the new keystore")
  func use() throws {
    var random = SeededGenerator(9)
    var keystore = keystore()
    let recogniser = Recogniser(keystore: keystore)
    let gtin = try Fixture.gtin()
    try keystore.rotateRoot(now: 1, random: &random)
    let serial = try keystore.cipher(gtin: gtin, epoch: keystore.currentEpoch).serial(index: 1, profile: .compact)
    #expect(throws: CodeError.unknownEpoch(1)) { try recogniser.recognise(gtin: gtin, serial: serial.description) }
    recogniser.use(keystore)
    #expect(try recogniser.recognise(gtin: gtin, serial: serial.description).index == 1)
  }
}
