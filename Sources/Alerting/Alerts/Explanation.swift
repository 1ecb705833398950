import Regions
import TransparencyLog

/// Why an alert was raised, in words.
package struct Explanation: Hashable, Sendable {
  /// In Chinese and in English.
  package let zh: String, en: String

  /// Made from its parts.
  package init(zh: String, en: String) {
    self.zh = zh
    self.en = en
  }

  /// `{"en":"…","zh":"…"}`
  package var json: JSONValue { ["zh": .string(zh), "en": .string(en)] }

  /// Reads what `json` gave.
  package init?(_ json: JSONValue?) {
    guard let zh = json?["zh"]?.string, let en = json?["en"]?.string else { return nil }
    self.init(zh: zh, en: en)
  }
}

extension Clue {
  /// The explanation of the catalogue with this clue's numbers; regions by the gazetteer's names. It needs nothing that
  /// the alert's event does not hold, so anyone can make it again.
  package func explanation(_ gazetteer: Gazetteer = .empty) -> Explanation {
    Explanation(
      zh: fill(message.chinese, .zh, gazetteer), en: fill(message.english, .en, gazetteer))
  }

  private func fill(_ template: String, _ language: Language, _ gazetteer: Gazetteer) -> String {
    var text = ""
    var rest = template[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      text += rest[..<open]
      text += value(String(rest[rest.index(after: open)..<close]), language, gazetteer)
      rest = rest[rest.index(after: close)...]
    }
    return text + rest
  }

  private func value(_ name: String, _ language: Language, _ gazetteer: Gazetteer) -> String {
    let none = language == .zh ? "未知" : "unknown"
    switch name {
    case "dealer": return subject.dealer ?? none
    case "detection": return FindingWords(self)?.text(language, gazetteer) ?? none
    case "dispatch": return subject.dispatch.map(String.init) ?? none
    case "gtin": return subject.gtin?.description ?? none
    case "region":
      return subject.region.map { gazetteer.label($0, language) }
        ?? (language == .zh ? "未知地区" : "an unknown place")
    case "territories", "fromRegion", "toRegion":
      let codes = numbers[name]?.array ?? numbers[name].map { [$0] } ?? []
      let labels = codes.compactMap { $0.string.flatMap(RegionCode.init(reading:)) }.map {
        gazetteer.label($0, language)
      }
      return labels.isEmpty ? none : labels.joined(separator: language == .zh ? "、" : ", ")
    default: return numbers[name].map { $0.string ?? $0.description } ?? none
    }
  }
}
