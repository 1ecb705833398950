import Casework
import HTTPTypes
import Hummingbird
import Ledger
import TransparencyLog

/// Files of a case or of an inspection: attached, given back byte for byte, and shown drawn anew.
struct FileRoutes: Sendable {
  /// What the files belong to, and who reads and attaches them.
  let path: String, id: Route.Parameter, readers: Route.Access, writers: Route.Access
  /// Keeps a file; gives it as it is listed.
  let keep: @Sendable (NewAttachment, Call) async throws -> JSONValue
  /// A file that the caller may see.
  let find: @Sendable (Digest32, Call) async throws -> (type: String, bytes: [UInt8])?

  private static let hash = Route.Parameter.path("hash", "the SHA-256 of its bytes", CaseExample.hash)
  private static let bodies: [Route.Body] = [
    .text("image/png", "(bytes)"), .text("image/jpeg", "(bytes)"), .text("application/pdf", "(bytes)"),
  ]

  var routes: [Route] {
    [
      Route(
        .post, path + "/attachments", writers,
        "Attach a photo, price tag, receipt or document; PNG, JPEG or PDF by its content, 20 MiB at most",
        parameters: [
          id, .query("name", "a name for people", "photo.jpg"),
          .query("purpose", "photo, priceTag, receipt or document (unless said)", "photo"),
          .query("sha256", "the hash taken before sending; checked", CaseExample.hash),
        ], bodies: Self.bodies, status: 201, answers: [.json(CaseExample.attachment)], failures: [409: [], 503: []]
      ) { request, call in .json(try await keep(try await Self.file(request), call), status: .created) },
      Route(
        .get, path + "/attachments/{hash}", readers, "A file, byte for byte as it was sent",
        parameters: [id, Self.hash], answers: Self.bodies, handle: download),
      Route(
        .get, path + "/attachments/{hash}/display", readers,
        "A picture drawn anew for people to look at, 1600 pixels at most", parameters: [id, Self.hash],
        answers: [.text("image/jpeg", "(bytes)")], handle: display),
    ]
  }

  /// A file that is sent to be kept, with the query that describes it.
  private static func file(_ request: Request) async throws -> NewAttachment {
    let parameters = request.uri.queryParameters
    let purpose = try parameters["purpose"].map {
      try FieldReader(.string(String($0)), pointer: "purpose").word(AttachmentPurpose.self)
    }
    let expected = try parameters["sha256"].map { text in
      guard let hash = Digest32(hex: String(text)) else { throw Problem.field("sha256", "is not a SHA-256") }
      return hash
    }
    let name = parameters["name"].map(String.init) ?? "attachment"
    var request = request
    let buffer = try await request.collectBody(upTo: CaseLimits.attachmentBytesMax)
    return NewAttachment(
      Array(buffer.readableBytesView), name: name, purpose: purpose ?? .document, expected: expected)
  }

  private func found(_ call: Call) async throws -> (hash: Digest32, type: String, bytes: [UInt8]) {
    guard let hash = Digest32(hex: try call.path("hash")), let found = try await find(hash, call) else {
      throw Problem.notFound
    }
    return (hash, found.type, found.bytes)
  }

  /// Served to be kept, never to be shown in place: whatever it is, no browser runs it.
  private func download(_ request: Request, _ call: Call) async throws -> Response {
    let found = try await found(call)
    var response = Response.bytes(found.bytes, type: found.type)
    response.headers[.contentDisposition] = "attachment; filename=\"\(found.hash.hex)\""
    return response
  }

  /// The picture for people to look at.
  private func display(_ request: Request, _ call: Call) async throws -> Response {
    let found = try await found(call)
    guard let type = AttachmentType(rawValue: found.type), let picture = DisplayImage.jpeg(of: found.bytes, type) else {
      throw Problem.notFound
    }
    return Response.bytes(picture, type: "image/jpeg")
  }
}
