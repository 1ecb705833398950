import Testing
import TransparencyLog

@Suite struct EntryBundleTests {
  @Test("bundles are read back, and one of fewer entries is the beginning of one of more", arguments: [UInt64](1...20))
  func roundTrip(seed: UInt64) throws {
    var random = Seeded(seed: seed)
    let entries = (0..<Int.random(in: 0...256, using: &random)).map { _ in
      random.bytes(Int.random(in: 0...300, using: &random))
    }
    let bundle = try EntryBundle(entries: entries)
    #expect(try EntryBundle(parsing: bundle.bytes) == bundle, "seed \(seed)")
    let shorter = try EntryBundle(entries: Array(entries.dropLast()))
    #expect(bundle.bytes.starts(with: shorter.bytes))
    #expect(bundle.leafHashes == entries.map { MerkleHash.leaf($0) })
  }

  @Test("arbitrary bytes are read to the last one or refused", arguments: [UInt64](1...200))
  func fuzz(seed: UInt64) throws {
    var random = Seeded(seed: seed)
    let start = try EntryBundle(entries: (0..<5).map { [UInt8](repeating: 7, count: $0) }).bytes
    let bytes = seed.isMultiple(of: 2) ? random.mutation(of: start) : random.bytes(Int(seed % 40))
    if let bundle = try? EntryBundle(parsing: bytes) { #expect(bundle.bytes == bytes, "seed \(seed)") }
  }

  @Test("what is cut, too many or too long is refused by name")
  func refused() throws {
    #expect(throws: EntryBundleError.truncated(offset: 3)) { try EntryBundle(parsing: [0, 1, 9, 0]) }
    #expect(throws: EntryBundleError.truncated(offset: 3)) { try EntryBundle(parsing: [0, 1, 9, 0, 2, 9]) }
    #expect(throws: EntryBundleError.tooManyEntries) {
      try EntryBundle(parsing: [UInt8](repeating: 0, count: 2 * 257))
    }
    #expect(throws: EntryBundleError.tooManyEntries) { try EntryBundle(entries: Array(repeating: [], count: 257)) }
    let longest = [UInt8](repeating: 1, count: 65_535)
    #expect(try EntryBundle(parsing: EntryBundle(entries: [longest]).bytes).entries == [longest])
    #expect(throws: EntryBundleError.entryTooLong(place: 1)) { try EntryBundle(entries: [[], longest + [1]]) }
  }
}
