/// Bounds on what one request may ask for; each refusal names the bound it met.
package enum LabelLimits {
  /// Largest template file, bytes.
  package static let templateBytes = 65_536
  /// Most elements in one template.
  package static let elements = 100
  /// Longest literal or placeholder text in a template, characters.
  package static let patternCharacters = 500
  /// Longest text content, Unicode scalars.
  package static let textScalars = 2_000
  /// Longest URI, bytes: a sealed box code is about 220.
  package static let uriBytes = 512
  /// Largest label, mm a side: A3's long side.
  package static let sideMillimetres = 420.0
  /// Most labels in one PNG or SVG.
  package static let imageLabels = 500
  /// Most pixels in one PNG, one byte of memory each.
  package static let imagePixels = 120_000_000
  /// Resolutions accepted, dots an inch.
  package static let dotsPerInch = 100...1200
  /// Modules below this size print unreliably on label printers, mm (GS1 General Specifications ask 0.396 for retail
  /// and 0.380 for healthcare; 0.25 is the floor below which we warn).
  package static let warnModuleMillimetres = 0.25
}
