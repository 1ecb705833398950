import Ledger
import Regions
import Server
import TransparencyLog

/// How times, places and numbers look in pages.
enum Format {
  /// With commas between thousands, as Chinese and English both write them: 12,345.
  static func number(_ number: Int64) -> String {
    let digits = String(number.magnitude)
    var text = ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return (number < 0 ? "−" : "") + text
  }
}

extension String {
  /// Its parts between a separator, found byte by byte: regular expressions took half the time of a list of alerts.
  func pieces(between separator: String) -> [Substring] {
    let mark = Array(separator.utf8)
    guard let first = mark.first else { return [self[...]] }
    var found: [Substring] = []
    var (start, at) = (startIndex, startIndex)
    while at < utf8.endIndex {
      guard utf8[at] == first, utf8[at...].starts(with: mark) else {
        utf8.formIndex(after: &at)
        continue
      }
      found.append(self[start..<at])
      at = utf8.index(at, offsetBy: mark.count)
      start = at
    }
    return found + [self[start...]]
  }
}

extension Visit {
  /// A moment in Beijing time, to the minute.
  func time(_ time: Timestamp) -> String { ChinaTime.minute(time, language) }

  /// A day out of the API, `2026-09-01`.
  func day(_ text: String) -> String { language == .zh ? text : ChinaTime.english(text) }

  /// A moment out of the API.
  func time(_ text: String?) -> String {
    guard let text, let time = Timestamp(rfc3339: text) else { return "" }
    return self.time(time)
  }

  /// A region's name in full; its code when it has none.
  func region(_ code: String?) -> String {
    guard let code, let region = try? RegionCode(code) else { return code ?? "" }
    return site.services.ledger.atlas.name(of: region, language) ?? code
  }
}
