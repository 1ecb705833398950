import Hummingbird
import Interchange
import Ledger
import Server
import TransparencyLog

/// Lists out of a spreadsheet: pasted or read from a file, looked at first, then added line by line.
enum ImportPages {
  /// Lines of one import.
  static let linesMax = 5_000
  private static let shownMax = 200

  static func pages(_ register: Register, _ base: String, _ audience: Page.Audience) -> [Page] {
    [
      .get(base + "/import", audience) { visit in show(register, visit, text: "") },
      .post(base + "/import", audience) { visit in
        visit.form["confirmed"] == nil ? preview(register, visit) : try await add(register, visit)
      },
    ]
  }

  /// A line of the list: what was typed, and what is wrong with it.
  struct Line: Sendable {
    let number: Int
    let typed: [String: String]
    var faults: [String] = []
    var isAdded = false
  }

  /// Reads a list; its first line names the columns, by the field's name or by its label in either language.
  static func lines(_ register: Register, _ text: String, _ phrases: PhraseBook, _ visit: Visit) -> (
    lines: [Line], fault: String?
  ) {
    let rows: [TextTable.Row]
    do throws(TextTableFault) { rows = try TextTable(Array(text.utf8)).rows } catch {
      return ([], visit.t("importBroken", ["line": String(error.line)]))
    }
    guard let head = rows.first?.cells, rows.count > 1 else { return ([], visit.t("importEmpty")) }
    guard rows.count <= linesMax + 1 else { return ([], visit.t("importTooLong", ["n": String(linesMax)])) }
    let fields = head.map { cell -> Field? in
      let cell = cell.lowercased()
      return register.form.fields.first { field in
        [field.name, phrases.text(field.label, .zh), phrases.text(field.label, .en)].contains {
          $0.lowercased() == cell
        }
      }
    }
    let missing = register.form.fields.filter { field in field.isRequired && !fields.contains { $0?.name == field.name }
    }
    guard missing.isEmpty else {
      return ([], visit.t("importMissing", ["columns": missing.map(\.name).joined(separator: ", ")]))
    }
    let key = register.form.fields[0].name
    var seen: Set<String> = []
    let lines = rows.dropFirst().map { row -> Line in
      var typed: [String: String] = [:]
      for (field, cell) in zip(fields, row.cells) { if let field { typed[field.name] = unquoted(cell) } }
      var line = Line(number: row.line, typed: typed)
      do throws(FormFaults) { _ = try register.form.body(typed) } catch {
        line.faults = error.byField.sorted { $0.key < $1.key }.map { name, phrase in
          let label = register.form.fields.first { $0.name == name }.map { visit.t($0.label) } ?? name
          return label + visit.t("colon") + visit.t(phrase)
        }
      }
      if !seen.insert(typed[key] ?? "").inserted {
        line.faults.append(visit.t("importTwice", ["code": typed[key] ?? ""]))
      }
      return line
    }
    return (lines, nil)
  }

  /// Our own exports put an apostrophe before what looks like a formula.
  private static func unquoted(_ text: String) -> String {
    guard text.hasPrefix("'"), let second = text.dropFirst().first, "=+-@".contains(second) else { return text }
    return String(text.dropFirst())
  }

  private static func preview(_ register: Register, _ visit: Visit) -> Response {
    let text = visit.form["text"] ?? ""
    let (lines, fault) = lines(register, text, visit.site.phrases, visit)
    return show(register, visit, text: text, lines: lines, fault: fault)
  }

  /// Adds each good line; what the API refuses is told with its line, and the rest stays added.
  private static func add(_ register: Register, _ visit: Visit) async throws -> Response {
    let text = visit.form["text"] ?? ""
    var (lines, fault) = lines(register, text, visit.site.phrases, visit)
    for place in lines.indices where lines[place].faults.isEmpty {
      do {
        _ = try await register.add(try register.form.body(lines[place].typed), visit)
        lines[place].isAdded = true
      } catch let problem as Problem {
        let field = register.form.field(of: problem).map { visit.t($0.label) + visit.t("colon") } ?? ""
        lines[place].faults = [field + visit.sentence(problem)]
      }
    }
    return show(register, visit, text: text, lines: lines, fault: fault, isDone: true)
  }

  private static func show(
    _ register: Register, _ visit: Visit, text: String, lines: [Line] = [], fault: String? = nil, isDone: Bool = false
  ) -> Response {
    let bad = lines.filter { !$0.faults.isEmpty }
    // What is wrong comes first: nobody scrolls through five thousand good lines.
    let shown = (bad + lines.filter(\.faults.isEmpty)).prefix(shownMax)
    var values: [String: Any] = [
      "slug": register.slug, "text": text, "registerTitle": visit.t("reg_" + register.slug),
      "columns": register.form.fields.map {
        ["name": $0.name, "label": visit.t($0.label), "isRequired": $0.isRequired] as [String: Any]
      },
      "heads": register.form.fields.map { visit.t($0.label) },
      "lines": shown.map { line in
        [
          "number": line.number, "cells": register.form.fields.map { line.typed[$0.name] ?? "" },
          "fault": line.faults.joined(separator: visit.t("comma")), "isBad": !line.faults.isEmpty,
          "isAdded": line.isAdded,
        ] as [String: Any]
      },
      "hasLines": !lines.isEmpty, "isDone": isDone,
      "canConfirm": !isDone && lines.contains { $0.faults.isEmpty },
    ]
    if !lines.isEmpty {
      let numbers = [
        "all": String(lines.count), "bad": String(bad.count), "good": String(lines.count - bad.count),
        "added": String(lines.filter(\.isAdded).count),
      ]
      values["summary"] = visit.t(isDone ? "importDone" : "importSummary", numbers)
    }
    if let fault { values["fault"] = fault }
    return visit.html(
      "import", title: visit.t("importTitle", ["what": visit.t("reg_" + register.slug)]), values,
      status: fault == nil && bad.isEmpty ? .ok : .unprocessableContent)
  }
}
