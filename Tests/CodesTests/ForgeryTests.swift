import Codes
import Testing

@Suite("Forged serials")
struct ForgeryTests {
  private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

  @Test("a million random and mutated serials are never accepted")
  func million() throws {
    let seed: UInt64 = 20_260_911
    var random = SeededGenerator(seed)
    let cipher = try Fixture.cipher()
    var refused: [String: Int] = [:]
    for attempt in 0..<1_000_000 as Range<UInt64> {
      let profile: SerialProfile = attempt % 3 == 0 ? .strong : .compact
      let forged =
        attempt % 2 == 0
        ? Self.random(profile, using: &random)
        : Self.mutated(try cipher.serial(index: random.next() % ItemIndex.end, profile: profile), using: &random)
      do {
        let index = try cipher.index(of: ItemSerial(forged))
        Issue.record("\(forged) was accepted as item \(index); seed \(seed), attempt \(attempt)")
      } catch {
        refused[error.slug, default: 0] += 1
      }
    }
    let counts = refused.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    print("forgery: 1000000 tries, 0 accepted (\(counts)), seed \(seed)")
    #expect(Set(refused.keys) == ["failed-tag", "unknown-epoch"])
    #expect((refused["failed-tag"] ?? 0) > 450_000)
  }

  /// Characters at random; the first one such that the epoch is 0 half of the time.
  private static func random(_ profile: SerialProfile, using random: inout SeededGenerator) -> String {
    var characters = (0..<profile.length).map { _ in alphabet[Int(random.next() % 32)] }
    if random.next() % 2 == 0 { characters[0] = alphabet[Int(random.next() % 2)] }
    return String(decoding: characters, as: UTF8.self)
  }

  /// A genuine serial with one to three characters replaced by others.
  private static func mutated(_ serial: ItemSerial, using random: inout SeededGenerator) -> String {
    var characters = Array(serial.description.utf8)
    var places = Set<Int>()
    for _ in 0...(random.next() % 3) { places.insert(Int(random.next() % UInt64(characters.count))) }
    for place in places.sorted() {
      let others = alphabet.filter { $0 != characters[place] }
      characters[place] = others[Int(random.next() % 31)]
    }
    return String(decoding: characters, as: UTF8.self)
  }

  @Test("every single flipped bit of a serial is refused", arguments: SerialProfile.allCases)
  func flips(profile: SerialProfile) throws {
    let cipher = try Fixture.cipher()
    let genuine = Array(try cipher.serial(index: 123_456_789, profile: profile).description.utf8)
    for place in genuine.indices {
      let value = try #require(Self.alphabet.firstIndex(of: genuine[place]))
      for bit in 0..<5 {
        var forged = genuine
        forged[place] = Self.alphabet[value ^ (1 << bit)]
        let error = failure { try cipher.index(of: ItemSerial(String(decoding: forged, as: UTF8.self))) }
        #expect(["failed-tag", "unknown-epoch"].contains(error?.slug))
      }
    }
  }
}
