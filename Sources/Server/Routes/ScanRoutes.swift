import Hummingbird
import Issuing
import Ledger
import NIOCore
import Storage
import TransparencyLog
import Verification

/// Scans: one, or up to 1 000 taken offline.
struct ScanRoutes {
  private let verification: Verification
  private let ledger: Ledger
  private let metrics: Metrics
  private let names: NameCache

  init(_ services: Services) {
    verification = services.verification
    ledger = services.ledger
    metrics = services.metrics
    names = services.names
  }

  private static let roles: Set<Role> = [.terminal, .inspector, .warehouse, .compliance, .dealer]
  private static let scanners: Route.Access = .roles(Array(roles))

  /// Whether a role may send scans.
  static func mayScan(_ role: Role) -> Bool { role == .admin || roles.contains(role) }

  var routes: [Route] {
    [
      Route(
        .post, "/v1/scans", Self.scanners,
        "Verify and record one scan; answered once it is durable. `device` is a pseudonym that the app made of the phone "
          + "or handheld, 1 to 64 of A-Z a-z 0-9 . _ : -, never a phone number; it is kept and erased like the place",
        bodies: [.json(Example.scan, required: ["code"])],
        answers: [.json(Example.answer, nullable: Example.answerNullable)],
        handle: scan),
      Route(
        .post, "/v1/consumer/scans", .roles([.terminal]),
        "Record a consumer's scan for a mini-program; its place only with the consumer's consent, named by its wording; "
          + "`device` as in POST /v1/scans",
        bodies: [.json(Example.consumerScan, required: ["code"])],
        answers: [.json(Example.answer, nullable: Example.answerNullable)], handle: consumerScan),
      Route(
        .post, "/v1/scans/batch", Self.scanners,
        "Up to 1 000 scans taken offline, as an array or NDJSON; each is answered by itself, in order",
        bodies: [.json(.array([Example.scan])), .text("application/x-ndjson", "{\"code\":\"…\"}\n{\"code\":\"…\"}\n")],
        answers: [
          .json(.array([Example.answer]), nullable: Example.answerNullable),
          .text("application/x-ndjson", "{\"scanId\":\"S1042\",…}\n{\"scanId\":\"S1043\",…}\n"),
        ], handle: batch),
      Route(
        .get, "/v1/territories/flows", .roles([.compliance, .auditor]),
        "Counts of scans by dealer and region, for maps",
        parameters: [
          .query("gtin", "one product", "06901234567892"), .query("from", "first day", "2026-09-01"),
          .query("to", "last day", "2026-09-30"),
        ],
        answers: [
          .json(Example.page(["gtin": "06901234567892", "dealer": "D001", "region": "430102", "scans": 17]))
        ], handle: flows),
    ]
  }

  private func consumerScan(_ request: Request, _ call: Call) async throws -> Response {
    try await scan(request, Call(actor: .consumer, context: call.context))
  }

  private func scan(_ request: Request, _ call: Call) async throws -> Response {
    let start = ContinuousClock.now
    var request = request
    let buffer = try await request.collectBody(upTo: RequestLimits.scanMax)
    let body: JSONValue
    do { body = try JSONValue(parsing: Array(buffer.readableBytesView)) } catch { throw Problem(error) }
    let answer: ScanAnswer
    do { answer = try await verification.verify(try ScanReading.request(body), by: call.actor) } catch {
      throw (error as? VerificationError).map { Problem($0) } ?? error
    }
    let out = try await ScanWriting.bytes(answer, to: call.actor, names)
    metrics.count(verdict: answer.overall.rawValue, seconds: (ContinuousClock.now - start).inSeconds)
    return .json(bytes: out)
  }

  /// Scans of one batch are judged in their order, so that the second scan of a code is the second.
  private func batch(_ request: Request, _ call: Call) async throws -> Response {
    let isLines = request.headers[.contentType]?.lowercased().contains("ndjson") == true
    let scans = try await isLines ? lines(request) : array(request)
    guard scans.count <= RequestLimits.scansMax else {
      throw Problem.field("", "may have at most \(RequestLimits.scansMax) scans")
    }
    let answers = try await answers(scans, call)
    if isLines { return .bytes(Self.joined(answers, "", "\n", ""), type: "application/x-ndjson") }
    return .json(bytes: Self.joined(answers, "[", ",", "]"))
  }

