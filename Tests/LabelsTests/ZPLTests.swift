import Labels
import Testing

@Suite("ZPL")
struct ZPLTests {
  @Test(
    "parsed back, the dots are the symbol's modules, each a whole number of dots",
    arguments: LabelTemplate.shippedNames,
    [203, 300, 600])
  func modules(_ name: String, dotsPerInch: Int) throws {
    let template = try LabelTemplate.shipped(name)
    var random = Seeded(31)
    for _ in 0..<10 {
      let content = try Sample.content(for: template.kind, &random)
      let label = try #require(try printed(content, template, dotsPerInch).first)
      let symbol = try QRSymbol(content[.uri] ?? "")
      let (left, top, dots) = try #require(Self.symbol(in: label, size: symbol.size))
      let module = dots.height / symbol.size
      #expect(Double(module) / Double(dotsPerInch) * 25.4 >= LabelLimits.warnModuleMillimetres)
      // Counted, not expected dot by dot: there are some thousands.
      var wrong = 0
      for y in 0..<dots.height {
        for x in 0..<dots.width where dots[x, y] != symbol.isDark(x: x / module, y: y / module) { wrong += 1 }
      }
      #expect(wrong == 0, "seed \(random.seed)")
      try expectQuiet(label, left, top, module, symbol.size, seed: random.seed)
    }
  }

  private func printed(_ content: LabelContent, _ template: LabelTemplate, _ dots: Int) throws -> [ZPLReader.Label] {
    let bytes = try template.render([content], as: .zpl, options: LabelOptions(dotsPerInch: dots))
    return try ZPLReader.labels(text(bytes))
  }

  /// The first field that is a square with sides of whole modules.
  static func symbol(in label: ZPLReader.Label, size: Int) -> (Int, Int, ZPLReader.Dots)? {
    for case .graphic(let x, let y, let dots) in label.fields
    where dots.height.isMultiple(of: size) && abs(dots.width - dots.height) < 8 { return (x, y, dots) }
    return nil
  }

  /// Nothing may be printed within four modules of the symbol.
  private func expectQuiet(
    _ label: ZPLReader.Label, _ left: Int, _ top: Int, _ module: Int, _ size: Int, seed: UInt64
  ) throws {
    let page = try label.printed(bars: Self.bars)
    let inner = (left..<(left + size * module), top..<(top + size * module))
    var spoiled = 0
    for y in (top - 4 * module)..<(top + (size + 4) * module) {
      for x in (left - 4 * module)..<(left + (size + 4) * module) where page[x, y] {
        if !inner.0.contains(x) || !inner.1.contains(y) { spoiled += 1 }
      }
    }
    #expect(spoiled == 0, "seed \(seed)")
  }

  /// The widths of a `^BC` field's symbol.
  static func bars(_ data: String) throws -> [Int] {
    #expect(data.hasPrefix(">;>800"))
    return try GS1128(.sscc, digits: String(data.dropFirst(6))).widths
  }

  @Test("the linear symbol is ^BC in set C with FNC1, its quiet zones stay white")
  func linear() throws {
    let template = try LabelTemplate.shipped("box-100x150")
    var random = Seeded(32)
    for dots in [203, 300] {
      let content = try Sample.content(for: .box, &random)
      let label = try #require(try printed(content, template, dots).first)
      let field = try #require(
        label.fields.first { field in
          if case .code128 = field { true } else { false }
        })
      guard case .code128(let x, let y, let module, let height, let data) = field else { return }
      #expect(data == ">;>800" + (content[.sscc] ?? ""))
      // GS1 General Specifications: x-dimension 0.495 mm or more, bars 31.75 mm or more.
      #expect(Double(module) / Double(dots) * 25.4 >= 0.49)
      #expect(Double(height) / Double(dots) * 25.4 >= 31.75)
      let page = try label.printed(bars: Self.bars)
      let quiet = Array((x - 10 * module)..<x) + Array((x + 156 * module)..<(x + 166 * module))
      let spoiled = (y..<(y + height)).filter { row in quiet.contains { page[$0, row] } }
      #expect(spoiled.isEmpty)
    }
  }

  @Test("several labels follow one another, each whole")
  func several() throws {
    let template = try LabelTemplate.shipped("item-30x20")
    var random = Seeded(33)
    let contents = try (0..<25).map { _ in try Sample.content(for: .item, &random) }
    let labels = try ZPLReader.labels(text(try template.render(contents, as: .zpl)))
    #expect(labels.count == 25)
    for (label, content) in zip(labels, contents) {
      #expect(label.width == 354)
      #expect(label.height == 236)
      let symbol = try QRSymbol(content[.uri] ?? "")
      let (_, _, dots) = try #require(Self.symbol(in: label, size: symbol.size))
      let module = dots.height / symbol.size
      #expect((0..<symbol.size).allSatisfy { dots[$0 * module, module] == symbol.isDark(x: $0, y: 1) })
    }
  }

  @Test("a filled rectangle and a rule are boxes of their own thickness")
  func boxes() throws {
    let json = """
      {"name": "t", "kind": "item", "size": {"width": 20, "height": 20}, "elements": [
        {"type": "rect", "box": {"x": 1, "y": 2, "width": 4, "height": 3}, "fill": true},
        {"type": "line", "from": {"x": 1, "y": 10}, "to": {"x": 19, "y": 10}, "width": 0.05},
        {"type": "rect", "box": {"x": 10, "y": 2, "width": 4, "height": 4}, "stroke": 0.5}]}
      """
    let template = try LabelTemplate(parsing: Array(json.utf8))
    var random = Seeded(34)
    let content = try Sample.content(for: .item, &random)
    let label = try #require(try printed(content, template, 254).first)
    #expect(label.fields[0] == .box(x: 10, y: 20, width: 40, height: 30))
    // Thinner than a dot, and printed nevertheless.
    #expect(label.fields[1] == .box(x: 10, y: 100, width: 180, height: 1))
    #expect(label.fields.count == 6)
  }
}
