/// One thing drawn on a label.
package enum TemplateElement: Equatable, Sendable {
  /// A QR symbol.
  case qr(QRElement)
  /// A block of text.
  case text(TextElement)
  /// A GS1-128 symbol.
  case linear(LinearElement)
  /// Black rectangles: rules and frames.
  case ink([LabelBox])
}

/// A QR symbol and its place.
package struct QRElement: Equatable, Sendable {
  /// What is encoded.
  package let content: TextPattern
  /// The square area for the symbol with its quiet zone of 4 modules a side, mm.
  package let box: LabelBox
  /// How much damage the symbol survives.
  package let level: ErrorCorrection
  /// Wanted module size, mm; nil: as large as the box allows.
  package let module: Double?
  /// The symbol is refused rather than drawn with smaller modules than this, mm.
  package let minimumModule: Double
}

/// A block of text and its place.
package struct TextElement: Equatable, Sendable {
  /// The horizontal place of lines within the box.
  package enum Alignment: String, CaseIterable, Sendable {
    case left, center, right
  }

  /// The vertical place of the lines within the box.
  package enum Vertical: String, CaseIterable, Sendable {
    case top, middle, bottom
  }

  /// What happens to a text too long for its box.
  package enum Overflow: String, CaseIterable, Sendable {
    /// Cut with an ellipsis at once.
    case ellipsis
    /// Set smaller, down to the minimum size, and cut with an ellipsis only then.
    case shrink
  }

  /// The text.
  package let content: TextPattern
  /// Where it stands, mm. No ink leaves the box.
  package let box: LabelBox
  /// The typeface.
  package let font: FontStyle
  /// Size of the em, mm (1 mm = 2.83 pt).
  package let size: Double
  /// The smallest size that shrinking goes down to, mm.
  package let minimumSize: Double
  /// Distance of baselines, in ems.
  package let lineHeight: Double
  /// Place of the lines across.
  package let alignment: Alignment
  /// Place of the lines down.
  package let vertical: Vertical
  /// Most lines; fewer when the box is lower.
  package let maxLines: Int
  /// What to do with a text that is too long.
  package let overflow: Overflow
}

/// A typeface: family and weight.
package struct FontStyle: Hashable, Sendable {
  /// Weights that label fonts have.
  package enum Weight: String, CaseIterable, Sendable {
    case regular, medium, bold
  }

  /// The family shipped with Debian's fonts-noto-cjk: one design for Chinese and Latin.
  package static let defaultFamily = "Noto Sans CJK SC"

  /// Family name as fontconfig knows it.
  package let family: String
  /// Weight.
  package let weight: Weight
}

/// A GS1-128 symbol and its place.
package struct LinearElement: Equatable, Sendable {
  /// The digits encoded: `{sscc}` or `{gtin}`.
  package let field: LabelField
  /// The area for bars, quiet zones of 10 modules a side and the human-readable line, mm.
  package let box: LabelBox
  /// Wanted width of the narrowest bar, mm (GS1 asks 0.495 … 0.94 on logistic labels).
  package let xDimension: Double
  /// Height of the bars, mm (GS1 asks 31.75 on logistic labels).
  package let barHeight: Double
  /// Size of the human-readable line's em, mm; nil: no such line.
  package let textSize: Double?
}
