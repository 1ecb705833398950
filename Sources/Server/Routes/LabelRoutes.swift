import Hummingbird
import Issuing
import Labels
import Ledger

/// Labels of batches and of dispatches, drawn while they are sent.
struct LabelRoutes {
  private let issuing: Issuing
  private let ledger: Ledger

  init(_ services: Services) {
    issuing = services.issuing
    ledger = services.ledger
  }

  private static let common: [Route.Parameter] = [
    .query("format", "pdf, svg, png or zpl", "pdf"), .query("level", "item or box", "box"),
    .query("template", "\(LabelTemplate.shippedNames.joined(separator: ", "))", "box-100x150"),
    .query("layout", "of a PDF: sheet, or roll with a page for each label", "sheet"),
    .query("dpi", "dots an inch of PNG and ZPL, 100 to 1200", "300"),
  ]
  private static let range: [Route.Parameter] = [
    .query("from", "first place, from 0", "0"), .query("to", "last place, included", "99"),
  ]
  private static let answers: [Route.Body] = [
    .text("application/pdf", "%PDF-1.5 …"), .text("image/svg+xml", "<svg …>"), .text("image/png", "(an image)"),
    .text("application/vnd.zebra.zpl", "^XA…^XZ"),
  ]

  var routes: [Route] {
    [
      Route(
        .get, "/v1/batches/{id}/labels", .roles([.issuer, .warehouse]), "The labels of a batch, streamed",
        parameters: [.path("id", "the batch", "B1")] + Self.common + Self.range, answers: Self.answers,
        handle: ofBatch),
      Route(
        .get, "/v1/dispatches/{id}/labels", .roles([.issuer, .warehouse]),
        "The sealed labels of a dispatch: of its boxes, or of the items that went without one",
        parameters: [.path("id", "the dispatch", "D1")] + Self.common, answers: Self.answers, handle: ofDispatch),
    ]
  }

  private func ofBatch(_ request: Request, _ call: Call) async throws -> Response {
    let id = try call.number("id", prefix: "B")
    let query = try LabelQuery(request)
    let found: BatchCodes?
    do { found = try await issuing.codes(ofBatch: id) } catch { throw Problem(error) }
    guard let codes = found else { throw Problem.notFound }
    let level = query.level ?? .item
    let count = level == .item ? codes.batch.count : codes.batch.boxCount
    guard count > 0 else { throw Problem.noLabels }
    let first = try query.place("from", count) ?? 0
    let last = try query.place("to", count) ?? count - 1
    guard first <= last else { throw Problem.field("to", "must not be below from") }
    let source = BatchLabels(codes, level: level, first: first, last: last, counts: BoxCounts(ledger))
    return try await answer(query, level, source, name: "B\(id)")
  }

  private func ofDispatch(_ request: Request, _ call: Call) async throws -> Response {
    let id = try call.number("id", prefix: "D")
    let query = try LabelQuery(request)
    guard try await ledger.answer({ try $0.dispatch(id) }) != nil else { throw Problem.notFound }
    let level = query.level ?? .box
    let source = DispatchLabels(issuing, ledger, dispatch: id, level: level)
    return try await answer(query, level, source, name: "D\(id)")
  }

  /// Draws the first piece before the answer begins, so that what is refused is refused with a status.
  private func answer(
    _ query: LabelQuery, _ level: UnitReference.Level, _ source: any LabelSource, name: String
  ) async throws -> Response {
    do {
      let template = try query.template(for: level)
      let press = try LabelPress(template, format: query.format, options: query.options, source: source)
      let first = try await press.next()
      let body = ResponseBody { writer in
        var piece = first
        while let bytes = piece {
          try await writer.write(bytes)
          piece = try await press.next()
        }
        try await writer.finish(nil)
      }
      return Response(
        status: .ok,
        headers: [
          .contentType: query.format.mediaType, .cacheControl: "no-store",
          .contentDisposition: "attachment; filename=\"yima-\(name)-\(level.rawValue).\(query.format.rawValue)\"",
        ], body: body)
    } catch let error as LabelError { throw Problem(error) } catch let error as IssuingError { throw Problem(error) }
  }
}

/// The query of a request for labels.
private struct LabelQuery {
  let format: LabelFormat
  let level: UnitReference.Level?
  let options: LabelOptions
  private let values: [String: String]

  init(_ request: Request) throws {
    values = Dictionary(
      request.uri.queryParameters.map { (String($0.key), String($0.value)) }, uniquingKeysWith: { first, _ in first })
    format = try Self.word("format", values) ?? .pdf
    level = try Self.word("level", values)
    let dpi = values["dpi"] ?? "300"
    guard let dots = Int(dpi) else { throw Problem.field("dpi", "must be a whole number") }
    options = LabelOptions(layout: try Self.word("layout", values) ?? .sheet, dotsPerInch: dots)
  }

  /// The template named, or the one that fits what is labelled.
  func template(for level: UnitReference.Level) throws(LabelError) -> LabelTemplate {
    if let name = values["template"] { return try .shipped(name) }
    return try .standard(for: level == .item ? .item : .box)
  }

  /// A place within a batch; nil when absent.
  func place(_ name: String, _ count: Int64) throws -> Int64? {
    guard let text = values[name] else { return nil }
    guard let place = Int64(text), (0..<count).contains(place) else {
      throw Problem.field(name, "must lie between 0 and \(count - 1)")
    }
    return place
  }

  private static func word<T: RawRepresentable & CaseIterable>(
    _ name: String, _ values: [String: String]
  ) throws -> T? where T.RawValue == String {
    guard let text = values[name] else { return nil }
    // The code files are not labels; say where they are.
    if name == "format", ["txt", "csv", "ndjson"].contains(text) {
      throw Problem.field("format", "\(text) is had from /codes instead of /labels")
    }
    return try FieldReader(.string(text), pointer: name).word(T.self)
  }
}
