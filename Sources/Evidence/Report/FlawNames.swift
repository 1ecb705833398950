extension Flaw {
  /// The sentence in both languages.
  package var wording: Wording { Wording(zh: chinese, en: english) }

  /// The name of the rule for programs; it never changes.
  package var slug: String {
    // The case's own name: arguments stand in parentheses behind it.
    String(String(describing: self).prefix { $0 != "(" })
  }
}
