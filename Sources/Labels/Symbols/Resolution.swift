/// Where a coordinate may lie: anywhere, for outlines (PDF, SVG), or on whole dots, for what a printer or a screen
/// shows dot by dot. A module that is 4.4 dots wide would come out 4 here and 5 there, and read badly.
struct Resolution: Equatable {
  /// Dots in a millimetre; nil for outlines.
  let dotsPerMillimetre: Double?

  /// Outlines: no grid.
  static let outlines = Resolution(dotsPerMillimetre: nil)

  /// A grid of dots. Throws `.resolution` outside the limits.
  static func dots(perInch: Int) throws(LabelError) -> Resolution {
    guard LabelLimits.dotsPerInch.contains(perInch) else { throw .resolution(perInch) }
    return Resolution(dotsPerMillimetre: Double(perInch) / 25.4)
  }

  /// The place on the grid nearest to a coordinate, mm.
  func nearest(_ millimetres: Double) -> Double {
    guard let dots = dotsPerMillimetre else { return millimetres }
    return (millimetres * dots).rounded() / dots
  }

  /// The largest size on the grid that is at most `limit`, and no farther from `wanted` than it must be; mm.
  func size(wanted: Double, limit: Double) -> Double {
    guard let dots = dotsPerMillimetre else { return min(wanted, limit) }
    // The thousandth of a dot forgives the rounding of the division above it.
    let most = (limit * dots + 0.001).rounded(.down)
    return min(max((wanted * dots).rounded(), 1), most) / dots
  }
}
