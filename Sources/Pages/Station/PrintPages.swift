import Hummingbird
import Ledger
import Server
import Spreadsheets
import TransparencyLog

/// Printing labels, what was printed, and voiding what was spoiled. Works without a script.
enum PrintPages {
  static let pages: [Page] =
    [
      .get("/prints", .roles([.warehouse, .issuer])) { visit in try await show(visit) },
      .post("/prints", .roles([.warehouse, .issuer]), record),
      .post("/prints/batches", .roles([.warehouse, .issuer]), issue),
      .post("/prints/void", .roles([.warehouse, .issuer]), void),
    ] + Page.exports("/prints", .roles([.warehouse, .issuer]), export)

  /// Prints and batches shown.
  private static let historyMax = 50, batchesMax = 50
  private static let batchForm = Form(fields: [
    Field("gtin", "gtin", isRequired: true, hint: "gtinHint"),
    Field("quantity", "quantity", .integer, isRequired: true),
    Field("perBox", "perBox", .integer, hint: "perBoxHint"),
  ])
  private static let formats = [("pdf", "PDF"), ("zpl", "ZPL (Zebra)"), ("svg", "SVG"), ("png", "PNG")]

  private static func show(
    _ visit: Visit, filled: Query? = nil, error: String? = nil, needsReason: Bool = false,
    typed: [String: String] = [:], errors: [String: String] = [:], voided: (form: Query, error: String)? = nil,
    status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let fields = filled ?? visit.query
    let prints = try await visit.api(.get, "/v1/prints", Query([("limit", String(historyMax))]))["items"]?.array ?? []
    let batches = try await visit.all("/v1/batches").suffix(batchesMax).reversed()
    var values: [String: Any] = [
      "prints": prints.map { visit.row(ofPrint: $0) }, "batches": batches.map { visit.batch($0) },
      "isItem": fields["level"] == "item", "isBox": fields["level"] == "box" || fields["dispatch"] != nil,
      "formats": formats.map { name, label in
        ["name": name, "label": label, "isHere": name == fields["format"]] as [String: Any]
      }, "needsReason": needsReason || fields["again"] != nil, "exports": visit.exports("/prints"),
      "fields": batchForm.values(visit, id: "new", typed, errors: errors), "isVoidBox": voided?.form["level"] == "box",
    ]
    for name in ["batch", "dispatch", "first", "last", "reason"] {
      if let value = fields[name] { values[name] = value }
    }
    if let voided {
      values["voidError"] = voided.error
      for name in ["batch", "first", "last", "reason"] { values["void_" + name] = voided.form[name] ?? "" }
    }
    if let error { values["error"] = error }
    if let made = visit.query["made"], let print = prints.first(where: { $0["id"]?.string == made }) {
      values["made"] = visit.row(ofPrint: print)
    }
    return visit.html("prints", title: visit.t("printLabels"), values, status: status)
  }

  private static func export(_ visit: Visit) async throws -> Export {
    let rows = try await visit.rows("/v1/prints") { print -> [Table.Cell] in
      let row = visit.row(ofPrint: print)
      return [
        Table.Cell(row["id"] as? String), Table.Cell(row["what"] as? String), Table.Cell(time: print["at"]),
        Table.Cell(row["why"] as? String),
      ]
    }
    let heads = ["printNumber", "printWhat", "printAt", "printReason"].map { visit.t($0) }
    return Export(name: "yima-prints", title: "printHistory", table: Table(heads: heads, rows: rows))
  }

  /// Issues a batch, and offers its labels for printing.
  private static func issue(_ visit: Visit) async throws -> Response {
    let typed = batchForm.typed(visit.form)
    do {
      let batch = try await visit.api(.post, "/v1/batches", Query(), try batchForm.body(typed))
      let next = Query([
        ("batch", batch["id"]?.string ?? ""), ("first", "1"), ("last", batch["quantity"]?.cell ?? ""),
      ])
      return visit.redirect("/prints?" + next.text, done: "issued")
    } catch let faults as FormFaults {
      return try await show(
        visit, filled: Query(), typed: typed, errors: faults.byField.mapValues { visit.t($0) },
        status: .unprocessableContent)
    } catch let problem as Problem {
      let field = batchForm.field(of: problem)
      return try await show(
        visit, filled: Query(), error: field == nil ? visit.sentence(problem) : nil, typed: typed,
        errors: field.map { [$0.name: visit.sentence(problem)] } ?? [:], status: problem.status)
    }
  }

