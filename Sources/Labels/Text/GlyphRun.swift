/// One glyph of a line.
struct PlacedGlyph {
  /// The face's own number for it.
  let glyph: UInt32
  /// Distance from the start of the line, ems.
  let x: Double
  /// Distance below the baseline, ems.
  let y: Double
  /// The text that it stands for; empty for all but the first glyph of a cluster.
  let text: String
}

/// Glyphs of one face.
struct GlyphRun {
  let face: Face
  let glyphs: [PlacedGlyph]
}

/// A line of text in its place on the label.
struct TextLine {
  /// Start of the line, mm from the label's left edge.
  let x: Double
  /// Baseline, mm from the label's top edge.
  let baseline: Double
  /// Size of the em, mm.
  let size: Double
  /// Advance width, mm.
  let width: Double
  let runs: [GlyphRun]
}

/// The lines of one text element. An object, so that outputs can know again a text that many labels share.
final class TextBlock {
  let lines: [TextLine]
  /// Whether other labels are likely to bring the very same block: names and captions, not serials.
  let isShared: Bool

  init(_ lines: [TextLine], isShared: Bool) {
    self.lines = lines
    self.isShared = isShared
  }
}

/// The vertical room that a line takes, the same for every font so that lines of different scripts stay aligned.
enum TextMetrics {
  /// Above the baseline, ems: ideographs reach 0.88, capitals with accents a little more.
  static let ascent = 0.92
  /// Below the baseline, ems.
  static let descent = 0.24
  /// A single line, ems.
  static let em = ascent + descent

  /// Height of a block, mm.
  static func height(lines: Int, size: Double, lineHeight: Double) -> Double {
    size * (em + Double(max(lines, 1) - 1) * lineHeight)
  }

  /// How many lines go into a height; 0 when not even one does.
  static func lines(in height: Double, size: Double, lineHeight: Double) -> Int {
    // A hundredth of a millimetre is forgiven: sizes in templates are rounded.
    let room = (height + 0.01) / size - em
    return room < 0 ? 0 : Int(clamping: Int64(room / lineHeight)) + 1
  }
}
