/// The glyphs of one font that a document has used. They are named by the font's own numbers, so that pages can be made
/// in any order, or at once.
struct PDFFont {
  /// What pages call it.
  let name: String
  /// Place among the document's fonts.
  let number: Int
  /// The Type 0 font's object number, named by pages before it is written.
  let object: Int
  private var glyphs: [UInt32: PDFGlyph] = [:]

  init(name: String, number: Int, object: Int) {
    self.name = name
    self.number = number
    self.object = object
  }

  /// Adds glyphs; of those known already the first stays.
  mutating func use(_ more: [UInt32: PDFGlyph]) {
    glyphs.merge(more) { first, _ in first }
  }

  /// The glyphs in the order of their numbers. Glyph 0 stands for what a font lacks, and is always there.
  private var ordered: [(number: Int, glyph: PDFGlyph)] {
    glyphs.filter { (1...0xFFFF).contains($0.key) }.map { (Int($0.key), $0.value) }.sorted { $0.number < $1.number }
  }

  /// Writes the font: Type 0 over a CID font over a font program, and the table that makes its text searchable.
  func write(to file: inout PDFFile) throws(LabelError) {
    let glyphs = ordered
    let descendant = file.reserve()
    let descriptor = file.reserve()
    let program = file.reserve()
    let unicode = file.reserve()
    let name = subsetName
    file.write(object) { out in
      out.write("<</Type/Font/Subtype/Type0/BaseFont/")
      out.write(text: name)
      out.write("/Encoding/Identity-H/DescendantFonts[")
      out.write(descendant)
      out.write(" 0 R]/ToUnicode ")
      out.write(unicode)
      out.write(" 0 R>>")
    }
    file.write(descendant) { out in
      out.write("<</Type/Font/Subtype/CIDFontType0/BaseFont/")
      out.write(text: name)
      out.write("/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor ")
      out.write(descriptor)
      out.write(" 0 R/DW 0/W[")
      for (number, glyph) in glyphs {
        out.write(number)
        out.write("[")
        out.write(glyph.outline.advance)
        out.write("]")
      }
      out.write("]>>")
    }
    writeDescriptor(descriptor, program, glyphs.map(\.glyph.outline), to: &file)
    try file.writeStream(
      program, CompactFont.program(name: name, glyphs: glyphs.map { ($0, $1.outline) }),
      entries: "/Subtype/CIDFontType0C")
    try file.writeStream(unicode, unicodeTable(glyphs))
  }

  /// Six capitals and a plus sign mark a subset (ISO 32000, 9.6.4).
  private var subsetName: String {
    let letters = (0..<6).map { UInt8(65 + (number >> (4 * $0)) & 15) }
    return String(decoding: letters, as: UTF8.self) + "+" + name
  }

  private func writeDescriptor(
    _ number: Int, _ program: Int, _ outlines: [GlyphOutline], to file: inout PDFFile
  ) {
    let bounds = GlyphOutline.bounds(of: outlines)
    file.write(number) { out in
      out.write("<</Type/FontDescriptor/FontName/")
      out.write(text: subsetName)
      // 4: a font with characters beyond the standard Latin set.
      out.write("/Flags 4/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 733/StemV 80/FontBBox[")
      for value in [bounds.low.x, bounds.low.y, bounds.high.x, bounds.high.y] {
        out.write(value)
        out.write(" ")
      }
      out.write("]/FontFile3 ")
      out.write(program)
      out.write(" 0 R>>")
    }
  }

  /// The ToUnicode table (ISO 32000, 9.10.3).
  private func unicodeTable(_ glyphs: [(number: Int, glyph: PDFGlyph)]) -> [UInt8] {
    var out = ByteBuffer()
    out.write("/CIDInit/ProcSet findresource begin 12 dict begin begincmap/CMapName/Labels def/CMapType 2 def\n")
    out.write("1 begincodespacerange<0000><FFFF>endcodespacerange\n")
    let named = glyphs.filter { !$0.glyph.text.isEmpty }
    // A block holds at most 100 entries.
    for start in stride(from: 0, to: named.count, by: 100) {
      let block = named[start..<min(start + 100, named.count)]
      out.write(block.count)
      out.write(" beginbfchar\n")
      for (number, glyph) in block {
        out.write("<")
        out.write(hex16: UInt16(truncatingIfNeeded: number))
        out.write("><")
        for unit in glyph.text.utf16 { out.write(hex16: unit) }
        out.write(">\n")
      }
      out.write("endbfchar\n")
    }
    out.write("endcmap CMapName currentdict/CMap defineresource pop end end\n")
    return out.take()
  }
}
