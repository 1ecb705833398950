/// A text of a template with placeholders in braces, such as `批号 Batch {batch}`. `{{` is a plain brace.
package struct TextPattern: Equatable, Sendable {
  /// A piece of the pattern.
  enum Part: Equatable, Sendable {
    case literal(String)
    case field(LabelField)
  }

  let parts: [Part]

  /// Whether the text is the same on every label.
  var isConstant: Bool { fields.isEmpty }

  /// The fields named.
  var fields: [LabelField] {
    parts.compactMap { part in
      if case .field(let field) = part { field } else { nil }
    }
  }

  /// A text without placeholders.
  init(constant: String) {
    parts = [.literal(constant)]
  }

  /// Parses a pattern for labels of `kind`. Throws `.template` naming `path` for a placeholder that is unknown,
  /// never closed, or not to be had for that kind.
  init(parsing text: String, kind: LabelKind, path: String) throws(LabelError) {
    var parts: [Part] = []
    var literal = ""
    var rest = text[...]
    while let character = rest.popFirst() {
      guard character == "{" else {
        literal.append(character)
        continue
      }
      if rest.first == "{" {
        rest.removeFirst()
        literal.append("{")
        continue
      }
      let name = String(rest.prefix { $0 != "}" })
      guard rest.count > name.count, let field = LabelField(rawValue: name), field.kinds.contains(kind) else {
        throw .template(field: path, .placeholder(name))
      }
      rest = rest.dropFirst(name.count + 1)
      if !literal.isEmpty { parts.append(.literal(literal)) }
      literal = ""
      parts.append(.field(field))
    }
    if !literal.isEmpty { parts.append(.literal(literal)) }
    self.parts = parts
  }

  /// The text for one label, or nil when the pattern names fields and the label has none of them: a caption without
  /// its value is not printed.
  func text(for content: LabelContent) -> String? {
    var text = ""
    var found = isConstant
    for part in parts {
      switch part {
      case .literal(let literal): text += literal
      case .field(let field):
        guard let value = content[field] else { continue }
        found = true
        text += value
      }
    }
    return found ? text : nil
  }
}
