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
    let scans = (alert["scans"]?.array ?? []).prefix(Self.scansMax)
    var territories = alert["numbers"]?["territories"]?.array ?? []
    var story = Story()
    let dispatch = try await Self.dispatch(alert, visit)
    if let dispatch { territories = dispatch["territories"]?.array ?? territories }
    // The chain of the code that it is about, else of the first that was scanned.
    let code = alert["code"]?.string ?? scans.lazy.compactMap { $0["uri"]?.string }.first
    var tells = dispatch != nil
    let raised = alert["raisedAt"]?.string.flatMap { Timestamp(rfc3339: $0) }
    if let code, let life = try? await visit.api(.get, "/v1/codes/lookup", Query([("code", code)])) {
      if territories.isEmpty { territories = life["bindings"]?[0]?["territories"]?.array ?? [] }
      for event in life["events"]?.array ?? [] where event["kind"]?.string != "scan" {
        let kind = event["kind"]?.string ?? ""
        guard let at = event["at"]?.string.flatMap({ Timestamp(rfc3339: $0) }), raised.map({ at <= $0 }) ?? true else {
          continue
        }
        // One step for the dispatch: that of the alert says more.
        let isTold = tells && kind == "dispatch"
        story.add(
          isTold ? "dispatch" : "life", event["at"]?.string, visit.t("event_" + kind),
          isTold ? Self.sentence(of: dispatch ?? [:], visit) : Self.dealers(of: event))
        if isTold { tells = false }
      }
    }
    if tells, let dispatch {
      story.add(
        "dispatch", dispatch["dispatchedAt"]?.string, visit.t("storyDispatch"), Self.sentence(of: dispatch, visit))
    }
    var points: [JSONValue] = []
    for scan in scans {
      let data = scan["data"] ?? [:]
      if territories.isEmpty { territories = data["territories"]?.array ?? [] }
      let region = data["place"]?["region"]?.string
      let role = visit.t("role_" + (scan["by"]?["role"]?.string ?? ""))
      var text = [visit.region(region), visit.t("territory_" + (data["territory"]?.string ?? "notBound"))]
      if let price = data["price"] { text.append(visit.money(price)) }
      if let place = scan["place"], let source = place["source"]?.string {
        text.append("\(source.uppercased()) ±\(Int(place["accuracyMeters"]?.double ?? 0))\u{a0}m")
      }
      let title = visit.t("storyScan", ["who": role])
      story.add("scan", scan["at"]?.string, title, text.joined(separator: " · "))
      points.append(Self.point(scan, region, "\(title) · \(visit.time(scan["at"]?.string)) · \(text[0])"))
    }
    story.add("alert", alert["raisedAt"]?.string, visit.t("storyAlert"), alert["rule"]?.string ?? "")
    steps = story.sorted.map { $0.values(visit) }
    map = [
      "territories": .array(territories), "scans": .array(points), "region": alert["region"] ?? .null,
      "kind": alert["kind"] ?? .null,
    ]
  }

  /// Steps as they are found, and in the order of their times.
  private struct Story {
    struct Step {
      let kind: String, at: String, title: String, text: String

      func values(_ visit: Visit) -> [String: Any] {
        ["kind": kind, "at": visit.time(at), "title": title, "text": text.isEmpty ? false : text]
      }
    }

    private var steps: [Step] = []

    mutating func add(_ kind: String, _ at: String?, _ title: String, _ text: String) {
      steps.append(Step(kind: kind, at: at ?? "", title: title, text: text))
    }

    /// What happened at one moment stays as it was found.
    var sorted: [Step] {
      steps.enumerated().sorted {
        let (left, right) = ($0.element.at, $1.element.at)
        let times = (Timestamp(rfc3339: left)?.milliseconds ?? 0, Timestamp(rfc3339: right)?.milliseconds ?? 0)
        return (times.0, $0.offset) < (times.1, $1.offset)
      }.map(\.element)
    }
  }

  private static func dispatch(_ alert: JSONValue, _ visit: Visit) async throws -> JSONValue? {
    guard let number = alert["dispatch"]?.int else { return nil }
    return try? await visit.api(.get, "/v1/dispatches/D\(number)")
  }

  private static func sentence(of dispatch: JSONValue, _ visit: Visit) -> String {
    let territories = (dispatch["territories"]?.array ?? []).map { visit.region($0.string) }
    return visit.t(
      "storyDispatchText",
      [
        "number": dispatch["number"]?.string ?? "", "dealer": dispatch["dealer"]?.string ?? "",
        "items": Format.number(dispatch["itemCount"]?.int ?? 0),
        "territories": territories.joined(separator: visit.t("comma")),
      ])
  }

  /// From whom to whom an event moved the goods.
  private static func dealers(of event: JSONValue) -> String {
    let data = event["data"] ?? [:]
    return ["from", "to", "dealer"].compactMap { data[$0]?.string }.joined(separator: " → ")
  }

  private static func point(_ scan: JSONValue, _ region: String?, _ label: String) -> JSONValue {
    var point: [String: JSONValue] = [
      "label": .string(label), "outside": .bool(scan["data"]?["territory"] == "outside"),
      "bound": .bool(!["notBound", nil].contains(scan["data"]?["territory"]?.string)),
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
        case .text(let text): visit.site.phrases.has("word_" + text) ? visit.t("word_" + text) : visit.plain(text)
        case .regions(let codes): codes.map { visit.region($0) }.joined(separator: ", ")
        case .moment(let moment): visit.time(moment.description)
        case .words(let zh, let en): visit.language == .zh ? zh : en
        }
      let words = visit.language == .zh ? number.words?.zh : number.words?.en
      return ["label": words ?? number.name, "isRaw": words == nil, "value": value]
    }
  }
}
