import Labels
import Testing

@Suite("SVG")
struct SVGTests {
  @Test("parsed back, the runs of the path are the symbol's modules", arguments: LabelTemplate.shippedNames)
  func modules(_ name: String) throws {
    let template = try LabelTemplate.shipped(name)
    var random = Seeded(41)
    for _ in 0..<20 {
      let content = try Sample.content(for: template.kind, &random)
      let svg = text(try template.render([content], as: .svg))
      let symbol = try QRSymbol(content[.uri] ?? "")
      var dark: Set<[Int]> = []
      for run in try Self.runs(in: svg, of: "qr") {
        for x in run.x..<(run.x + run.length) { dark.insert([x, run.y]) }
      }
      var expected: Set<[Int]> = []
      for y in 0..<symbol.size {
        for x in 0..<symbol.size where symbol.isDark(x: x, y: y) { expected.insert([x, y]) }
      }
      #expect(dark == expected, "seed \(random.seed)")
    }
  }

  @Test("the bars of the SSCC are those of its symbol")
  func bars() throws {
    var random = Seeded(42)
    let content = try Sample.content(for: .box, &random)
    let svg = text(try LabelTemplate.shipped("box-100x150").render([content], as: .svg))
    let runs = try Self.runs(in: svg, of: "gs1-128")
    let symbol = try GS1128(.sscc, digits: content[.sscc] ?? "")
    #expect(runs.map(\.length) == stride(from: 0, to: symbol.widths.count, by: 2).map { symbol.widths[$0] })
    #expect(runs.last.map { $0.x + $0.length } == symbol.moduleCount)
  }

  /// The runs of the path of a class.
  static func runs(in svg: String, of name: String) throws -> [(x: Int, y: Int, length: Int)] {
    let path = try #require(svg.split(separator: "<").first { $0.hasPrefix("path class=\"\(name)\"") })
    let data = try #require(path.split(separator: "\"").first { $0.hasPrefix("M") })
    return data.split(separator: "z").map { run in
      let numbers = run.split { "Mhv ".contains($0) }.compactMap { Int($0) }
      #expect(numbers.count == 5 && numbers[2] == -numbers[4] && numbers[3] == 1)
      return (numbers[0], numbers[1], numbers[2])
    }
  }

  @Test("the image has the label's size, and names in it are escaped")
  func size() throws {
    var random = Seeded(43)
    var label = Sample.item(&random)
    label.productZh = "A&B <\"酒\">"
    let svg = text(try LabelTemplate.shipped("item-60x40").render([try label.content()], as: .svg))
    #expect(svg.contains("width=\"60mm\" height=\"40mm\""))
    #expect(svg.contains("aria-label=\"A&amp;B &lt;&quot;酒&quot;&gt;\""))
    #expect(!svg.contains("A&B"))
  }

  @Test("several labels lie in one image, set apart, as many columns as the sheet has")
  func several() throws {
    let template = try LabelTemplate.shipped("item-30x20")
    var random = Seeded(44)
    let contents = try (0..<8).map { _ in try Sample.content(for: .item, &random) }
    let svg = text(try template.render(contents, as: .svg))
    // Six columns and two rows, two millimetres between and about them.
    #expect(svg.contains("width=\"194mm\" height=\"46mm\""))
    #expect(svg.split(separator: "<").filter { $0.hasPrefix("path class=\"qr\"") }.count == 8)
  }

  @Test("a glyph is defined once however often it is used")
  func glyphs() throws {
    var random = Seeded(45)
    let contents = try (0..<20).map { _ in try Sample.content(for: .item, &random) }
    let svg = text(try LabelTemplate.shipped("item-60x40").render(contents, as: .svg))
    let ids = svg.split(separator: "<").filter { $0.hasPrefix("path id=") }.map { $0.prefix(24) }
    #expect(Set(ids).count == ids.count)
    #expect(ids.count > 30)
  }
}
