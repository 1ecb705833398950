import Interchange
import Issuing
import Ledger
import Testing

@Suite("Dispatch lists of every kind")
struct PropertyTests {
  /// A list that was made up, and its text.
  private struct Made {
    var rows: [(number: String, dealer: String, territories: String, unit: String)] = []
    var text = ""
  }

  private static func make(_ random: inout SeededGenerator) -> Made {
    var made = Made()
    let delimiter = [",", "\t", ";"].randomElement(using: &random) ?? ","
    let end = ["\n", "\r\n", "\r"].randomElement(using: &random) ?? "\n"
    let dispatches = (1...Int.random(in: 1...8, using: &random)).map { number in
      (number: "单-\(number)", dealer: "D\(number % 3)", territories: ["430000", "430100|440000"][number % 2])
    }
    for place in 0..<Int.random(in: 1...40, using: &random) {
      let dispatch = dispatches.randomElement(using: &random) ?? dispatches[0]
      let unit = "B\(place)/\(Bool.random(using: &random) ? "box" : "item")/\(place)-\(place + 5)"
      made.rows.append((dispatch.number, dispatch.dealer, dispatch.territories, unit))
    }
    let heading = Bool.random(using: &random) ? [["单号", "经销商", "区域", "码"]] : []
    let lines = heading + made.rows.map { [$0.number, $0.dealer, $0.territories, $0.unit] }
    made.text = lines.map { fields in
      fields.map { Bool.random(using: &random) ? "\"\($0)\"" : $0 }.joined(separator: delimiter) + end
    }.joined()
    return made
  }

  @Test("what is written is what is read, in 2 000 random lists")
  func roundTrip() throws {
    for seed in UInt64(0)..<2000 {
      var random = SeededGenerator(seed: seed)
      let made = Self.make(&random)
      let list = try list(made.text)
      let read = list.dispatches.flatMap { dispatch in
        dispatch.units.map { unit in
          guard case .range(let batch, let level, let first, let last) = unit else { return "no range" }
          return "\(dispatch.number) \(dispatch.dealer) B\(batch)/\(level.rawValue)/\(first)-\(last)"
        }
      }
      #expect(read.sorted() == made.rows.map { "\($0.number) \($0.dealer) \($0.unit)" }.sorted(), "seed \(seed)")
      let lines = list.dispatches.indices.flatMap { request in
        list.dispatches[request].units.indices.map { list.line(request: request, unit: $0) }
      }
      #expect(Set(lines).count == made.rows.count, "seed \(seed)")
    }
  }

  @Test("no bytes make the reader trap: 20 000 mutated and random files are taken or refused with lines")
  func fuzz() {
    var refused = 0
    for seed in UInt64(0)..<20_000 {
      var random = SeededGenerator(seed: seed)
      var bytes = seed % 4 == 0 ? [] : Array(Self.make(&random).text.utf8)
      for _ in 0..<Int.random(in: 1...12, using: &random) {
        let byte =
          [UInt8.random(in: 0...255, using: &random), 0x22, 0x2C, 0x0D, 0x0A].randomElement(using: &random) ?? 0
        let place = Int.random(in: 0...bytes.count, using: &random)
        if place < bytes.count, Bool.random(using: &random) {
          bytes[place] = byte
        } else {
          bytes.insert(byte, at: place)
        }
      }
      do throws(DispatchListError) {
        let list = try DispatchList(csv: bytes)
        #expect(!list.dispatches.isEmpty, "seed \(seed)")
      } catch {
        refused += 1
        let count = 1 + bytes.count { $0 == 0x0A || $0 == 0x0D }
        let isPlaced = error.lines.allSatisfy { (1...count).contains($0.line) }
        #expect(!error.lines.isEmpty && isPlaced, "seed \(seed)")
      }
    }
    #expect(refused > 10_000)
  }

  @Test("a list of 200 000 lines is read in seconds")
  func large() throws {
    let rows = (1..<ListLimits.linesMax).map { "DN-\($0 % 1000),D001,430000,B1/item/\($0)-\($0)\n" }
    let list = try list("number,dealer,territories,code\n" + rows.joined())
    #expect(list.dispatches.count == 1000 && list.dispatches.map(\.units.count).reduce(0, +) == rows.count)
    #expect(list.line(request: 0, unit: 1) == 1002)
  }
}