  /// Answers one after the other; a line feed ends each line, a comma stands between two.
  private static func joined(_ answers: [[UInt8]], _ start: String, _ between: String, _ end: String) -> [UInt8] {
    var out = Array(start.utf8)
    out.reserveCapacity(answers.reduce(2) { $0 + $1.count + 1 })
    for (place, answer) in answers.enumerated() {
      out += answer
      if end.isEmpty || place < answers.count - 1 { out += between.utf8 }
    }
    out += end.utf8
    return out
  }

  /// The answer or problem of each scan, laid out. Those that cannot be read do not hold up the others.
  private func answers(_ scans: [Result<ScanRequest, any Error>], _ call: Call) async throws -> [[UInt8]] {
    var judged = await verification.verify(scans.compactMap { try? $0.get() }, by: call.actor).makeIterator()
    var out: [[UInt8]] = []
    for (place, request) in scans.enumerated() {
      do {
        _ = try request.get()
        guard let answer = try judged.next()?.get() else { throw Problem.internal }
        metrics.count(verdict: answer.overall.rawValue, seconds: 0)
        if let names = names.known(answer, call.actor) {
          out.append(ScanWriting.bytes(answer, names))
        } else {
          out.append(try await ScanWriting.bytes(answer, to: call.actor, names))
        }
      } catch let problem as Problem {
        out.append(problem.json.canonicalBytes)
      } catch let error as VerificationError {
        var problem = Problem(error)
        problem.pointer = problem.pointer.map { "/\(place)" + $0 }
        out.append(problem.json.canonicalBytes)
      }
    }
    return out
  }

  private func array(_ request: Request) async throws -> [Result<ScanRequest, any Error>] {
    guard let scans = try await FieldReader.json(request, max: RequestLimits.bodyMax).array else {
      throw Problem.field("", "must be an array")
    }
    return scans.enumerated().map { place, scan in Result { try ScanReading.request(scan, pointer: "/\(place)") } }
  }

  private func lines(_ request: Request) async throws -> [Result<ScanRequest, any Error>] {
    var request = request
    let buffer = try await request.collectBody(upTo: RequestLimits.bodyMax)
    return buffer.withUnsafeReadableBytes { bytes in
      var scans: [Result<ScanRequest, any Error>] = []
      for line in bytes.split(separator: UInt8(ascii: "\n")) where line.contains(where: { $0 > 0x20 }) {
        let place = scans.count
        let raw = UnsafeRawBufferPointer(rebasing: line).bindMemory(to: UInt8.self)
        scans.append(
          Result { () throws -> ScanRequest in
            if let scan = ScanBytes.request(raw) { return scan }
            let json: JSONValue
            do throws(JSONError) { json = try JSONValue(parsing: Array(raw)) } catch { throw Problem(error) }
            return try ScanReading.request(json, pointer: "/\(place)")
          })
      }
      return scans
    }
  }

  private func flows(_ request: Request, _ call: Call) async throws -> Response {
    let gtin = try request.uri.queryParameters["gtin"].map {
      try FieldReader(.string(String($0)), pointer: "gtin").gtin()
    }
    let span = try DaySpan(request, now: ledger.now(), days: nil)
    let rows = try await ledger.answer { transaction in
      let scope = try Scope(call.actor, transaction)
      return try transaction.flows(gtin: gtin.map { Int64($0.value) }, from: span.from, to: span.to).filter {
        scope.holds(place: $0.region) && scope.holds(dealer: $0.dealer)
      }
    }
    let items = rows.map { row -> JSONValue in
      [
        "gtin": .string(ProductRow.text(ofGTIN: row.gtin)), "dealer": .string(row.dealer),
        "region": .string(row.region), "scans": .integer(row.scans),
      ]
    }
    return .json(["items": .array(items), "next": nil])
  }
}

extension Duration {
  /// Seconds as a double.
  var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
