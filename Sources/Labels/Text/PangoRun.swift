import CPango

/// One run of a pango line, read into Swift values.
struct PangoRun {
  /// pango's font, borrowed from the layout.
  let font: UnsafeMutablePointer<PangoFont>?
  private let glyphs: [PangoGlyphInfo]
  private let texts: [String]
  private let em: Double

  /// Reads a run. `text` is the whole text of the layout, `em` the size of the em in pango units.
  init(_ item: PangoGlyphItem, text: [UInt8], em: Double) throws(FitFaultError) {
    self.em = em
    guard let piece = item.item?.pointee, let string = item.glyphs?.pointee, let infos = string.glyphs else {
      (font, glyphs, texts) = (nil, [], [])
      return
    }
    font = piece.analysis.font
    let count = Int(string.num_glyphs)
    glyphs = Array(UnsafeBufferPointer(start: infos, count: count))
    let start = Int(piece.offset)
    let end = min(start + Int(piece.length), text.count)
    let own = start <= end ? text[start..<end] : []
    let clusters = UnsafeBufferPointer(start: string.log_clusters, count: string.log_clusters == nil ? 0 : count)
    if UInt32(piece.analysis.flags) & UInt32(PANGO_ANALYSIS_FLAG_IS_ELLIPSIS) != 0 {
      // The ellipsis stands for what was cut; a copied text shall say "…", not the rest.
      texts = (0..<count).map { $0 == 0 ? "…" : "" }
    } else {
      texts = Self.texts(of: clusters.map { Int($0) }, in: own)
    }
    for (index, info) in glyphs.enumerated() where info.glyph & Self.unknown != 0 && info.glyph != Self.empty {
      let scalar = texts[index].unicodeScalars.first ?? "\u{FFFD}"
      throw FitFaultError(fault: .noGlyph(scalar))
    }
  }

  /// PANGO_GLYPH_EMPTY: draws nothing.
  private static let empty: UInt32 = 0x0FFF_FFFF
  /// PANGO_GLYPH_UNKNOWN_FLAG: no font has the character; pango would draw its number in a box.
  private static let unknown: UInt32 = 0x1000_0000

  /// The glyphs of the run in ems; `x` moves on to the run's end. Throws `.noGlyph` for a visible character whose
  /// glyph has no outline (a colour bitmap, say): it would be missing from a printed label.
  func placed(_ face: Face, from x: inout Double) throws(FitFaultError) -> GlyphRun {
    var placed: [PlacedGlyph] = []
    placed.reserveCapacity(glyphs.count)
    for (index, info) in glyphs.enumerated() {
      let text = texts[index]
      if info.glyph != Self.empty {
        if let scalar = text.unicodeScalars.first, Self.isVisible(scalar), face.outline(info.glyph).steps.isEmpty {
          throw FitFaultError(fault: .noGlyph(scalar))
        }
        placed.append(
          PlacedGlyph(
            glyph: info.glyph, x: x + Double(info.geometry.x_offset) / em, y: Double(info.geometry.y_offset) / em,
            text: text))
      }
      x += Double(info.geometry.width) / em
    }
    return GlyphRun(face: face, glyphs: placed)
  }

  private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    !scalar.properties.isWhitespace && !scalar.properties.isDefaultIgnorableCodePoint
  }

  /// The text of each cluster, given to its first glyph. Clusters run backwards in right-to-left runs, so they are
  /// told apart by their starts and not by their order.
  private static func texts(of clusters: [Int], in text: ArraySlice<UInt8>) -> [String] {
    let starts = Set(clusters).sorted()
    var seen: Set<Int> = []
    return clusters.map { start in
      guard seen.insert(start).inserted else { return "" }
      let end = starts.first { $0 > start } ?? text.count
      guard start >= 0, start < end, end <= text.count else { return "" }
      return String(decoding: text[(text.startIndex + start)..<(text.startIndex + end)], as: UTF8.self)
    }
  }
}