  private static func record(_ visit: Visit) async throws -> Response {
    let form = visit.form
    var body: [String: JSONValue] = [
      "level": .string(form["level"] ?? "item"), "format": .string(form["format"] ?? "pdf"),
    ]
    if let reason = form["reason"] { body["reason"] = .string(reason) }
    if let dispatch = form["dispatch"] {
      body["dispatch"] = .string(dispatch)
    } else {
      body.merge(range(form)) { _, new in new }
    }
    do {
      let made = try await visit.api(.post, "/v1/prints", Query(), .object(body))
      return visit.redirect("/prints?made=\(Query.escape(made["id"]?.string ?? ""))")
    } catch let problem as Problem {
      let before = problem.extra["print"]?["id"]?.string
      let sentence = before.map { visit.t("printedBefore", ["print": $0]) } ?? visit.sentence(problem)
      return try await show(
        visit, filled: form, error: sentence, needsReason: before != nil, status: problem.status)
    }
  }

  private static func void(_ visit: Visit) async throws -> Response {
    let form = visit.form
    var unit = range(form)
    unit["level"] = .string(form["level"] ?? "item")
    do {
      let body: JSONValue = ["ranges": .array([.object(unit)]), "reason": .string(form["reason"] ?? "")]
      _ = try await visit.api(.post, "/v1/voids", Query(), body)
      return visit.redirect("/prints", done: "voided")
    } catch let problem as Problem {
      return try await show(visit, filled: Query(), voided: (form, visit.refusals(problem)), status: problem.status)
    }
  }

  /// People count from 1, the API from 0.
  private static func range(_ form: Query) -> [String: JSONValue] {
    var fields: [String: JSONValue] = ["batch": .string(form["batch"] ?? "")]
    for name in ["first", "last"] {
      if let number = form[name].flatMap({ Int64($0) }) { fields[name] = .integer(number - 1) }
    }
    return fields
  }
}

extension Visit {
  /// A print as the page shows it.
  fileprivate func row(ofPrint print: JSONValue) -> [String: Any] {
    let level = t(print["level"]?.string == "box" ? "levelBox" : "levelItem")
    var values: [String: Any] = [
      "id": print["id"]?.string ?? "", "labels": print["labels"]?.string ?? "", "at": time(print["at"]?.string),
    ]
    var again = Query([("again", "1"), ("level", print["level"]?.string ?? "")])
    if let dispatch = print["dispatch"]?.string {
      values["what"] = t("printOfDispatch", ["dispatch": dispatch, "level": level])
      again = again.setting("dispatch", dispatch)
    } else {
      let (first, last) = ((print["first"]?.int ?? 0) + 1, (print["last"]?.int ?? 0) + 1)
      let batch = print["batch"]?.string ?? ""
      values["what"] = t(
        "printOfBatch", ["batch": batch, "first": String(first), "last": String(last), "level": level])
      again = again.setting("batch", batch).setting("first", String(first)).setting("last", String(last))
    }
    if let reason = print["reason"]?.string { values["why"] = reason }
    values["again"] = "/prints?" + again.text
    return values
  }

  fileprivate func batch(_ batch: JSONValue) -> [String: Any] {
    let (count, boxes) = (batch["quantity"]?.int ?? 0, batch["boxes"]?.int ?? 0)
    return [
      "id": batch["id"]?.string ?? "",
      "label": "\(batch["gtin"]?.string ?? "") · \(Format.number(count)) / \(Format.number(boxes))",
    ]
  }

  /// A refusal with the reasons of its units.
  func refusals(_ problem: Problem) -> String {
    let sentences = (problem.extra["refusals"]?.array ?? []).prefix(3).compactMap { refusal in
      refusal["message"]?[language.rawValue]?.string
    }
    return sentences.isEmpty ? sentence(problem) : sentences.joined(separator: "; ")
  }
}
