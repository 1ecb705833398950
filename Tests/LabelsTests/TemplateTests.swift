import Foundation
import Labels
import Testing

@Suite("templates")
struct TemplateTests {
  /// A small good template, with one piece replaced.
  private func template(_ piece: String = "", with replacement: String = "") -> [UInt8] {
    var json = """
      {"name": "t", "kind": "item", "size": {"width": 60, "height": 40},
       "sheet": {"page": {"width": 210, "height": 297}, "margins": {"left": 5, "top": 5}, "columns": 3, "rows": 7},
       "elements": [
        {"type": "qr", "content": "{uri}", "box": {"x": 1, "y": 1, "width": 30, "height": 30}},
        {"type": "text", "content": "批号 {batch}", "box": {"x": 32, "y": 1, "width": 20, "height": 4},
         "font": {"size": 3}},
        {"type": "rect", "box": {"x": 32, "y": 6, "width": 20, "height": 4}, "stroke": 0.2},
        {"type": "line", "from": {"x": 32, "y": 12}, "to": {"x": 50, "y": 12}, "width": 0.2},
        {"type": "linear", "content": "{gtin}", "box": {"x": 1, "y": 31, "width": 58, "height": 9},
         "xDimension": 0.3, "humanReadable": false}]}
      """
    if !piece.isEmpty {
      #expect(json.contains(piece))
      json = json.replacingOccurrences(of: piece, with: replacement)
    }
    return Array(json.utf8)
  }

  @Test("the shipped templates parse, and are what their names say", arguments: LabelTemplate.shippedNames)
  func shipped(_ name: String) throws {
    let template = try LabelTemplate.shipped(name)
    #expect(template.name == name)
    #expect(name == "\(template.kind == .item ? "item" : "box")-\(Int(template.width))x\(Int(template.height))")
    #expect(template.sheet.labelsPerPage > 1)
  }

  @Test("a name that is no shipped template is refused, a path above all")
  func unknown() {
    for name in ["", "x", "../labels/item-30x20", "item-30x20.json", "/etc/passwd"] {
      #expect(throws: LabelError.unknownTemplate(name)) { try LabelTemplate.shipped(name) }
    }
  }

  @Test("a template of the user's own parses, and renders")
  func own() throws {
    let own = try LabelTemplate(parsing: template())
    #expect(own.elements.count == 5)
    var random = Seeded(3)
    let content = try Sample.item(&random).content()
    #expect(try own.render([content], as: .svg).count > 1_000)
  }

  @Test(
    "each wrong field is named with what is wrong with it",
    arguments: [
      (#""kind": "item", "#, "", "kind", TemplateFault.missing),
      (#""kind": "item""#, #""kind": "crate""#, "kind", .notOneOf(["item", "box"])),
      (#""width": 60"#, #""width": "60""#, "size.width", .expected("a number")),
      (#""width": 60"#, #""width": 1e9"#, "size.width", .outOfRange(5, 420)),
      (#""name": "t""#, #""name": """#, "name", .length(limit: 60)),
      (#""rows": 7"#, #""rows": 7.5"#, "sheet.rows", .expected("a whole number")),
      (#""rows": 7"#, #""rows": 8"#, "sheet", .outsidePage),
      (#""rows": 7"#, #""rows": 7, "colour": 1"#, "sheet.colour", .unknownField),
      (#""type": "qr""#, #""type": "aztec""#, "elements[0].type", .notOneOf(["qr", "text", "linear", "line", "rect"])),
      (#""{uri}""#, #""{url}""#, "elements[0].content", .placeholder("url")),
      (#""{uri}""#, #""{uri""#, "elements[0].content", .placeholder("uri")),
      (#"{batch}"#, #"{sscc}"#, "elements[1].content", .placeholder("sscc")),
      (#""font": {"size": 3}"#, #""font": {"sise": 3}"#, "elements[1].font.size", .missing),
      (
        #""size": 3}"#, #""size": 3, "weight": "fat"}"#, "elements[1].font.weight",
        .notOneOf(["regular", "medium", "bold"])
      ),
      (#""size": 3}"#, #""size": 3}, "maxLines": true"#, "elements[1].maxLines", .expected("a number")),
      (#""stroke": 0.2"#, #""stroke": 5"#, "elements[2].stroke", .outOfRange(0.05, 2)),
      (#""stroke": 0.2"#, #""fill": 1"#, "elements[2].fill", .expected("true or false")),
      (#""y": 12}, "width""#, #""y": 13}, "width""#, "elements[3]", .expected("a horizontal or vertical line")),
      (#""{gtin}""#, #""{serial}""#, "elements[4].content", .notOneOf(["{sscc}", "{gtin}"])),
      (#""width": 58"#, #""width": 60"#, "elements[4]", .outsideLabel),
      (#""x": 32, "y": 1,"#, #""x": 30.5, "y": 1,"#, "elements[1]", .overlapsCode("elements[0]")),
      (#""y": 31"#, #""y": 30.5"#, "elements[4]", .overlapsCode("elements[0]")),
      (#""elements": ["#, #""elements": 3, "x": ["#, "elements", .expected("a list")),
      (#""elements": ["#, #""elements": [], "x": ["#, "elements", .count(limit: 100)),
    ])
  func faults(_ piece: String, _ replacement: String, _ field: String, _ fault: TemplateFault) {
    #expect(throws: LabelError.template(field: field, fault)) {
      try LabelTemplate(parsing: template(piece, with: replacement))
    }
  }

  @Test("what is not JSON, or no object, or too large, is refused as such")
  func notJSON() {
    for bytes in [[], Array("[1]".utf8), Array("{".utf8), [0xFF, 0xFE, 0], Array("nul".utf8)] {
      #expect(throws: LabelError.templateNotJSON) { try LabelTemplate(parsing: bytes) }
    }
    #expect(throws: LabelError.templateTooLarge(limit: LabelLimits.templateBytes)) {
      try LabelTemplate(parsing: sequence(first: UInt8(ascii: " ")) { $0 })
    }
    let deep = Array((String(repeating: "[", count: 60_000)).utf8)
    #expect(throws: LabelError.templateNotJSON) { try LabelTemplate(parsing: deep) }
  }

  @Test("5 000 damaged templates never trap: each parses or is refused with a reason")
  func fuzz() throws {
    var random = Seeded(20_261)
    let good = template()
    var refused = 0
    for _ in 0..<5_000 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: bytes.indices, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &random)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(bytes[Int.random(in: bytes.indices, using: &random)], at: place)
        default: bytes[place] = UInt8(ascii: "0") + UInt8.random(in: 0...9, using: &random)
        }
      }
      do throws(LabelError) {
        _ = try LabelTemplate(parsing: bytes)
      } catch {
        refused += 1
        switch error {
        case .template, .templateNotJSON: break
        default: Issue.record("seed \(random.seed): \(error)")
        }
      }
    }
    #expect(refused > 500)
  }

  @Test("a caption whose value is missing is not printed, a constant always is")
  func captions() throws {
    let template = try LabelTemplate(parsing: template())
    var random = Seeded(5)
    var label = Sample.item(&random)
    label.batch = nil
    let without = text(try template.render([try label.content()], as: .svg))
    label.batch = "L1"
    let with = text(try template.render([try label.content()], as: .svg))
    #expect(!without.contains("批号"))
    #expect(with.contains("aria-label=\"批号 L1\""))
  }
}
