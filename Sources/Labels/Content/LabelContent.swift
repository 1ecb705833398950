/// The texts of one label, each under its field and each checked: what a template's placeholders are replaced by.
/// Made only from an `ItemLabel` or a `BoxLabel`.
package struct LabelContent: Equatable, Sendable {
  /// What the label is for.
  package let kind: LabelKind
  private var texts: [LabelField: String] = [:]

  /// An empty content, to be filled through the checking setters below.
  init(kind: LabelKind) {
    self.kind = kind
  }

  /// The text of a field, or nil where the label has none.
  package subscript(_ field: LabelField) -> String? { texts[field] }

  /// Stores an optional text; nil and "" leave the field out.
  /// Throws `.content` when it is too long or holds characters that steer a terminal, a printer or the text's direction.
  mutating func set(_ field: LabelField, _ text: String?) throws(LabelError) {
    guard let text, !text.isEmpty else { return }
    var scalars = 0
    for scalar in text.unicodeScalars {
      scalars += 1
      guard scalars <= LabelLimits.textScalars else {
        throw .content(field: field, .length(limit: LabelLimits.textScalars))
      }
      guard !Self.steers(scalar) else { throw .content(field: field, .controlCharacter) }
    }
    texts[field] = text
  }

  /// Stores a text that must be there.
  mutating func require(_ field: LabelField, _ text: String) throws(LabelError) {
    guard !text.isEmpty else { throw .content(field: field, .length(limit: LabelLimits.textScalars)) }
    try set(field, text)
  }

  /// Stores a text of ASCII letters and digits (and, when allowed, AI 21's punctuation) of a given length.
  mutating func set(
    _ field: LabelField, code text: String, length: ClosedRange<Int>, digitsOnly: Bool
  ) throws(LabelError) {
    let fits = text.utf8.allSatisfy { digitsOnly ? (48...57).contains($0) : (0x21...0x7E).contains($0) }
    guard fits, length.contains(text.utf8.count) else { throw .content(field: field, .malformed) }
    texts[field] = text
  }

  /// Stores the code to be scanned. Only its form is checked here; whose code it is, is the issuer's business.
  mutating func setURI(_ text: String) throws(LabelError) {
    guard text.utf8.count <= LabelLimits.uriBytes else {
      throw .content(field: .uri, .length(limit: LabelLimits.uriBytes))
    }
    let printable = text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    guard printable, text.hasPrefix("https://") || text.hasPrefix("http://") else {
      throw .content(field: .uri, .notURI)
    }
    texts[.uri] = text
  }

  /// Control characters, line and paragraph separators, and the direction marks that can make a text read as another.
  private static func steers(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }
}
