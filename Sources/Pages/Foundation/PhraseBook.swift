import Foundation
import Regions

/// Every text of the pages, in both languages: `Resources/phrases/*.tsv`, a line for each, `key<TAB>中文<TAB>English`.
/// Templates name them `{{t.key}}`; `{name}` in a text stands for an argument.
struct PhraseBook: Sendable {
  private var texts: [Language: [String: String]] = [.zh: [:], .en: [:]]

  /// A line that is no phrase.
  struct Malformed: Error { let file: String, line: Int }

  init() throws {
    for file in try BundledFiles.all(in: "phrases", "tsv") {
      let lines = String(decoding: try Data(contentsOf: file), as: UTF8.self).split(
        separator: "\n", omittingEmptySubsequences: false)
      for (number, line) in lines.enumerated() where !line.isEmpty && !line.hasPrefix("#") {
        let parts = line.split(separator: "\t").map(String.init)
        guard parts.count == 3, texts[.zh]?[parts[0]] == nil else {
          throw Malformed(file: file.lastPathComponent, line: number + 1)
        }
        texts[.zh]?[parts[0]] = parts[1]
        texts[.en]?[parts[0]] = parts[2]
      }
    }
  }

  /// Whether there is such a text.
  func has(_ key: String) -> Bool { texts[.zh]?[key] != nil }

  /// A text; its key when there is none, which a test would have found.
  func text(_ key: String, _ language: Language, _ arguments: [String: String] = [:]) -> String {
    var text = texts[language]?[key] ?? key
    for (name, value) in arguments { text = text.replacing("{\(name)}", with: value) }
    return text
  }

  /// All texts of a language, for a template.
  func all(_ language: Language) -> [String: String] { texts[language] ?? [:] }

  /// All keys, for tests.
  var keys: Set<String> { Set((texts[.zh] ?? [:]).keys) }
}
