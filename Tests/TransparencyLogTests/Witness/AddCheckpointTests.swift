import Testing
import TransparencyLog

@Suite struct AddCheckpointTests {
  /// The example of C2SP tlog-witness.
  private static let example = """
    old 20852014
    PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
    jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
    5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
    /6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

    example.com/behind-the-sofa
    20852163
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

    — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=

    """

  @Test func `the specification's example is read, and printed the same`() throws {
    let request = try AddCheckpoint(parsing: Array(Self.example.utf8))
    #expect(request.oldSize == 20_852_014 && request.proof.count == 4)
    #expect(request.checkpoint.origin == "example.com/behind-the-sofa" && request.checkpoint.size == 20_852_163)
    #expect(String(decoding: request.bytes, as: UTF8.self) == Self.example)
  }

  @Test func `what is not the one form is refused by its part`() {
    func fails(_ old: String, _ new: String, _ error: AddCheckpointError) {
      let body = Self.example.replacing(old, with: new, maxReplacements: 1)
      #expect(throws: error, "\(new)") { try AddCheckpoint(parsing: Array(body.utf8)) }
    }
    for size in ["old", "old  1", "old 01", "old -1", "old 1 ", "OLD 1", "old 18446744073709551616", ""] {
      fails("old 20852014", size, .badOldSize)
    }
    fails("PlRNCrwH", "PlRNCrw", .badHash(1))
    fails("jrJZDmY8", "jrJZDmY 8", .badHash(2))
    fails("=\n\nexample", "=\nexample", .badHash(5))
    fails("20852163\n", "020852163\n", .checkpoint(.badSize))
    fails("\n— example.com/behind-the-sofa", "\n- example.com/behind-the-sofa", .note(.badSignatureLine(1)))
    #expect(throws: AddCheckpointError.noCheckpoint) { try AddCheckpoint(parsing: Array("old 0\n\n".utf8)) }
    #expect(throws: AddCheckpointError.noCheckpoint) { try AddCheckpoint(parsing: Array("old 0\n".utf8)) }
    #expect(throws: AddCheckpointError.badOldSize) { try AddCheckpoint(parsing: []) }
    #expect(throws: AddCheckpointError.tooLong) {
      try AddCheckpoint(parsing: [UInt8](repeating: 10, count: AddCheckpoint.maxBytes + 1))
    }
  }

  @Test func `no more than 63 hashes are taken`() throws {
    let hash = "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n"
    func body(_ count: Int) -> [UInt8] {
      let rest = Self.example.drop { $0 != "\n" }
      let tail = rest.replacing(hash, with: String(repeating: hash, count: count - 3))
      return Array(("old 20852014" + tail).utf8)
    }
    #expect(try AddCheckpoint(parsing: body(63)).proof.count == 63)
    #expect(throws: AddCheckpointError.badHash(64)) { try AddCheckpoint(parsing: body(64)) }
  }

  @Test func `mutated bodies never trap, and what is read prints the same`() {
    var dice = Seeded(seed: 20_261_121)
    let example = Array(Self.example.utf8)
    for _ in 0..<5_000 {
      let body = dice.mutation(of: example)
      guard let request = try? AddCheckpoint(parsing: body) else { continue }
      #expect(request.bytes == body)
    }
  }
}
