import Labels
import Testing

@Suite("text on labels")
struct LayoutTests {
  private static let template = """
    {"name": "t", "kind": "item", "size": {"width": 60, "height": 30}, "elements": [
      {"type": "text", "content": "{product.zh}", "box": {"x": 10, "y": 10, "width": 30, "height": 8},
       "font": {"size": 3, "minimumSize": 2}, "maxLines": 2, "OPTIONS": "VALUE"}]}
    """

  /// The dots of a product name set in a box of 30 × 8 mm at (10, 10) on a label of 60 × 30 mm, ten dots a mm.
  private func printed(
    _ name: String, _ option: String, _ value: String
  ) throws -> ZPLReader.Dots {
    let json = Self.template.replacing("OPTIONS", with: option).replacing("VALUE", with: value)
    let template = try LabelTemplate(parsing: Array(json.utf8))
    var random = Seeded(61)
    var label = Sample.item(&random)
    label.productZh = name
    let zpl = try template.render([try label.content()], as: .zpl, options: LabelOptions(dotsPerInch: 254))
    let first = try #require(try ZPLReader.labels(text(zpl)).first)
    return first.printed { _ in [] }
  }

  /// The ink's box, dots: left, top, right, bottom.
  private func ink(_ dots: ZPLReader.Dots) -> [Int]? {
    let columns = (0..<dots.width).filter { x in (0..<dots.height).contains { dots[x, $0] } }
    let rows = (0..<dots.height).filter { y in (0..<dots.width).contains { dots[$0, y] } }
    guard let left = columns.first, let right = columns.last, let top = rows.first, let bottom = rows.last else {
      return nil
    }
    return [left, top, right, bottom]
  }

  @Test("texts of any length stay within their box", arguments: ["shrink", "ellipsis"])
  func inside(_ overflow: String) throws {
    for count in [1, 5, 10, 11, 20, 30, 50, 200, 2_000] {
      for unit in ["酒", "W", "白酒 ", "Ag", "、", "1"] {
        let name = String(String(repeating: unit, count: count).prefix(LabelLimits.textScalars))
        let box = try #require(ink(try printed(name, "overflow", overflow)))
        #expect(box[0] >= 98 && box[1] >= 98 && box[2] <= 402 && box[3] <= 182, "\(count) × \(unit): \(box)")
      }
    }
  }

  @Test("text stands left, centred or right, and at the top, middle or bottom of its box")
  func alignment() throws {
    let left = try #require(ink(try printed("酒", "align", "left")))
    let center = try #require(ink(try printed("酒", "align", "center")))
    let right = try #require(ink(try printed("酒", "align", "right")))
    #expect(left[0] < 106 && right[2] > 394)
    #expect(abs(center[0] + center[2] - 500) <= 4)
    let top = try #require(ink(try printed("酒", "vertical", "top")))
    let middle = try #require(ink(try printed("酒", "vertical", "middle")))
    let bottom = try #require(ink(try printed("酒", "vertical", "bottom")))
    #expect(top[1] < middle[1] && middle[1] < bottom[1])
    #expect(bottom[3] > 165)
  }

  @Test("digits set one by one look as pango sets them within a longer text")
  func codesLikeText() throws {
    // "0" makes the text a code, "零" sends it through pango; the digits must lie at the same places.
    let code = try printed("0123456789", "align", "left")
    let text = try printed("0123456789零", "align", "left")
    let width = try #require(ink(code))[2]
    let differing = (0..<code.height).filter { y in (0..<(width - 2)).contains { code[$0, y] != text[$0, y] } }
    #expect(differing.isEmpty)
  }

  @Test("a text is shrunk before it is cut, and cut at once where the template says so")
  func shrink() throws {
    let name = "洞庭春色酱香型白酒洞庭春色酱香型白酒洞庭春色"
    let shrunk = try #require(ink(try printed(name, "overflow", "shrink")))
    let cut = try #require(ink(try printed(name, "overflow", "ellipsis")))
    // The shrunk lines are lower than the cut ones.
    #expect(shrunk[3] < cut[3])
  }

  @Test("an ellipsis says so in the text")
  func ellipsis() throws {
    let template = try LabelTemplate.shipped("item-30x20")
    var random = Seeded(62)
    var label = Sample.item(&random)
    label.productZh = String(repeating: "酒", count: 100)
    let svg = text(try template.render([try label.content()], as: .svg))
    #expect(svg.contains("酒…\""))
  }

  @Test("a character that no font has is refused by its number, for a box in its place would be printed")
  func noGlyph() throws {
    // A character of the private use area.
    #expect(throws: LabelError.doesNotFit(element: "elements[0]", .noGlyph("\u{E123}"))) {
      try printed("酒\u{E123}", "align", "left")
    }
  }

  @Test("marks stacked high are drawn within the box or refused: they could run into a code")
  func stacked() throws {
    for mark in ["\u{0301}", "\u{0323}", "\u{20DD}", "\u{0E49}", "\u{0F74}"] {
      let name = "e" + String(repeating: mark, count: 40)
      do {
        let box = ink(try printed(name, "align", "left")) ?? [100, 100, 100, 100]
        #expect(box[1] >= 95 && box[3] <= 185, "\(mark): \(box)")
      } catch let error as LabelError {
        guard case .doesNotFit("elements[0]", _) = error else {
          Issue.record("\(error)")
          continue
        }
      }
    }
  }

  @Test("300 names of random characters never trap and never leave their box")
  func fuzz() throws {
    var random = Seeded(63)
    var drawn = 0
    let ranges: [ClosedRange<UInt32>] = [0x20...0x7E, 0xA1...0x2FF, 0x4E00...0x9FFF, 0x300...0x6FF, 0x2000...0x1FAFF]
    for _ in 0..<300 {
      var name = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 1...30, using: &random) {
        let range = ranges.randomElement(using: &random) ?? 0x20...0x7E
        if let scalar = UnicodeScalar(UInt32.random(in: range, using: &random)) { name.append(scalar) }
      }
      do {
        guard let box = ink(try printed(String(name), "overflow", "shrink")) else { continue }
        drawn += 1
        #expect(box[0] >= 95 && box[1] >= 95 && box[2] <= 405 && box[3] <= 185, "seed \(random.seed): \(name) \(box)")
      } catch let error as LabelError {
        switch error {
        case .content(.productZh, _), .doesNotFit("elements[0]", _): break
        default: Issue.record("seed \(random.seed): \(error)")
        }
      }
    }
    #expect(drawn > 20)
  }
}
