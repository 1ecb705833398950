import Hummingbird
import Ledger
import Server
import TransparencyLog

/// What people reported on the page of a code, with their photos.
enum ReportPages {
  static let pages: [Page] = [.get("/console/reports", AlertPages.readers, list)]

  private static func list(_ visit: Visit) async throws -> Response {
    let query = Query([("limit", "50")]).setting("cursor", visit.query["cursor"])
    let page = try await visit.api(.get, "/v1/reports", query)
    var values: [String: Any] = [
      "rows": (page["items"]?.array ?? []).map { report -> [String: Any] in
        [
          "id": report["id"]?.string ?? "", "at": visit.time(report["at"]?.string),
          "text": report["text"]?.string ?? "", "code": report["code"]?.string ?? "",
          "region": report["region"].map { visit.region($0.string) } ?? false,
          "place": report["place"]?.string ?? false, "contact": report["contact"]?.string ?? false,
          "photo": report["photo"]?.string ?? false,
        ]
      }
    ]
    if let next = page["next"]?.string { values["nextHref"] = "/console/reports?cursor=" + Query.escape(next) }
    return visit.html("reports", title: visit.t("reports"), values)
  }
}
