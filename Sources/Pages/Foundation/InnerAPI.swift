import HTTPTypes
import Hummingbird
import NIOCore
import Server
import TransparencyLog

/// The API's routes, called by pages from within: the same routes, checks and answers as over the network.
struct InnerAPI: Sendable {
  private let responder: RouterResponder<YimaContext>

  init(_ responder: RouterResponder<YimaContext>) { self.responder = responder }

  /// Asks a route as whoever the context says; a problem is thrown.
  func call(
    _ method: HTTPRequest.Method, _ path: String, _ query: Query, _ body: JSONValue?, _ context: YimaContext,
    taking status: HTTPResponse.Status? = nil
  ) async throws -> JSONValue {
    let bytes = try await self.bytes(method, path, query, body?.canonicalBytes ?? [], context, taking: status)
    guard let value = try? JSONValue(parsing: bytes) else { throw Problem.internal }
    return value
  }

  /// The same for an answer of any sort.
  func bytes(
    _ method: HTTPRequest.Method, _ path: String, _ query: Query, _ body: [UInt8], _ context: YimaContext,
    taking status: HTTPResponse.Status? = nil
  ) async throws -> [UInt8] {
    let target = query.pairs.isEmpty ? path : path + "?" + query.text
    let request = Request(
      head: HTTPRequest(method: method, scheme: nil, authority: nil, path: target),
      body: RequestBody(buffer: ByteBuffer(bytes: body)))
    var context = context
    // The page has checked its form.
    context.isProven = true
    let response = try await responder.respond(to: request, context: context)
    let collected = Collector()
    try await response.body.write(collected)
    let bytes = await collected.bytes
    guard response.status.code < 400 || response.status == status else { throw Problem(response.status, bytes) }
    return bytes
  }
}

extension Problem {
  /// A problem as a route told it.
  fileprivate init(_ status: HTTPResponse.Status, _ bytes: [UInt8]) {
    guard let json = try? JSONValue(parsing: bytes), var members = json.object, let title = json["title"]?.string else {
      self = status == .notFound ? .notFound : .internal
      return
    }
    for name in ["type", "title", "titleZh", "status", "detail", "pointer"] { members[name] = nil }
    self.init(
      status, (json["type"]?.string ?? "").replacing("/problems/", with: ""), title, json["titleZh"]?.string ?? title,
      detail: json["detail"]?.string, pointer: json["pointer"]?.string, extra: members)
  }
}

/// Takes a body that a route writes.
private actor Collector: ResponseBodyWriter {
  private(set) var bytes: [UInt8] = []

  func write(_ buffer: ByteBuffer) async throws { bytes += buffer.readableBytesView }
  func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
