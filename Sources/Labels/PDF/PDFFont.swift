/// The glyphs of one face that a document has used, under identifiers given out in the order of first use.
struct PDFFont {
  /// Identifiers are 16 bits; no label job comes near it.
  static let identifierLimit = 65_534

  let face: Face
  /// Place among the document's fonts: the same labels shall give the same file, whatever was printed before.
  let number: Int
  /// The Type 0 font's object number, named by pages before it is written.
  let object: Int
  private var identifiers: [UInt32: UInt16] = [:]
  private var glyphs: [UInt32] = []
  private var texts: [String] = []

  init(_ face: Face, number: Int, object: Int) {
    self.face = face
    self.number = number
    self.object = object
  }

  /// The identifier of a glyph; 0, which is empty, beyond the limit.
  mutating func identifier(_ glyph: PlacedGlyph) -> UInt16 {
    if let known = identifiers[glyph.glyph] { return known }
    guard glyphs.count < Self.identifierLimit else { return 0 }
    glyphs.append(glyph.glyph)
    texts.append(glyph.text)
    let identifier = UInt16(glyphs.count)
    identifiers[glyph.glyph] = identifier
    return identifier
  }

  /// Writes the font: Type 0 over a CID font over a font program, and the table that makes its text searchable.
  func write(to file: inout PDFFile) throws(LabelError) {
    let descendant = file.reserve()
    let descriptor = file.reserve()
    let program = file.reserve()
    let unicode = file.reserve()
    let outlines = glyphs.map { face.outline($0) }
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
      out.write(" 0 R/DW 0/W[1[")
      for outline in outlines {
        out.write(outline.advance)
        out.write(" ")
      }
      out.write("]]>>")
    }
    writeDescriptor(descriptor, program, outlines, to: &file)
    try file.writeStream(
      program, CompactFont.program(name: name, outlines: outlines), entries: "/Subtype/CIDFontType0C")
    try file.writeStream(unicode, unicodeTable())
  }

  /// Six capitals and a plus sign mark a subset (ISO 32000, 9.6.4).
  private var subsetName: String {
    let letters = (0..<6).map { UInt8(65 + (number >> (4 * $0)) & 15) }
    return String(decoding: letters, as: UTF8.self) + "+" + face.name
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
  private func unicodeTable() -> [UInt8] {
    var out = ByteBuffer()
    out.write("/CIDInit/ProcSet findresource begin 12 dict begin begincmap/CMapName/Labels def/CMapType 2 def\n")
    out.write("1 begincodespacerange<0000><FFFF>endcodespacerange\n")
    let named = texts.indices.filter { !texts[$0].isEmpty }
    // A block holds at most 100 entries.
    for start in stride(from: 0, to: named.count, by: 100) {
      let block = named[start..<min(start + 100, named.count)]
      out.write(block.count)
      out.write(" beginbfchar\n")
      for index in block {
        out.write("<")
        out.write(hex16: UInt16(truncatingIfNeeded: index + 1))
        out.write("><")
        for unit in texts[index].utf16 { out.write(hex16: unit) }
        out.write(">\n")
      }
      out.write("endbfchar\n")
    }
    out.write("endcmap CMapName currentdict/CMap defineresource pop end end\n")
    return out.take()
  }
}
