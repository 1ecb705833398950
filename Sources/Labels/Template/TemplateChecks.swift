/// The checks that take a whole template: nothing leaves the label, nothing prints over a code or its quiet zone.
enum TemplateChecks {
  /// Throws `.template` for the first element that breaks a rule.
  static func check(_ elements: [TemplateElement], label: LabelBox) throws(LabelError) {
    for (index, element) in elements.enumerated() {
      for box in boxes(of: element) where !label.contains(box) {
        throw .template(field: path(index), .outsideLabel)
      }
    }
    for (codeIndex, code) in elements.enumerated() where isCode(code) {
      for (index, element) in elements.enumerated() where index != codeIndex {
        try checkClear(element, index, of: boxes(of: code), codeIndex)
      }
    }
  }

  private static func checkClear(
    _ element: TemplateElement, _ index: Int, of code: [LabelBox], _ codeIndex: Int
  ) throws(LabelError) {
    for area in code {
      for box in boxes(of: element) where box.overlaps(area) {
        throw .template(field: path(index), .overlapsCode(path(codeIndex)))
      }
    }
  }

  /// The path of an element, as errors name it.
  static func path(_ index: Int) -> String { "elements[\(index)]" }

  private static func isCode(_ element: TemplateElement) -> Bool {
    switch element {
    case .qr, .linear: true
    case .text, .ink: false
    }
  }

  /// All that an element may cover. A code's box includes its quiet zone.
  private static func boxes(of element: TemplateElement) -> [LabelBox] {
    switch element {
    case .qr(let qr): [qr.box]
    case .text(let text): [text.box]
    case .linear(let linear): [linear.box]
    case .ink(let boxes): boxes
    }
  }
}
