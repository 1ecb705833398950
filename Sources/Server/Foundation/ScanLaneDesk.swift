import Glibc
import HTTPTypes
import Hummingbird
import Ledger
import Logging
import NIOCore
import NIOHTTP1
import Synchronization
import TransparencyLog
import Verification

/// What all connections' scan lanes share.
final class ScanLaneDesk: Sendable {
  let verification: Verification
  let pages: ItemPageDesk
  private let keys: KeyCache
  private let names: NameCache
  private let metrics: Metrics
  private let logger: Logger
  private let date = Mutex((second: Int64(-1), text: ""))

  init(_ services: Services, logger: Logger) {
    self.logger = logger
    verification = services.verification
    keys = services.keys
    metrics = services.metrics
    names = services.names
    pages = ItemPageDesk(services)
  }

  /// Whom a scan's request comes from; nil for anything that is not plainly a scan under a key seen before.
  func actor(for head: HTTPRequestHead) -> Actor? {
    guard head.method == .POST, head.uri == "/v1/scans", head.version == .http1_1 else { return nil }
    var (length, key): (Int?, String?)
    // Once through the fields: each look-up by name would go through them again and join what it finds.
    for (name, value) in head.headers {
      switch name.lowercased() {
      case "connection": guard value.lowercased() == "keep-alive" else { return nil }
      case "expect", "transfer-encoding": return nil
      case "content-length":
        guard length == nil, let number = Int(value) else { return nil }
        length = number
      case "authorization":
        guard key == nil, value.hasPrefix("Bearer ") else { return nil }
        key = String(value.dropFirst(7))
      default: break
      }
    }
    guard let length, length <= RequestLimits.scanMax, let key, let actor = keys.known(key),
      ScanRoutes.mayScan(actor.role)
    else { return nil }
    return actor
  }

  /// A well-formed body as a scan.
  func request(_ body: ByteBuffer) -> ScanRequest? {
    if let request = body.withUnsafeReadableBytes({ ScanBytes.request($0.bindMemory(to: UInt8.self)) }) {
      return request
    }
    guard let json = try? JSONValue(parsing: Array(body.readableBytesView)) else { return nil }
    return try? ScanReading.request(json)
  }

  /// Lays out the answer and gives it to `done` on the loop; nil when the scan was refused before anything was
  /// recorded, so that it may be asked again.
  func answer(
    _ result: Result<ScanAnswer, VerificationError>, _ actor: Actor, _ start: ContinuousClock.Instant,
    on loop: any EventLoop, _ done: @escaping @Sendable (ByteBuffer?) -> Void
  ) {
    switch result {
    case .success(let answer):
      // Off the recorder's thread: laying out is done on all event loops.
      if let names = names.known(answer, actor) {
        loop.execute { [self] in done(success(ScanWriting.bytes(answer, names), answer, start)) }
      } else {
        Task { [self] in
          do {
            let bytes = try await ScanWriting.bytes(answer, to: actor, names)
            loop.execute { done(self.success(bytes, answer, start)) }
          } catch { loop.execute { done(self.failure(.internal, "\(error)")) } }
        }
      }
    case .failure(.ledger(let error)):
      // It may have been recorded all the same: asked again without a client id, it would be recorded twice.
      loop.execute { [self] in done(failure(Problem(error), error.description)) }
    case .failure(.invalid), .failure(.overloaded): loop.execute { done(nil) }
    }
  }

  private func success(_ bytes: [UInt8], _ answer: ScanAnswer, _ start: ContinuousClock.Instant) -> ByteBuffer {
    metrics.count(
      verdict: answer.overall.rawValue, seconds: (ContinuousClock.now - start).inSeconds, isShort: true)
    return self.answer(bytes, .ok, "application/json")
  }

  private func failure(_ problem: Problem, _ cause: String) -> ByteBuffer {
    logger.error("failed", metadata: ["path": "/v1/scans", "error": "\(cause)"])
    return answer(problem.json.canonicalBytes, problem.status, "application/problem+json")
  }

  /// The page of an item; nil when it has to be made the ordinary way.
  func answer(_ ask: ItemPageDesk.Ask, _ outcome: ConsumerDesk.Outcome) -> ByteBuffer? {
    guard let page = pages.page(ask, outcome) else { return nil }
    metrics.countShortPage()
    return answer(page.html, page.status) { pages.putFields(ask.view, to: &$0) }
  }

  /// With the header that `Response.json` gives.
  private func answer(_ bytes: [UInt8], _ status: HTTPResponse.Status, _ type: StaticString) -> ByteBuffer {
    answer(bytes, status) { head in
      head.put("Cache-Control: no-store\r\nContent-Type: ")
      head.put(type)
      head.put("\r\n")
    }
  }

  /// The whole answer as it goes to the connection (RFC 9112, 2.1), with the header that the middlewares and the server
  /// give.
  /// - Parameter own: adds the lines of the answer's own fields.
  private func answer(
    _ bytes: [UInt8], _ status: HTTPResponse.Status, _ own: (inout [UInt8]) -> Void
  ) -> ByteBuffer {
    metrics.count(status: status.code)
    var head: [UInt8] = []
    head.reserveCapacity(1000)
    head.put("HTTP/1.1 ")
    head.put(number: Int64(status.code))
    head.put(" ")
    head.put(word: status.reasonPhrase)
    head.put("\r\n")
    own(&head)
    head += Self.fixed
    head.put(number: Int64(bytes.count))
    head.put("\r\nDate: ")
    head.put(word: now)
    head.put("\r\n\r\n")
    var answer = ByteBufferAllocator().buffer(capacity: head.count + bytes.count)
    answer.writeBytes(head)
    answer.writeBytes(bytes)
    return answer
  }

  /// The lines that every answer has, up to the value of the last.
  private static let fixed =
    ([HTTPField(name: .server, value: "yima")] + SecurityHeaders.fields.map { HTTPField(name: $0, value: $1) })
    .flatMap(\.line) + Array("Content-Length: ".utf8)

  /// The date as RFC 9110, 5.6.7 writes it; made once a second.
  private var now: String {
    let second = Int64(time(nil))
    return date.withLock { date in
      if date.second != second { date = (second, HTTPDate.text(second)) }
      return date.text
    }
  }
}

extension HTTPField {
  /// The field as a line of an HTTP/1.1 message (RFC 9112, 5).
  var line: [UInt8] { Array("\(name.rawName): \(value)\r\n".utf8) }
}

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7).
enum HTTPDate {
  static func text(_ second: Int64) -> String {
    var (seconds, parts) = (time_t(second), tm())
    gmtime_r(&seconds, &parts)
    let day = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][Int(parts.tm_wday)]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    func two(_ number: Int32) -> String { (number < 10 ? "0" : "") + String(number) }
    let date = "\(two(parts.tm_mday)) \(months[Int(parts.tm_mon)]) \(parts.tm_year + 1900)"
    return "\(day), \(date) \(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT"
  }
}
