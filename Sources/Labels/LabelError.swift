/// Why a label, or a template, was refused. Nothing is ever drawn badly instead.
package enum LabelError: Error, Equatable, Sendable {
  /// The template file is larger than `LabelLimits.templateBytes`.
  case templateTooLarge(limit: Int)
  /// The template is not JSON at all.
  case templateNotJSON
  /// A field of the template is wrong; `field` is its path, such as `elements[2].font.size`.
  case template(field: String, TemplateFault)
  /// No shipped template has this name.
  case unknownTemplate(String)
  /// A text given for a label is not acceptable.
  case content(field: LabelField, ContentFault)
  /// The template needs a field that this label's content lacks.
  case missingContent(field: LabelField)
  /// An item template was given a box's content, or the other way round.
  case wrongKind(template: LabelKind, content: LabelKind)
  /// The content cannot be drawn legibly in its element; `element` is its path in the template.
  case doesNotFit(element: String, FitFault)
  /// More labels than one image may hold; PDF and ZPL have no such limit.
  case tooManyLabels(limit: Int)
  /// The image would have more pixels than one image may have.
  case imageTooLarge(pixels: Int, limit: Int)
  /// The resolution is outside 100 … 1200 dots an inch.
  case resolution(Int)
  /// The text cannot be a QR symbol: empty, or longer than the largest symbol holds.
  case notEncodable(bytes: Int)
  /// The GS1-128 data is not made of the digits its application identifier asks for, or its check digit is wrong.
  case linearData(LinearFault)
  /// A C library refused to go on; the text is its status.
  case library(String)
  /// A label was added, or the document closed, after it was closed.
  case alreadyFinished
}

/// What is wrong with a template's field.
package enum TemplateFault: Equatable, Sendable {
  /// The field must be there.
  case missing
  /// The field has another JSON type than the one named.
  case expected(String)
  /// No such field is known: most likely a typing error.
  case unknownField
  /// The number is outside the range.
  case outOfRange(Double, Double)
  /// The word is not one of those allowed.
  case notOneOf([String])
  /// The text is empty or longer than the limit.
  case length(limit: Int)
  /// The list has too many entries, or none.
  case count(limit: Int)
  /// A placeholder in braces that does not exist, or not for this kind of label, or an unclosed brace.
  case placeholder(String)
  /// The element reaches beyond the label's edge.
  case outsideLabel
  /// The element would print over the code element at this path, or over its quiet zone.
  case overlapsCode(String)
  /// The labels of the sheet reach beyond the page.
  case outsidePage
}

/// What is wrong with a text given for a label.
package enum ContentFault: Equatable, Sendable {
  /// Empty, or longer than the limit (in Unicode scalars).
  case length(limit: Int)
  /// Holds a control character, a line break or a direction override.
  case controlCharacter
  /// Not an http or https URI of printable ASCII.
  case notURI
  /// Not the digits, or letters and digits, that the field asks for.
  case malformed
  /// Negative, or larger than the limit.
  case outOfRange(limit: Int)
}

/// Why content does not fit its element.
package enum FitFault: Equatable, Sendable {
  /// The symbol needs modules smaller than the element's minimum; both in mm.
  case moduleTooSmall(version: Int, millimetres: Double, minimum: Double)
  /// The linear symbol with its quiet zones is wider than its box; both in mm.
  case tooWide(needed: Double, available: Double)
  /// No installed font has an outline for this character.
  case noGlyph(Unicode.Scalar)
  /// The text's ink leaves its box (stacked marks, a tall script): it could run into a code.
  case inkOutsideBox
}

/// What is wrong with the data of a linear symbol.
package enum LinearFault: Equatable, Sendable {
  /// Not exactly this many digits.
  case digits(expected: Int)
  /// The last digit is not the GS1 modulo-10 check digit (GS1 General Specifications 7.9).
  case checkDigit
}
