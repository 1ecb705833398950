import Server
import Spreadsheets
import TransparencyLog

/// What people decided of alerts, by kind: how many of them were no diversion, and what they were instead.
struct DecisionTable: Sendable {
  /// The decisions of one kind of alert.
  struct Line: Sendable {
    /// The kind; nil for all of them.
    let kind: String?
    /// How often each of ``words`` was decided.
    var counts: [Int64]

    var all: Int64 { counts.reduce(0, +) }
    /// Of all that was decided, the share that confirmed nothing, percent to one digit; decided lines only.
    private var percent: Double { (Double(all - counts[0]) / Double(max(1, all)) * 1000).rounded() / 10 }
    var isNoneShare: String { "\(percent)%" }
    var number: String { "\(percent)" }
  }

  /// The decisions, that of a confirmed alert first.
  static let words = AlertPages.decisions

  /// Kinds of which something was decided, and all of them together; nil when nothing was.
  let lines: [Line], all: Line?

  /// Asks the API.
  init(_ visit: Visit) async throws {
    let rules = try await visit.api(.get, "/v1/detection/settings")["decisions"]?.array ?? []
    let kinds = Dictionary(grouping: rules) { $0["kind"]?.string ?? "" }
    let lines = kinds.map { kind, rules in
      Line(kind: kind, counts: Self.words.map { word in rules.reduce(0) { $0 + ($1[word]?.int ?? 0) } })
    }.filter { $0.all > 0 }
    self.lines = lines.sorted { ($1.all, $0.kind ?? "") < ($0.all, $1.kind ?? "") }
    all =
      lines.isEmpty
      ? nil
      : Line(kind: nil, counts: Self.words.indices.map { place in lines.reduce(0) { $0 + $1.counts[place] } })
  }

  /// For the template.
  func rows(_ visit: Visit) -> [[String: Any]] {
    (lines + (lines.count > 1 ? [all].compactMap(\.self) : [])).map { line in
      [
        "label": label(line, visit),
        "counts": zip(Self.words, line.counts).map { word, count in
          ["n": Format.number(count), "head": visit.t("decision_" + word)]
        }, "share": line.isNoneShare,
        "href": "/console/alerts?status=closed&order=newest" + (line.kind.map { "&kind=" + $0 } ?? ""),
      ]
    }
  }

  /// The same as a file.
  func export(_ visit: Visit) -> Export {
    let heads = [visit.t("kindHead")] + Self.words.map { visit.t("decision_" + $0) } + [visit.t("falseAlarmNumber")]
    let rows = lines.map { line in
      [Table.Cell(label(line, visit))] + line.counts.map { Table.Cell(count: .integer($0)) } + [.decimal(line.number)]
    }
    return Export(name: "yima-decisions", title: "decisionsTable", table: Table(heads: heads, rows: rows))
  }

  private func label(_ line: Line, _ visit: Visit) -> String {
    line.kind.map { visit.t("kind_" + $0) } ?? visit.t("allKinds")
  }
}
