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
      "raised": time(alert["raisedAt"]?.string), "sentence": summary(both(alert["explanation"])),
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

  /// The first sentences of an explanation, as far as a list has room.
  private func summary(_ text: String) -> String {
    text.count <= 160 ? text : text.prefix(157).trimmed + "…"
  }
}
