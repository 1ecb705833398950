/// Builds a Compact Font Format program (Adobe Technical Note 5176) of just the glyphs that a document uses. Made from
/// outlines, it does not care what kind of font file they came from, and embeds as a CID font whose identifiers are the
/// numbers of the glyphs in that file: so pages can be written before all glyphs are known.
enum CompactFont {
  /// The font program; glyph 0 is an empty `.notdef`, the others stand under their numbers, which must ascend.
  static func program(name: String, glyphs: [(number: Int, outline: GlyphOutline)]) -> [UInt8] {
    let count = glyphs.count + 1
    let outlines: [GlyphOutline] = [.none] + glyphs.map(\.outline)
    let charStrings = index(outlines.map(charString))
    // Charset, format 0: an identifier a glyph. FDSelect, format 3: one run for font dictionary 0.
    var charset: [UInt8] = [0]
    for glyph in glyphs { charset += word(glyph.number) }
    let select: [UInt8] = [3] + word(1) + word(0) + [0] + word(count)
    // defaultWidthX 0, nominalWidthX 0.
    let privateDict: [UInt8] = [139, 20, 139, 21]
    let head: [UInt8] = [1, 0, 4, 4] + index([Array(name.utf8)])
    let tail = index([Array("Adobe".utf8), Array("Identity".utf8)]) + word(0)
    let identifiers = (glyphs.last?.number ?? 0) + 1
    // Every offset takes five bytes, so a trial with zeros tells the length of the dictionary.
    let topLength = index([topDict(count: identifiers, charset: 0, select: 0, strings: 0, array: 0)]).count
    let charsetAt = head.count + topLength + tail.count
    let selectAt = charsetAt + charset.count
    let stringsAt = selectAt + select.count
    let privateAt = stringsAt + charStrings.count
    let arrayAt = privateAt + privateDict.count
    let top = topDict(count: identifiers, charset: charsetAt, select: selectAt, strings: stringsAt, array: arrayAt)
    // Private (18): size and offset.
    let fontDict = operand(privateDict.count) + operand(privateAt) + [18]
    return head + index([top]) + tail + charset + select + charStrings + privateDict + index([fontDict])
  }

  /// ROS (12 30) Adobe-Identity-0, CIDCount (12 34), charset (15), CharStrings (17), FDArray (12 36), FDSelect (12 37).
  private static func topDict(count: Int, charset: Int, select: Int, strings: Int, array: Int) -> [UInt8] {
    // 391 and 392 are the first two strings of our own, after the standard ones.
    operand(391) + operand(392) + operand(0) + [12, 30] + operand(count) + [12, 34] + operand(charset) + [15]
      + operand(strings) + [17] + operand(array) + [12, 36] + operand(select) + [12, 37]
  }

  /// A Type 2 charstring: advance, then relative moves, lines and curves.
  private static func charString(_ outline: GlyphOutline) -> [UInt8] {
    var bytes = number(outline.advance)
    var at = GlyphOutline.Point(x: 0, y: 0)
    func relative(_ point: GlyphOutline.Point) -> [UInt8] {
      defer { at = point }
      return number(point.x - at.x) + number(point.y - at.y)
    }
    for step in outline.steps {
      switch step {
      case .move(let point): bytes += relative(point) + [21]
      case .line(let point): bytes += relative(point) + [5]
      case .curve(let first, let second, let end):
        bytes += relative(first) + relative(second) + relative(end) + [8]
      }
    }
    return bytes + [14]
  }

  /// A number of a charstring.
  private static func number(_ value: Int) -> [UInt8] {
    switch value {
    case -107...107: [UInt8(value + 139)]
    case 108...1131: [UInt8((value - 108) >> 8 + 247), UInt8((value - 108) & 0xFF)]
    case -1131 ... -108: [UInt8((-value - 108) >> 8 + 251), UInt8((-value - 108) & 0xFF)]
    default: [28] + word(max(-32_768, min(32_767, value)))
    }
  }

  /// A number of a dictionary, always in its five-byte form.
  private static func operand(_ value: Int) -> [UInt8] {
    [29] + word(value >> 16) + word(value)
  }

  private static func word(_ value: Int) -> [UInt8] {
    [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
  }

  /// An INDEX: count, size of offsets, offsets from 1, data.
  private static func index(_ entries: [[UInt8]]) -> [UInt8] {
    var bytes = word(entries.count) + [4]
    var offset = 1
    for length in [0] + entries.map(\.count) {
      offset += length
      bytes += word(offset >> 16) + word(offset)
    }
    for entry in entries { bytes += entry }
    return bytes
  }
}
