/// A rectangle on a label, in millimetres from the label's top left corner, y downwards.
package struct LabelBox: Equatable, Sendable {
  /// Left edge, mm.
  package let x: Double
  /// Top edge, mm.
  package let y: Double
  /// Width, mm.
  package let width: Double
  /// Height, mm.
  package let height: Double

  /// Makes a box from its left top corner and size, all in mm.
  package init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// Right edge, mm.
  package var right: Double { x + width }
  /// Bottom edge, mm.
  package var bottom: Double { y + height }

  /// Whether the two boxes share more than an edge; a hundredth of a millimetre of touching is forgiven,
  /// because 0.1 + 0.2 in a template must not be refused.
  package func overlaps(_ other: LabelBox) -> Bool {
    let slack = 0.01
    return x + slack < other.right && other.x + slack < right && y + slack < other.bottom && other.y + slack < bottom
  }

  /// Whether `other` lies wholly within this box, a hundredth of a millimetre forgiven.
  package func contains(_ other: LabelBox) -> Bool {
    let slack = 0.01
    return other.x >= x - slack && other.y >= y - slack && other.right <= right + slack
      && other.bottom <= bottom + slack
  }
}
