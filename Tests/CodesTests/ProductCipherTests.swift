import Codes
import Testing

@Suite("Product cipher")
struct ProductCipherTests {
  /// Both ends of the index range, and what lies around powers of two.
  static let ends: [UInt64] = {
    var indexes: [UInt64] = [0, 1, ItemIndex.end - 2, ItemIndex.end - 1]
    for bit in 1..<36 as Range<UInt64> {
      let power: UInt64 = 1 << bit
      indexes += [power - 1, power, power + 1]
    }
    return indexes
  }()

  @Test(
    "serials of the ends of the index range are recognised", arguments: SerialProfile.allCases, [0, 7, 15] as [UInt8])
  func ends(profile: SerialProfile, epoch: UInt8) throws {
    let cipher = try Fixture.cipher(epoch: epoch)
    for index in Self.ends {
      let serial = try cipher.serial(index: index, profile: profile)
      #expect(serial.profile == profile)
      #expect(serial.epoch.rawValue == epoch)
      #expect(serial.description.utf8.count == profile.length)
      #expect(try cipher.index(of: ItemSerial(serial.description)) == index)
    }
  }

  @Test("serials of random indexes are recognised", arguments: SerialProfile.allCases)
  func random(profile: SerialProfile) throws {
    let cipher = try Fixture.cipher()
    var random = SeededGenerator(2)
    for _ in 0..<100_000 {
      let index = random.next() % ItemIndex.end
      #expect(try cipher.index(of: cipher.serial(index: index, profile: profile)) == index)
    }
  }

  @Test("an index beyond 36 bits is refused", arguments: [ItemIndex.end, ItemIndex.end + 1, .max])
  func beyond(index: UInt64) throws {
    let cipher = try Fixture.cipher()
    #expect(throws: CodeError.indexOutOfRange) { try cipher.serial(index: index, profile: .compact) }
  }

  @Test("a serial of another product is refused with failedTag")
  func otherProduct() throws {
    let serial = try Fixture.cipher("06901234567892").serial(index: 7, profile: .compact)
    let other = try Fixture.cipher("16901234567899")
    #expect(throws: CodeError.failedTag) { try other.index(of: serial) }
  }

  @Test("a serial of another root key is refused with failedTag")
  func otherRoot() throws {
    let serial = try Fixture.cipher().serial(index: 7, profile: .strong)
    let other = ProductCipher(
      root: try Fixture.root(3), suite: .intl, gtin: try Fixture.gtin(), epoch: try Fixture.epoch(0))
    #expect(throws: CodeError.failedTag) { try other.index(of: serial) }
  }

  @Test("a serial that names another epoch is refused with unknownEpoch")
  func otherEpoch() throws {
    let serial = try Fixture.cipher(epoch: 3).serial(index: 7, profile: .compact)
    let cipher = try Fixture.cipher(epoch: 2)
    #expect(throws: CodeError.unknownEpoch(3)) { try cipher.index(of: serial) }
  }

  @Test("the two lengths of one index have nothing in common")
  func profiles() throws {
    let cipher = try Fixture.cipher()
    let short = try cipher.serial(index: 7, profile: .compact).description
    let long = try cipher.serial(index: 7, profile: .strong).description
    #expect(short.dropFirst().prefix(7) != long.dropFirst().prefix(7))
    #expect(!long.hasPrefix(short))
    // A long serial cut short must not pass as a short one.
    #expect(throws: CodeError.failedTag) { try cipher.index(of: ItemSerial(long.prefix(16))) }
  }

  @Test("serials in order of their index are in no order, and differ in about half of their bits")
  func noOrder() throws {
    let cipher = try Fixture.cipher()
    let serials = try (0..<2_000).map { try cipher.serial(index: $0, profile: .compact).description }
    #expect(Set(serials).count == 2_000)
    let rises = zip(serials, serials.dropFirst()).count { $0 < $1 }
    #expect((800...1_200).contains(rises))
    let sameSecond = zip(serials, serials.dropFirst()).count { $0.dropFirst(1).first == $1.dropFirst(1).first }
    #expect(sameSecond < 120)  // one in 32 by chance
  }

  @Test("bulk and single issuing agree, whatever the layout", arguments: SerialProfile.allCases)
  func bulk(profile: SerialProfile) throws {
    let cipher = try Fixture.cipher()
    for range in [0..<1, 5..<5, 0..<5_000, (ItemIndex.end - 4_097)..<ItemIndex.end] as [Range<UInt64>] {
      let stride = profile.length + 3
      var buffer = [UInt8](repeating: 0x2A, count: 2 + range.count * stride)
      try cipher.makeSerials(range, profile: profile, into: &buffer, offset: 2, stride: stride)
      for (line, index) in range.enumerated() where line % 97 == 0 || line > range.count - 3 {
        let start = 2 + line * stride
        let text = String(decoding: buffer[start..<(start + profile.length)], as: UTF8.self)
        #expect(try cipher.serial(index: index, profile: profile).description == text)
        #expect(buffer[(start + profile.length)..<(start + stride)] == [0x2A, 0x2A, 0x2A])
      }
      #expect(buffer.prefix(2) == [0x2A, 0x2A])
    }
  }

  @Test("bulk issuing refuses what does not fit instead of writing beside it")
  func bulkLimits() throws {
    let cipher = try Fixture.cipher()
    var buffer = [UInt8](repeating: 0, count: 160)
    try cipher.makeSerials(0..<10, profile: .compact, into: &buffer)
    for (range, offset, stride) in [
      (0..<11, 0, nil), (0..<10, 1, nil), (0..<10, 0, 17), (0..<1, -1, nil), (0..<1, 145, nil), (0..<2, 0, 15),
      (0..<2, 0, Int.max), (0..<3, .max, 16),
    ] as [(Range<UInt64>, Int, Int?)] {
      #expect(
        failure { try cipher.makeSerials(range, profile: .compact, into: &buffer, offset: offset, stride: stride) }?
          .slug == "wrong-length")
    }
    #expect(throws: CodeError.indexOutOfRange) {
      try cipher.makeSerials((ItemIndex.end - 1)..<(ItemIndex.end + 1), profile: .compact, into: &buffer)
    }
  }

  @Test("one cipher serves many threads")
  func threads() async throws {
    let cipher = try Fixture.cipher()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 0..<8 as Range<UInt64> {
        group.addTask {
          for index in (task * 5_000)..<(task * 5_000 + 5_000) {
            let found = try cipher.index(of: cipher.serial(index: index, profile: .compact))
            #expect(found == index)
          }
        }
      }
      try await group.waitForAll()
    }
  }
}
