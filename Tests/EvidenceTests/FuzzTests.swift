import Evidence
import Testing
import TransparencyLog

@Suite("Arbitrary bytes")
struct FuzzTests {
  @Test("never trap the verifier, and are never good", arguments: 1...4 as ClosedRange<UInt64>)
  func arbitrary(_ seed: UInt64) {
    var generator = Seeded(seed: seed)
    for _ in 0..<5_000 {
      let bytes = generator.bytes(Int.random(in: 0...400, using: &generator))
      #expect(!EvidenceVerifier().verify(bytes).isGood, "seed \(seed)")
    }
  }

  @Test("of a bundle that was torn and patched never trap, and are never good", arguments: 1...4 as ClosedRange<UInt64>)
  func torn(_ seed: UInt64) throws {
    var generator = Seeded(seed: seed)
    let bundle = try Story.diversion().bundle()
    for _ in 0..<1_000 {
      let bytes = generator.mutation(of: bundle)
      #expect(bytes == bundle || !EvidenceVerifier().verify(bytes).isGood, "seed \(seed)")
    }
  }

  @Test(
    "in files of a bundle that the brand signs all the same never trap", arguments: 1...4 as ClosedRange<UInt64>)
  func signedAllTheSame(_ seed: UInt64) throws {
    var generator = Seeded(seed: seed)
    for (_, make) in Story.all {
      let story = make()
      let zip = TestZIP(reading: try story.bundle())
      for _ in 0..<150 {
        var changed = zip
        let file = zip.files[Int.random(in: zip.files.indices, using: &generator)]
        changed[file.path] = generator.mutation(of: file.bytes)
        #expect(!story.keys.verifier.verify(changed.bytes).isGood || changed.bytes == zip.bytes, "seed \(seed)")
      }
    }
  }

  @Test("events whose values are swapped, logged and signed never trap", arguments: 1...4 as ClosedRange<UInt64>)
  func swappedValues(_ seed: UInt64) throws {
    var generator = Seeded(seed: seed)
    var good = 0
    for round in 0..<600 {
      var story = Story.all[round % Story.all.count].make()
      let claim = try story.parts().claim
      let place = Int.random(in: story.entries.indices, using: &generator)
      story.entries[place].data = generator.twist(story.entries[place].data)
      let twisted = Bool.random(using: &generator) ? generator.twist(claim) : claim
      if try story.report(claim: twisted).isGood { good += 1 }
    }
    // Some twists touch what no rule reads (a batch's profile); most must be noticed.
    #expect(good < 120, "seed \(seed)")
  }
}

extension Seeded {
  /// The value with one part of it exchanged for something that JSON allows.
  fileprivate mutating func twist(_ value: JSONValue) -> JSONValue {
    let strange: [JSONValue] = [
      nil, true, 0, -1, 1, .integer(.max), .integer(.min), 9_007_199_254_740_992, 0.5, "", "06901234567892", "D001",
      "2026-09-01T00:00:00Z", [], [:], ["first": 0, "last": 9_007_199_254_740_992, "series": "1.6901234"],
      [["epoch": 0, "first": 9_007_199_254_740_991, "gtin": "06901234567892", "last": 9_007_199_254_740_992]],
    ]
    switch value {
    case .object(var members) where !members.isEmpty && Int.random(in: 0..<8, using: &self) > 0:
      guard let name = members.keys.sorted().randomElement(using: &self), let old = members[name] else { return value }
      members[name] = Int.random(in: 0..<10, using: &self) == 0 ? nil : twist(old)
      return .object(members)
    case .array(var elements) where !elements.isEmpty && Int.random(in: 0..<4, using: &self) > 0:
      let place = Int.random(in: elements.indices, using: &self)
      elements[place] = twist(elements[place])
      return .array(elements)
    default: return strange.randomElement(using: &self) ?? value
    }
  }
}
