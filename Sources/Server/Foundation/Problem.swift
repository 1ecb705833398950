import Hummingbird
import Ledger
import TransparencyLog

/// An error as RFC 9457 tells it to clients. The details of what went wrong inside stay in the log.
package struct Problem: Error, Sendable, Equatable {
  /// HTTP status.
  package let status: HTTPResponse.Status
  /// Stable slug: `/problems/<slug>` is the type.
  package let slug: String
  /// What happened, in English and Chinese.
  package let title: String, titleZh: String
  /// What exactly, for this request.
  package var detail: String?
  /// The bad field (RFC 6901).
  package var pointer: String?
  /// What is logged of a fault of ours, and never sent.
  package var cause: String?
  /// Further members, such as the refusals of a dispatch.
  package var extra: [String: JSONValue] = [:]

  /// Made from its parts.
  package init(
    _ status: HTTPResponse.Status, _ slug: String, _ title: String, _ titleZh: String, detail: String? = nil,
    pointer: String? = nil, extra: [String: JSONValue] = [:]
  ) {
    self.status = status
    self.slug = slug
    self.title = title
    self.titleZh = titleZh
    self.detail = detail
    self.pointer = pointer
    self.extra = extra
  }

  /// A field that cannot be what it is.
  package static func field(_ pointer: String, _ detail: String) -> Problem {
    Problem(.unprocessableContent, "invalid-field", "A field is not valid", "字段无效", detail: detail, pointer: pointer)
  }

  /// Nothing under this address.
  package static let notFound = Problem(.notFound, "not-found", "There is nothing here", "未找到")
  /// No key, or one that opens nothing.
  package static let unauthorized = Problem(
    .unauthorized, "unauthorized", "A valid API key is needed", "需要有效的 API 密钥")
  /// The key's role may not do this.
  package static let forbidden = Problem(
    .forbidden, "forbidden", "This key may not do that", "该密钥无权执行此操作")
  /// Whoever is bound to a region or a dealer may not ask for what concerns the whole market.
  package static let bound = Problem(
    .forbidden, "bound", "This concerns the whole market; a key bound to a region or a dealer may not ask for it",
    "此项涉及整个市场，限定地区或经销商的密钥不得查询")
  /// A request of a browser's session without the session's proof: another site may have made the browser send it.
  package static let unproven = Problem(
    .forbidden, "unproven", "The page is out of date, or another site sent this; load the page again",
    "页面已过期，或请求来自其他网站；请重新载入页面")
  /// Name, password or code that do not fit.
  package static let signInRefused = Problem(
    .unauthorized, "sign-in-refused", "Name, password or code do not fit", "用户名、密码或验证码不正确")
  /// A fault of ours.
  package static let `internal` = Problem(
    .internalServerError, "internal", "Something failed here; it was logged", "服务器内部错误，已记录")

  /// The body.
  package var json: JSONValue {
    var object = extra
    object["type"] = .string("/problems/\(slug)")
    object["title"] = .string(title)
    object["titleZh"] = .string(titleZh)
    object["status"] = .integer(Int64(status.code))
    if let detail { object["detail"] = .string(detail) }
    if let pointer { object["pointer"] = .string(pointer) }
    return .object(object)
  }
}

extension Problem: HTTPResponseError {
  /// `application/problem+json`.
  package func response(from request: Request, context: some RequestContext) throws -> Response {
    var response = Response.json(json, status: status)
    response.headers[.contentType] = "application/problem+json"
    if status == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer, Basic realm=\"Yima\"" }
    return response
  }
}

extension Response {
  /// A JSON answer.
  package static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> Response {
    json(bytes: value.canonicalBytes, status: status)
  }

  /// A JSON answer already laid out.
  package static func json(bytes: [UInt8], status: HTTPResponse.Status = .ok) -> Response {
    Response(
      status: status, headers: [.contentType: "application/json", .cacheControl: "no-store"],
      body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  /// Any other text or bytes.
  package static func bytes(
    _ bytes: [UInt8], type: String, status: HTTPResponse.Status = .ok, cache: String = "no-store"
  ) -> Response {
    Response(
      status: status, headers: [.contentType: type, .cacheControl: cache],
      body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
  }
}
