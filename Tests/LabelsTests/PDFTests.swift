import Foundation
import Labels
import Testing

@Suite("PDF")
struct PDFTests {
  private func contents(_ count: Int, _ kind: LabelKind, seed: UInt64) throws -> [LabelContent] {
    var random = Seeded(seed)
    return try (0..<count).map { _ in try Sample.content(for: kind, &random) }
  }

  @Test("the table at the end finds every object", arguments: LabelTemplate.shippedNames)
  func objects(_ name: String) throws {
    let template = try LabelTemplate.shipped(name)
    for layout in LabelOptions.Layout.allCases {
      let pdf = try template.render(
        try contents(30, template.kind, seed: 51), as: .pdf, options: LabelOptions(layout: layout))
      let offsets = try Self.offsets(pdf)
      for (index, offset) in offsets.enumerated() {
        let head = Array("\(index + 1) 0 obj\n".utf8)
        #expect(pdf[offset..<(offset + head.count)].elementsEqual(head))
      }
    }
  }

  /// The offsets of objects 1, 2, … after the table that `startxref` points at.
  static func offsets(_ pdf: [UInt8]) throws -> [Int] {
    let tail = text(pdf.suffix(40)).split(separator: "\n")
    let start = try #require(Int(tail[tail.count - 2]))
    let lines = text(pdf[start...]).split(separator: "\n")
    #expect(lines[0] == "xref")
    let count = try #require(Int(lines[1].split(separator: " ")[1]))
    // Each entry is 20 bytes: the reader of another program counts on it.
    return try (1..<count).map { try #require(Int(lines[2 + $0].prefix(10))) }
  }

  @Test("a sheet holds as many labels as the template says, a roll one a page")
  func pages() throws {
    let template = try LabelTemplate.shipped("item-30x20")
    let labels = try contents(100, .item, seed: 52)
    let sheets = text(try template.render(labels, as: .pdf))
    #expect(sheets.contains("/Type/Pages/Count 2/MediaBox[0 0 595.276 841.89]"))
    let roll = text(try template.render(labels, as: .pdf, options: LabelOptions(layout: .roll)))
    #expect(roll.contains("/Type/Pages/Count 100/MediaBox[0 0 85.039 56.693]"))
  }

  @Test("a document of more pages than one node holds counts them all")
  func manyPages() throws {
    let template = try LabelTemplate.shipped("item-30x20")
    let pdf = text(
      try template.render(try contents(600, .item, seed: 53), as: .pdf, options: LabelOptions(layout: .roll)))
    #expect(pdf.contains("/Type/Pages/Count 600/"))
    #expect(pdf.components(separatedBy: "/Type/Pages/Parent").count == 4)
    #expect(pdf.contains("/Count 88/Kids["))
  }

  @Test("a document without labels is one empty page, for an empty range is no error")
  func empty() throws {
    let pdf = text(try LabelTemplate.shipped("item-30x20").render([], as: .pdf))
    #expect(pdf.contains("/Type/Pages/Count 1/"))
    #expect(pdf.hasSuffix("%%EOF\n"))
  }

  @Test("fonts are embedded as subsets, with a table that makes the text searchable")
  func fonts() throws {
    let template = try LabelTemplate.shipped("item-60x40")
    let pdf = text(try template.render(try contents(20, .item, seed: 54), as: .pdf))
    #expect(pdf.components(separatedBy: "/Subtype/CIDFontType0C").count == 3)
    #expect(pdf.contains("/BaseFont/AAAAAA+NotoSansCJKSC-"))
    #expect(pdf.components(separatedBy: "/ToUnicode ").count == 3)
  }

  @Test("the same labels give the same bytes")
  func deterministic() throws {
    let template = try LabelTemplate.shipped("item-60x40")
    let labels = try contents(30, .item, seed: 55)
    for format in LabelFormat.allCases {
      #expect(try template.render(labels, as: format) == template.render(labels, as: format))
    }
  }
}
