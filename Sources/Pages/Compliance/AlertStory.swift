import Ledger
import Server
import TransparencyLog

/// What led to an alert, in order and on a map: where the goods were bound to go, and where they were seen.
struct AlertStory {
  private(set) var steps: [[String: Any]] = []
  /// What the map's script draws.
  private(set) var map: JSONValue

  /// Scans that a page shows; the rest stands in the evidence.
  static let scansMax = 200

  init(_ alert: JSONValue, _ visit: Visit) async throws {
    var territories = alert["numbers"]?["territories"]?.array ?? []
    if let dispatch = alert["dispatch"]?.int,
      let found = try? await visit.api(.get, "/v1/dispatches/D\(dispatch)")
    {
      territories = found["territories"]?.array ?? territories
      steps.append(
        Self.step(
          visit, "dispatch", found["dispatchedAt"]?.string, visit.t("storyDispatch"),
          visit.t(
            "storyDispatchText",
            [
              "number": found["number"]?.string ?? "", "dealer": found["dealer"]?.string ?? "",
              "items": Format.number(found["itemCount"]?.int ?? 0),
              "territories": territories.map { visit.region($0.string) }.joined(separator: visit.t("comma")),
            ])))
    } else if let code = alert["code"]?.string,
      let life = try? await visit.api(.get, "/v1/codes/lookup", Query([("code", code)]))
    {
      if territories.isEmpty { territories = life["bindings"]?[0]?["territories"]?.array ?? [] }
      for event in life["events"]?.array ?? [] where event["kind"]?.string != "scan" {
        steps.append(
          Self.step(visit, "life", event["at"]?.string, visit.t("event_" + (event["kind"]?.string ?? "")), ""))
      }
    }
    var points: [JSONValue] = []
    for scan in (alert["scans"]?.array ?? []).prefix(Self.scansMax) {
      let data = scan["data"] ?? [:]
      if territories.isEmpty { territories = data["territories"]?.array ?? [] }
      let region = data["place"]?["region"]?.string
      let role = visit.t("role_" + (scan["by"]?["role"]?.string ?? ""))
      var text = [visit.region(region), visit.t("territory_" + (data["territory"]?.string ?? "notBound"))]
      if let price = data["price"] { text.append(visit.money(price)) }
      if let place = scan["place"], let source = place["source"]?.string {
        text.append("\(source.uppercased()) ±\(Int(place["accuracyMeters"]?.double ?? 0)) m")
      }
      let title = visit.t("storyScan", ["who": role])
      steps.append(Self.step(visit, "scan", scan["at"]?.string, title, text.joined(separator: " · ")))
      points.append(Self.point(scan, region, "\(title) · \(visit.time(scan["at"]?.string)) · \(text[0])"))
    }
    steps.append(
      Self.step(visit, "alert", alert["raisedAt"]?.string, visit.t("storyAlert"), alert["rule"]?.string ?? ""))
    map = ["territories": .array(territories), "scans": .array(points), "region": alert["region"] ?? .null]
  }

  private static func step(
    _ visit: Visit, _ kind: String, _ at: String?, _ title: String, _ text: String
  ) -> [String: Any] {
    ["kind": kind, "at": visit.time(at), "title": title, "text": text]
  }

  private static func point(_ scan: JSONValue, _ region: String?, _ label: String) -> JSONValue {
    var point: [String: JSONValue] = [
      "label": .string(label), "outside": .bool(scan["data"]?["territory"] == "outside"),
    ]
    point["region"] = region.map(JSONValue.string)
    if let place = scan["place"] {
      point["latitude"] = place["latitude"]
      point["longitude"] = place["longitude"]
      point["accuracy"] = place["accuracyMeters"]
    }
    return .object(point)
  }
}

/// The numbers of an alert as a table.
enum AlertNumbers {
  /// A name that has no words comes as it is, for those who read the rule.
  static func rows(_ numbers: JSONValue?, _ visit: Visit) -> [[String: Any]] {
    AlertNumber.all(numbers?.object ?? [:]).map { number in
      let value =
        switch number.value {
        case .text(let text): visit.plain(text)
        case .regions(let codes): codes.map { visit.region($0) }.joined(separator: ", ")
        case .moment(let moment): visit.time(moment.description)
        case .words(let zh, let en): visit.language == .zh ? zh : en
        }
      let words = visit.language == .zh ? number.words?.zh : number.words?.en
      return ["label": words ?? number.name, "isRaw": words == nil, "value": value]
    }
  }
}
