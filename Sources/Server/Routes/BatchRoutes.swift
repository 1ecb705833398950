import Codes
import Hummingbird
import Issuing
import Ledger
import Storage
import TransparencyLog

/// Batches and their code files.
struct BatchRoutes {
  private let issuing: Issuing
  private let ledger: Ledger

  init(_ services: Services) {
    issuing = services.issuing
    ledger = services.ledger
  }

  var routes: [Route] {
    [
      Route(
        .post, "/v1/batches", .roles([.issuer, .warehouse]), "Issue a batch of codes: a range, never rows",
        bodies: [.json(Example.newBatch, required: ["gtin", "quantity"])], status: 201,
        answers: [.json(Example.batch, nullable: ["perBox"])], handle: issue),
      Route(
        .get, "/v1/batches", .roles([.issuer, .warehouse, .auditor, .compliance]), "List batches",
        parameters: Example.paging, answers: [.json(Example.page(Example.batch), nullable: ["perBox"])], handle: list),
      Route(
        .get, "/v1/batches/{id}", .roles([.issuer, .warehouse, .auditor, .compliance]), "A batch",
        parameters: [.path("id", "the batch", "B1")], answers: [.json(Example.batch, nullable: ["perBox"])],
        handle: show),
      Route(
        .get, "/v1/batches/{id}/codes", .roles([.issuer, .warehouse]), "The codes of a batch, streamed",
        parameters: [
          .path("id", "the batch", "B1"), .query("format", "txt, csv or ndjson", "csv"),
          .query("level", "item or box", "item"), .query("from", "first place, from 0", "0"),
          .query("to", "last place, included", "1199"),
        ],
        answers: [
          .text("text/plain", Example.itemURI + "\n"),
          .text("text/csv", "index,uri,gtin,serial,box\n0,…\n"), .text("application/x-ndjson", "{\"index\":0,…}\n"),
        ], handle: codes),
    ]
  }

  private func issue(_ request: Request, _ call: Call) async throws -> Response {
    let body = try await FieldReader(request)
    let batch = NewBatch(
      gtin: try body.required("gtin").gtin(), quantity: try body.required("quantity").int(),
      perBox: try body.optional("perBox")?.int(), boxes: try body.optional("boxes")?.int(),
      profile: try body.optional("profile")?.word(SerialProfile.self) ?? .compact)
    do { return .json(try await issuing.issue(batch, by: call.actor).json, status: .created) } catch {
      throw Problem(error)
    }
  }

  private func list(_ request: Request, _ call: Call) async throws -> Response {
    let paging = try Paging(request)
    let start = try paging.number(start: 0)
    let rows = try await ledger.answer { try $0.batches(after: start, limit: paging.limit) }
    return .json(paging.page(rows.map(\.json), next: rows.last.map { String($0.id) }))
  }

  private func show(_ request: Request, _ call: Call) async throws -> Response {
    let id = try call.number("id", prefix: "B")
    guard let row = try await ledger.answer({ try $0.batch(id) }) else { throw Problem.notFound }
    return .json(row.json)
  }

  private func codes(_ request: Request, _ call: Call) async throws -> Response {
    let query = request.uri.queryParameters
    guard let format = CodeLineWriter.Format(rawValue: query["format"].map(String.init) ?? "txt") else {
      throw Problem.field("format", "must be one of txt, csv, ndjson")
    }
    guard let level = UnitReference.Level(rawValue: query["level"].map(String.init) ?? "item") else {
      throw Problem.field("level", "must be one of item, box")
    }
    let id = try call.number("id", prefix: "B")
    let codes: BatchCodes
    do {
      guard let found = try await issuing.codes(ofBatch: id) else { throw Problem.notFound }
      codes = found
    } catch let error as IssuingError { throw Problem(error) }
    let count = level == .item ? codes.batch.count : codes.batch.boxCount
    let first = try Self.place(query["from"], "from", 0, count)
    let last = try Self.place(query["to"], "to", count - 1, count)
    guard level == .item else { return Self.stream(format, try BoxLines(codes, first: first, last: last, format)) }
    do {
      return Self.stream(format, try codes.lines(format, first: first, end: last + 1))
    } catch { throw Problem(error) }
  }

  private static func place(_ text: Substring?, _ name: String, _ standard: Int64, _ count: Int64) throws -> Int64 {
    guard let text else { return standard }
    guard let place = Int64(text), (0..<max(count, 1)).contains(place) else {
      throw Problem.field(name, "must lie between 0 and \(count - 1)")
    }
    return place
  }

  private static func stream(_ format: CodeLineWriter.Format, _ lines: some CodeLines) -> Response {
    let type =
      switch format {
      case .txt: "text/plain; charset=utf-8"
      case .csv: "text/csv; charset=utf-8"
      case .ndjson: "application/x-ndjson"
      }
    let body = ResponseBody { writer in
      var lines = lines
      while let chunk = try lines.next() { try await writer.write(ByteBuffer(bytes: chunk)) }
      try await writer.finish(nil)
    }
    return Response(status: .ok, headers: [.contentType: type, .cacheControl: "no-store"], body: body)
  }
}

/// Something that prints codes a chunk at a time.
protocol CodeLines: Sendable {
  mutating func next() throws(CodeError) -> [UInt8]?
}

extension CodeLineWriter: CodeLines {}

/// The box codes of a batch in the three forms: columns `index,uri,sscc,items`.
struct BoxLines: CodeLines {
  private let codes: BatchCodes
  private let format: CodeLineWriter.Format
  private var position: Int64
  private let last: Int64
  private var headerIsDue: Bool

  init(_ codes: BatchCodes, first: Int64, last: Int64, _ format: CodeLineWriter.Format) throws {
    self.codes = codes
    self.format = format
    self.last = last
    position = first
    headerIsDue = format == .csv
  }

  mutating func next() throws(CodeError) -> [UInt8]? {
    guard position <= last || headerIsDue else { return nil }
    var out = headerIsDue ? Array("index,uri,sscc,items\n".utf8) : []
    headerIsDue = false
    while position <= last, out.count < 1 << 18 {
      let sscc = try codes.box(position)
      let uri = codes.resolver.uri(of: sscc)
      let items = codes.batch.perBox.map { max(0, min($0, codes.batch.count - position * $0)) } ?? 0
      switch format {
      case .txt: out += Array("\(uri)\n".utf8)
      case .csv: out += Array("\(position),\(uri),\(sscc),\(items)\n".utf8)
      case .ndjson:
        out += Array("{\"index\":\(position),\"uri\":\"\(uri)\",\"sscc\":\"\(sscc)\",\"items\":\(items)}\n".utf8)
      }
      position += 1
    }
    return out
  }
}
