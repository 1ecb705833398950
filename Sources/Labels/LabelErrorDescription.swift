extension LabelError: CustomStringConvertible {
  /// One English sentence that names the field and what to do about it.
  package var description: String {
    switch self {
    case .templateTooLarge(let limit): "the template is larger than \(limit) bytes"
    case .templateNotJSON: "the template is not a JSON object"
    case .template(let field, let fault): "\(field): \(fault)"
    case .unknownTemplate(let name):
      "no template is called \"\(name)\"; there are \(LabelTemplate.shippedNames.joined(separator: ", "))"
    case .content(let field, let fault): "\(field.rawValue): \(fault)"
    case .missingContent(let field): "\(field.rawValue) is needed by the template and is not given"
    case .wrongKind(let template, let content):
      "the template is for \(template.rawValue) labels and the content for \(content.rawValue) labels"
    case .doesNotFit(let element, let fault): "\(element): \(fault)"
    case .tooManyLabels(let limit):
      "one image holds at most \(limit) labels; ask for PDF or ZPL, or for a smaller range"
    case .imageTooLarge(let pixels, let limit):
      "the image would have \(pixels) pixels, more than \(limit); ask for fewer labels or a lower resolution"
    case .resolution(let dots): "\(dots) dots an inch is outside 100 … 1200"
    case .notEncodable(let bytes): "\(bytes) bytes cannot be encoded in one QR symbol"
    case .linearData(let fault): "GS1-128: \(fault)"
    case .library(let status): "the drawing library failed: \(status)"
    case .alreadyFinished: "the document is closed already"
    }
  }
}

extension TemplateFault: CustomStringConvertible {
  /// What is wrong, to be read after the field's path.
  package var description: String {
    switch self {
    case .missing: "is missing"
    case .expected(let type): "must be \(type)"
    case .unknownField: "is not a known field"
    case .outOfRange(let low, let high): "must be from \(low) to \(high)"
    case .notOneOf(let words): "must be one of \(words.joined(separator: ", "))"
    case .length(let limit): "must have 1 to \(limit) characters"
    case .count(let limit): "must have 1 to \(limit) entries"
    case .placeholder(let name): "has the unknown placeholder {\(name)}"
    case .outsideLabel: "reaches beyond the edge of the label"
    case .overlapsCode(let path): "would print over \(path) or its quiet zone"
    case .outsidePage: "the labels reach beyond the page"
    }
  }
}

extension ContentFault: CustomStringConvertible {
  /// What is wrong, to be read after the field's name.
  package var description: String {
    switch self {
    case .length(let limit): "must have 1 to \(limit) characters"
    case .controlCharacter: "holds a control character or a line break"
    case .notURI: "is not an http or https URI of printable ASCII"
    case .malformed: "has characters, or a number of them, that the field does not allow"
    case .outOfRange(let limit): "must be from 0 to \(limit)"
    }
  }
}

extension FitFault: CustomStringConvertible {
  /// What is wrong, to be read after the element's path.
  package var description: String {
    switch self {
    case .moduleTooSmall(let version, let size, let minimum):
      "a version \(version) symbol would have modules of \(size) mm, less than \(minimum) mm"
    case .tooWide(let needed, let available): "the symbol is \(needed) mm wide, its box \(available) mm"
    case .noGlyph(let scalar):
      "no installed font has the character U+\(String(scalar.value, radix: 16, uppercase: true))"
    case .inkOutsideBox: "the text's ink would leave its box"
    }
  }
}

extension LinearFault: CustomStringConvertible {
  /// What is wrong, to be read after "GS1-128".
  package var description: String {
    switch self {
    case .digits(let expected): "the data must be \(expected) digits"
    case .checkDigit: "the check digit is wrong"
    }
  }
}
