import Labels
import Testing

@Suite("documents side by side")
struct PoolTests {
  @Test("documents written at the same time, fonts being shared out among them, are as if written alone")
  func concurrent() async throws {
    let template = try LabelTemplate.shipped("item-60x40")
    var random = Seeded(111)
    let labels = try (0..<12).map { _ in [try Sample.content(for: .item, &random)] }
    var alone: [[UInt8]] = []
    for label in labels { alone.append(try template.render(label, as: .pdf)) }
    let together = try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { group in
      for _ in 0..<4 {
        for (index, label) in labels.enumerated() {
          group.addTask { (index, try template.render(label, as: .pdf)) }
        }
      }
      var results: [(Int, [UInt8])] = []
      for try await result in group { results.append(result) }
      return results
    }
    #expect(together.count == 48)
    #expect(together.allSatisfy { $0.1 == alone[$0.0] })
  }

  @Test("what was printed before does not change a document", arguments: LabelFormat.allCases)
  func noHistory(_ format: LabelFormat) throws {
    let template = try LabelTemplate.shipped("item-60x40")
    var random = Seeded(112)
    let label = try Sample.content(for: .item, &random)
    let before = try template.render([label], as: format)
    var other = Sample.item(&random)
    other.productZh = "另一种商品 with a name of its own"
    _ = try LabelTemplate.shipped("item-30x20").render([try other.content()], as: format)
    #expect(try template.render([label], as: format) == before)
  }
}
