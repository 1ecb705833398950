import Hummingbird
import Regions

/// A header of choices with their weights (RFC 9110, section 12.4.2), such as `Accept`.
struct Choices {
  private let weights: [(name: String, weight: Double)]

  /// Choices that are looked at; more are noise.
  private static let choicesMax = 40

  /// Reads a header; what cannot be read is passed over. Without one, anything is welcome.
  init(_ header: String?) {
    weights = (header ?? "*").split(separator: ",").prefix(Self.choicesMax).compactMap { choice in
      let parts = choice.split(separator: ";").map { $0.filter { !$0.isWhitespace }.lowercased() }
      guard let name = parts.first, !name.isEmpty else { return nil }
      let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
      return (name, min(max(weight, 0), 1))
    }
  }

  /// The weight of the first of these names, from the most exact to the widest, that the header has; nil when it has
  /// none of them.
  func weight(of names: [String]) -> Double? {
    for name in names { if let found = weights.first(where: { $0.name == name }) { return found.weight } }
    return nil
  }
}

/// The forms that the answer about a code comes in.
enum CodeMedia: String, CaseIterable {
  case html = "text/html"
  case json = "application/json"
  case linkset = "application/linkset+json"

  /// What a request asks for; the page for people when it likes all alike, or nothing that there is.
  init(_ request: Request) { self.init(accept: request.headers[.accept]) }

  /// The same by the header alone.
  init(accept header: String?) {
    // What browsers send: the page stands first and has full weight, which nothing exceeds.
    if header?.hasPrefix("text/html,") == true || header == "text/html" {
      self = .html
      return
    }
    let choices = Choices(header)
    var best = (media: CodeMedia.html, weight: 0.0)
    for media in Self.allCases {
      let family = media.rawValue.prefix { $0 != "/" } + "/*"
      let weight = choices.weight(of: [media.rawValue, String(family), "*/*", "*"]) ?? 0
      if weight > best.weight { best = (media, weight) }
    }
    self = best.media
  }
}

extension Language {
  /// The language of a page: `?lang=`, else what the browser prefers; Chinese when it does not say.
  package init(_ request: Request) {
    self = Language(asked: request) ?? Language(accepted: request.headers[.acceptLanguage])
  }

  /// The language that a query asks for.
  init?(asked request: Request) {
    guard let asked = request.uri.queryParameters["lang"].flatMap({ Language(rawValue: String($0)) }) else {
      return nil
    }
    self = asked
  }

  /// The language that an `Accept-Language` header prefers.
  init(accepted header: String?) {
    guard let header else {
      self = .zh
      return
    }
    let choices = Choices(header)
    let zh = choices.weight(of: ["zh-cn", "zh", "zh-hans", "zh-hans-cn", "zh-hk", "zh-tw", "zh-hant"]) ?? 0
    let en = choices.weight(of: ["en", "en-us", "en-gb", "*"]) ?? 0
    // Somebody who reads neither is more likely to get on with English.
    self = zh >= en && zh > 0 ? .zh : .en
  }
}
