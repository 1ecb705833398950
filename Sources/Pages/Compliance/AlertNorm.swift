import Ledger
import Server
import TransparencyLog

/// The numbers of an alert beside what is normal for its dealer and its pair of regions, as a table.
enum AlertNorm {
  /// For the alert's template: which days, and a row for each comparison; nil when there is nothing to compare with.
  static func values(_ alert: JSONValue, _ visit: Visit) async throws -> [String: Any]? {
    guard let dealer = alert["dealer"]?.string, let id = alert["id"]?.string, alert["region"] != nil else { return nil }
    let usual = try await visit.api(.get, "/v1/alerts/\(Query.escape(id))/usual", taking: .notFound)
    guard usual["there"] != nil else { return nil }
    let places = ["from": visit.region(usual["from"]?.string), "to": visit.region(usual["to"]?.string)]
    func row(_ name: String, _ label: String) -> [String: Any] {
      let (during, before) = (usual[name]?["during"] ?? [:], usual[name]?["before"] ?? [:])
      return [
        "label": visit.t(label, places.merging(["dealer": dealer]) { own, _ in own }),
        "during": share(during), "duringOf": counted(during, visit), "before": share(before),
        "beforeOf": counted(before, visit),
      ]
    }
    return [
      "days": days(usual["days"], visit), "beforeDays": days(usual["before"], visit),
      "rows": [
        row("there", "usualThere"), row("others", "usualOthers"), row("outside", "usualOutside"),
      ],
    ]
  }

  private static func days(_ span: JSONValue?, _ visit: Visit) -> String {
    let (from, to) = (visit.day(span?["from"]?.string ?? ""), visit.day(span?["to"]?.string ?? ""))
    let text = from == to ? from : from + "\u{a0}– " + to
    // A date is not broken at its hyphens.
    return text.replacing("-", with: "\u{2011}")
  }

  private static func share(_ part: JSONValue) -> String {
    let (count, scans) = (part["count"]?.int ?? 0, part["scans"]?.int ?? 0)
    guard scans > 0 else { return "–" }
    let percent = Double(count) / Double(scans) * 100
    return percent > 0 && percent < 1 ? "\((percent * 100).rounded() / 100)%" : "\((percent * 10).rounded() / 10)%"
  }

  private static func counted(_ part: JSONValue, _ visit: Visit) -> String {
    visit.t(
      "usualCount",
      [
        "count": Format.number(part["count"]?.int ?? 0), "scans": Format.number(part["scans"]?.int ?? 0),
      ])
  }
}
