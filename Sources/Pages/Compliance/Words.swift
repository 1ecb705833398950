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

  /// Money with its currency, thousands parted.
  func money(_ value: JSONValue) -> String {
    let parts = (value["amount"]?.string ?? "").split(separator: ".")
    let whole = parts.first.flatMap { Int64($0) }.map(Format.number) ?? ""
    return whole + (parts.count > 1 && parts[1] != "00" ? "." + parts[1] : "") + " " + (value["currency"]?.string ?? "")
  }

  /// A text in which a source that nobody can name, `anonymous 440300`, is said in words.
  func plain(_ text: String) -> String {
    text.replacing(/anonymous ([0-9]{6})/) { t("anonymousIn", ["region": region(String($0.1))]) }
  }

  /// What happened in one sentence, and the rest of the explanation. Which rule it was stands elsewhere, so a first
  /// sentence that only names it comes last.
  func said(_ alert: JSONValue) -> (sentence: String, rest: String) {
    let (stop, gap) = language == .zh ? ("。", "") : (". ", " ")
    var sentences = plain(both(alert["explanation"])).split(separator: stop).map { String($0).trimmed }
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
    text.count <= 160 ? text : text.prefix(157).trimmed + "…"
  }
}
