/// A sentence in the two languages that every reader of evidence is offered.
package struct Wording: Equatable, Sendable {
  /// Chinese.
  package let zh: String
  /// English.
  package let en: String

  /// Made from both.
  package init(zh: String, en: String) {
    self.zh = zh
    self.en = en
  }
}
