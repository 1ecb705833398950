import Ledger
import Regions
import Server
import TransparencyLog

/// How times, places and numbers look in pages.
enum Format {
  /// With a thin space between thousands: 12 345.
  static func number(_ number: Int64) -> String {
    let digits = String(abs(number))
    var text = ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place) % 3 == 0 { text.append("\u{202f}") }
      text.append(digit)
    }
    return (number < 0 ? "−" : "") + text
  }
}

extension Visit {
  /// A moment in Beijing time, to the minute.
  func time(_ time: Timestamp) -> String { ChinaTime.minute(time) }

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
