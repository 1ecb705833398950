import Hummingbird
import Issuing
import Labels
import Ledger
import Storage
import TransparencyLog

/// What was printed: recorded before the labels are drawn, so that no code is on two packs without a reason.
struct PrintRoutes {
  private let issuing: Issuing
  private let ledger: Ledger

  init(_ services: Services) {
    issuing = services.issuing
    ledger = services.ledger
  }

  private static let example: JSONValue = [
    "id": "R1", "batch": "B1", "level": "box", "first": 0, "last": 99, "format": "pdf", "template": "box-100x150",
    "at": "2026-09-01T08:10:00Z", "key": 3, "labels": "/v1/batches/B1/labels?format=pdf&level=box&from=0&to=99",
  ]
  private static let new: JSONValue = [
    "batch": "B1", "level": "box", "first": 0, "last": 99, "format": "pdf", "template": "box-100x150",
    "reason": "printer jammed", "clientStepId": "station-3-005",
  ]

  var routes: [Route] {
    [
      Route(
        .post, "/v1/prints", .roles([.issuer, .warehouse]),
        "Record a print of a batch's or a dispatch's labels; printing again what was printed needs a reason",
        bodies: [.json(Self.new)], status: 201, answers: [.json(Self.example)], failures: [409: []], handle: record),
      Route(
        .get, "/v1/prints", .roles([.issuer, .warehouse, .auditor]), "What was printed, newest first",
        parameters: [.query("batch", "only of this batch", "B1")] + Example.paging,
        answers: [.json(Example.page(Self.example))], handle: list),
    ]
  }

  private func record(_ request: Request, _ call: Call) async throws -> Response {
    let body = try await FieldReader(request)
    let level = try body.optional("level")?.word(UnitReference.Level.self)
    let format = try body.optional("format")?.word(LabelFormat.self) ?? .pdf
    let subject: NewPrint.Subject
    if let dispatch = body.optional("dispatch") {
      subject = .dispatch(try dispatch.number(prefix: "D"))
    } else {
      subject = .batch(
        try body.required("batch").number(prefix: "B"), first: try body.required("first").int(),
        last: try body.required("last").int())
    }
    var standard = UnitReference.Level.item
    if case .dispatch = subject { standard = .box }
    let template = try body.optional("template")?.string()
    if let template, !LabelTemplate.shippedNames.contains(template) {
      throw Problem.field("/template", "must be one of \(LabelTemplate.shippedNames.joined(separator: ", "))")
    }
    let new = NewPrint(
      subject, level: level ?? standard, format: format.rawValue, template: template ?? "",
      reason: try body.optional("reason")?.string())
    do {
      let row = try await issuing.record(new, by: call.actor, id: try body.stepID(request))
      return .json(row.json, status: .created)
    } catch let error as IssuingError { throw Problem(error) }
  }

  private func list(_ request: Request, _ call: Call) async throws -> Response {
    let paging = try Paging(request)
    let before = try paging.number(start: .max)
    let batch = try request.uri.queryParameters["batch"].map {
      try FieldReader(.string(String($0)), pointer: "batch").number(prefix: "B")
    }
    let rows = try await ledger.answer { try $0.prints(batch: batch, before: before, limit: paging.limit) }
    return .json(paging.page(rows.map(\.json), next: rows.last.map { String($0.id) }))
  }
}

extension FieldReader {
  /// Itself as the number of something called by a letter and a number, such as `B12`.
  func number(prefix: String) throws -> Int64 {
    let text = try string()
    guard text.hasPrefix(prefix), let number = Int64(text.dropFirst()), "\(prefix)\(number)" == text else {
      throw Problem.field(pointer, "is not like \(prefix)1")
    }
    return number
  }
}

extension PrintRow {
  /// With the address of its labels.
  var json: JSONValue {
    var object: [String: JSONValue] = [
      "id": .string("R\(id)"), "level": .string(level), "format": .string(format), "at": at.time,
      "key": .integer(key), "labels": .string(address),
    ]
    if !template.isEmpty { object["template"] = .string(template) }
    if let reason { object["reason"] = .string(reason) }
    if let dispatch { object["dispatch"] = .string("D\(dispatch)") }
    if let batch, let first, let last {
      object["batch"] = .string("B\(batch)")
      object["first"] = .integer(first)
      object["last"] = .integer(last)
    }
    return .object(object)
  }

  private var address: String {
    let how = "format=\(format)&level=\(level)" + (template.isEmpty ? "" : "&template=\(template)")
    if let batch, let first, let last { return "/v1/batches/B\(batch)/labels?\(how)&from=\(first)&to=\(last)" }
    return "/v1/dispatches/D\(dispatch ?? 0)/labels?\(how)"
  }
}
