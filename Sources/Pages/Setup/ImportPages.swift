import Hummingbird
import Interchange
import Ledger
import Server
import Spreadsheets
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
        // A file is always shown before anything of it is taken; what is confirmed is the text of the preview.
        if let file = visit.files["file"] { return read(register, visit, file.name, file.bytes) }
        return visit.form["confirmed"] == nil ? preview(register, visit) : try await add(register, visit)
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
      return ([], visit.sentence(error))
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
      line.faults = cellFaults(row, fields, visit)
      do throws(FormFaults) { _ = try register.form.body(typed) } catch {
        line.faults += error.byField.sorted { $0.key < $1.key }.map { name, phrase in
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

  /// What a spreadsheet lost or could not work out, by the cell's name.
  private static func cellFaults(_ row: TextTable.Row, _ fields: [Field?], _ visit: Visit) -> [String] {
    zip(fields, row.cells).enumerated().compactMap { column, pair in
      guard let field = pair.0, let fault = TextTable.fault(of: pair.1) else { return nil }
      let name = CellReference(column: column, row: row.line).description
      let phrase = fault == .lostDigits ? "importLostDigits" : "importCellError"
      return visit.t(field.label) + visit.t("colon") + visit.t(phrase, ["cell": name, "text": pair.1])
    }
  }

  /// Our own exports put an apostrophe before what looks like a formula.
  private static func unquoted(_ text: String) -> String {
    guard text.hasPrefix("'"), let second = text.dropFirst().first, "=+-@".contains(second) else { return text }
    return String(text.dropFirst())
  }

  /// A file as the text that can be looked at, mended and confirmed; of a workbook each row on the line of its number.
  private static func read(_ register: Register, _ visit: Visit, _ name: String, _ bytes: [UInt8]) -> Response {
    let table: TextTable
    do throws(TextTableFault) { table = try TextTable(bytes) } catch {
      return show(register, visit, text: "", fault: visit.sentence(error))
    }
    // Bounded before its lines are laid out: a sheet may have its second row a million below the first.
    guard (table.rows.last?.line ?? 0) <= linesMax * 2, table.rows.count <= linesMax + 1 else {
      return show(register, visit, text: "", fault: visit.t("importTooLong", ["n": String(linesMax)]))
    }
    let text = table.text
    guard text.utf8.count <= Page.formMax / 2 else {
      return show(register, visit, text: "", fault: visit.t("importTooLong", ["n": String(linesMax)]))
    }
    let (lines, fault) = lines(register, text, visit.site.phrases, visit)
    let what = ["file": name, "sheet": table.sheet ?? ""]
    let note = visit.t(table.sheet == nil ? "importReadText" : "importRead", what)
    return show(register, visit, text: text, lines: lines, fault: fault, note: note)
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
    _ register: Register, _ visit: Visit, text: String, lines: [Line] = [], fault: String? = nil,
    note: String? = nil, isDone: Bool = false
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
          "number": line.number,
          "cells": register.form.fields.map { ["head": visit.t($0.label), "value": line.typed[$0.name] ?? ""] },
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
    if let note { values["note"] = note }
    return visit.html(
      "import", title: visit.t("importTitle", ["what": visit.t("reg_" + register.slug)]), values,
      status: fault == nil && bad.isEmpty ? .ok : .unprocessableContent)
  }
}

extension Visit {
  /// Why a table cannot be read.
  fileprivate func sentence(_ fault: TextTableFault) -> String {
    guard let workbook = fault.workbook else { return t("importBroken", ["line": String(fault.line)]) }
    return language == .zh ? workbook.sentence.zh : workbook.sentence.en
  }
}
