import Regions
import Server
import TransparencyLog

/// How alerts, cases and their parts are named in pages.
extension Visit {
  /// Dealers' names by code: the first thousand, which the inbox shows beside codes.
  func dealers() async throws -> [String: String] {
    guard try actor().role != .dealer else { return [:] }
    let items = try await api(.get, "/v1/dealers", Query([("limit", "1000")]))["items"]?.array ?? []
    return Dictionary(
      items.compactMap { item in item["code"]?.string.map { ($0, item["name"]?.string ?? "") } },
      uniquingKeysWith: { first, _ in first })
  }

  /// A text that stands in both languages.
  func both(_ value: JSONValue?) -> String { value?[language.rawValue]?.string ?? "" }

  /// An alert as a row of a list.
  func alertRow(_ alert: JSONValue, _ dealers: [String: String]) -> [String: Any] {
    let (kind, severity) = (alert["kind"]?.string ?? "", alert["severity"]?.string ?? "")
    var row: [String: Any] = [
      "id": alert["id"]?.string ?? "", "kind": t("kind_" + kind), "kindWord": kind,
      "severity": t("severity_" + severity),
      "severityWord": severity, "status": t("status_" + (alert["status"]?.string ?? "")),
      "raised": time(alert["raisedAt"]?.string), "sentence": summary(said(alert).sentence),
      "isOpen": alert["status"]?.string == "open",
      // A row without one must not show that of the page around it.
      "dealer": false, "dealerName": "", "region": false, "product": false, "value": false,
    ]
    if let dealer = alert["dealer"]?.string {
      row["dealer"] = dealer
      row["dealerName"] = dealers[dealer] ?? ""
    }
    if let region = alert["region"]?.string { row["region"] = self.region(region) }
    let product = both(alert["product"]?["name"])
    if !product.isEmpty { row["product"] = product }
    if let value = alert["valueAtRisk"] { row["value"] = money(value) }
    return row
  }

  /// Money: `¥5,000` in Chinese, `CNY 5,000` in English; other currencies by their code.
  func money(_ value: JSONValue) -> String {
    let parts = (value["amount"]?.string ?? "").split(separator: ".")
    let whole = parts.first.flatMap { Int64($0) }.map(Format.number) ?? ""
    let amount = whole + (parts.count > 1 && parts[1] != "00" ? "." + parts[1] : "")
    let currency = value["currency"]?.string ?? ""
    return language == .zh && currency == "CNY" ? "¥" + amount : (currency + " " + amount).trimmed
  }

  /// A text in which a source that nobody can name, `anonymous 440300`, is said in words.
  func plain(_ text: String) -> String {
    let pieces = text.pieces(between: "anonymous ")
    return pieces.dropFirst().reduce(into: String(pieces.first ?? "")) { said, piece in
      let code = String(piece.prefix(6))
      let isRegion = (try? RegionCode(code)) != nil
      said += isRegion ? t("anonymousIn", ["region": region(code)]) + piece.dropFirst(6) : "anonymous " + piece
    }
  }

  /// A text in which the dispatch is called by the number on its paper; in the event it has that of its row.
  private func named(_ text: String, _ alert: JSONValue) -> String {
    guard let row = alert["dispatch"]?.int, let number = alert["dispatchNumber"]?.string else { return text }
    return ["发货单 ", "批次 ", "dispatch ", "lot "].reduce(text) { text, word in
      let pieces = text.pieces(between: word + String(row))
      return pieces.dropFirst().reduce(into: String(pieces.first ?? "")) { said, piece in
        let isOther = piece.first?.isNumber == true
        let name = isOther ? word + String(row) : (language == .zh ? "发货单 " : "dispatch ") + number
        said += name + piece
      }
    }
  }

  /// What happened in one sentence, and the rest of the explanation. Which rule it was stands elsewhere, so a first
  /// sentence that only names it comes last.
  func said(_ alert: JSONValue) -> (sentence: String, rest: String) {
    let (stop, gap) = language == .zh ? ("。", "") : (". ", " ")
    var sentences = named(plain(both(alert["explanation"])), alert).pieces(between: stop).map(\.trimmed)
    sentences.removeAll(where: \.isEmpty)
    if sentences.count > 1, let rule = alert["rule"]?.string, sentences[0].contains(rule) {
      sentences.append(sentences.removeFirst())
    }
    guard let first = sentences.first else { return ("", "") }
    func ended(_ sentence: String) -> String {
      sentence.last.map { ".。".contains($0) } == true ? sentence : sentence + stop.trimmed
    }
    return (ended(first), sentences.dropFirst().map(ended).joined(separator: gap))
  }

  /// The first sentences of an explanation, as far as a list has room.
  private func summary(_ text: String) -> String {
    guard text.count > Self.summaryMax else { return text }
    let start = text.prefix(Self.summaryMax - 1)
    // English is not cut within a word.
    let end = language == .en ? start.lastIndex(of: " ") ?? start.endIndex : start.endIndex
    return start[..<end].trimmed + "…"
  }

  private static let summaryMax = 200
}
