import Testing

@testable import Detection

/// The engine's tables say what a dictionary and a set say.
@Suite struct TableTests {
  @Test(arguments: [UInt64(1), 2, 3, 4]) func aTableIsADictionary(seed: UInt64) {
    var draw = TestMarket(seed: seed)
    var table = Table<UInt64, Int>()
    var model: [UInt64: Int] = [:]
    for step in 0..<6_000 {
      // Few keys, so that they come and go; zero and neighbours among them.
      let key = UInt64(draw.number(below: 300))
      if draw.chance(40) {
        #expect(table.remove(key) == model.removeValue(forKey: key))
      } else if let place = table.place(of: key) {
        table.with(place: place) { $0 += step }
        model[key, default: 0] += step
      } else {
        #expect(model[key] == nil)
        table.add(key, step)
        model[key] = step
      }
      #expect(table.count == model.count)
    }
    for key in UInt64(0)..<300 { #expect(table[key] == model[key]) }
    #expect(Dictionary(uniqueKeysWithValues: table.entries.map { ($0.key, $0.value) }) == model)
  }

  @Test func aNumberSetIsASet() {
    var draw = TestMarket(seed: 7)
    var set = NumberSet()
    var model: Set<UInt64> = []
    #expect(set.isEmpty && !set.contains(0))
    for _ in 0..<5_000 {
      let member = UInt64(draw.number(below: 2_000))
      #expect(set.insert(member) == model.insert(member).inserted)
    }
    for member in UInt64(0)..<2_000 { #expect(set.contains(member) == model.contains(member)) }
    #expect(set.sorted == model.sorted() && set.count == model.count)
  }
}
