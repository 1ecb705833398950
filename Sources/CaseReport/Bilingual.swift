/// The languages of a report.
package enum ReportLanguage: String, CaseIterable, Sendable {
  /// Chinese, simplified.
  case zh
  /// English.
  case en
}

/// A text in both languages; what people wrote is the same in both.
package struct Bilingual: Hashable, Sendable {
  /// Chinese.
  package let zh: String
  /// English.
  package let en: String

  /// Words of our own.
  package init(zh: String, en: String) {
    self.zh = zh
    self.en = en
  }

  /// What someone wrote, in whatever language.
  package init(_ text: String) { self.init(zh: text, en: text) }

  subscript(language: ReportLanguage) -> String { language == .zh ? zh : en }
}
