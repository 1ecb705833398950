import Alerting
import Casework
import Evidence
import HTTPTypes
import Hummingbird
import Ledger
import Storage
import TransparencyLog

/// What belongs to a case as files: attachments, the evidence bundle, the report.
extension CaseRoutes {
  private static let readers: Route.Access = .roles([.compliance, .auditor, .inspector, .dealer])
  private static let attachers: Route.Access = .roles([.compliance, .inspector, .dealer])
  private static let id = Route.Parameter.path("id", "the case", "C1")

  var files: [Route] {
    [
      Route(
        .post, "/v1/cases/{id}/attachments", Self.attachers,
        "Attach a photo or document; PNG, JPEG or PDF by its content, 20 MiB at most",
        parameters: [
          Self.id, .query("name", "a name for people", "photo.jpg"),
          .query("purpose", "photo, priceTag, receipt or document (unless said)", "photo"),
          .query("sha256", "the hash taken before sending; checked", CaseExample.hash),
        ],
        bodies: [
          .text("image/png", "(bytes)"), .text("image/jpeg", "(bytes)"), .text("application/pdf", "(bytes)"),
        ], status: 201, answers: [.json(CaseExample.attachment)], failures: [409: [], 503: []], handle: attach),
      Route(
        .get, "/v1/cases/{id}/attachments/{hash}", Self.readers, "An attachment, byte for byte as it was sent",
        parameters: [Self.id, .path("hash", "the SHA-256 of its bytes", CaseExample.hash)],
        answers: [
          .text("image/png", "(bytes)"), .text("image/jpeg", "(bytes)"), .text("application/pdf", "(bytes)"),
        ], handle: download),
      Route(
        .get, "/v1/cases/{id}/attachments/{hash}/display", Self.readers,
        "A picture drawn anew for people to look at, 1600 pixels at most",
        parameters: [Self.id, .path("hash", "the SHA-256 of its bytes", CaseExample.hash)],
        answers: [.text("image/jpeg", "(bytes)")], handle: display),
      Route(
        .get, "/v1/cases/{id}/evidence", Self.readers,
        "The evidence bundle of a case: its alert's, with the course of the case, attachments, time stamps and report.pdf",
        parameters: [Self.id, Self.alert], answers: [.text("application/zip", "PK…")], failures: [503: []],
        handle: bundle),
      Route(
        .get, "/v1/cases/{id}/report", Self.readers, "The report of a case for people, in Chinese and English",
        parameters: [Self.id, Self.alert], answers: [.text("application/pdf", "%PDF-1.7")], failures: [503: []],
        handle: report),
    ]
  }

  private static let alert = Route.Parameter.query("alert", "which of its alerts; the first unless said", "A1")

  private func bundle(_ request: Request, _ call: Call) async throws -> Response {
    let id = try Self.id(call)
    let (alert, enclosures) = try await enclosures(request, id, call)
    do {
      let bytes = try await evidence.bundle(for: alert, enclosing: enclosures)
      var response = Response.bytes(bytes, type: "application/zip")
      response.headers[.contentDisposition] = "attachment; filename=\"yima-\(id).zip\""
      return response
    } catch { throw Problem(error) }
  }

  private func report(_ request: Request, _ call: Call) async throws -> Response {
    let id = try Self.id(call)
    let (alert, enclosures) = try await enclosures(request, id, call)
    do {
      let parts = try await evidence.parts(for: alert, enclosing: enclosures)
      guard let report = parts.others.first(where: { $0.name == EvidenceParts.reportPath }) else {
        throw Problem.internal
      }
      var response = Response.bytes(report.bytes, type: "application/pdf")
      response.headers[.contentDisposition] = "inline; filename=\"yima-\(id).pdf\""
      return response
    } catch let error as EvidenceMakerError { throw Problem(error) }
  }

  private func enclosures(
    _ request: Request, _ id: CaseID, _ call: Call
  ) async throws -> (AlertID, EvidenceEnclosures) {
    let asked = try request.uri.queryParameters["alert"].map { text in
      guard let alert = AlertID(text) else { throw Problem.field("alert", "must be an alert such as A12") }
      return alert.number
    }
    do {
      let (alert, enclosures) = try await casework.enclosures(of: id, alert: asked, for: call.actor)
      return (AlertID(alert), enclosures)
    } catch { throw Problem(error) }
  }

  /// A file that is sent to be attached, with the query that describes it.
  static func attachment(_ request: Request) async throws -> NewAttachment {
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

  private func attach(_ request: Request, _ call: Call) async throws -> Response {
    let id = try Self.id(call)
    let new = try await Self.attachment(request)
    do {
      return .json(try await casework.attach(new, to: id, by: call.actor).json, status: .created)
    } catch { throw Problem(error) }
  }

  /// The picture for people to look at.
  private func display(_ request: Request, _ call: Call) async throws -> Response {
    guard let hash = Digest32(hex: try call.path("hash")) else { throw Problem.notFound }
    do {
      guard let found = try await casework.attachment(hash, of: try Self.id(call), for: call.actor),
        let type = AttachmentType(rawValue: found.row.type), let picture = DisplayImage.jpeg(of: found.bytes, type)
      else { throw Problem.notFound }
      return Response.bytes(picture, type: "image/jpeg")
    } catch let error as CaseError { throw Problem(error) }
  }

  /// Served to be kept, never to be shown in place: whatever it is, no browser runs it.
  private func download(_ request: Request, _ call: Call) async throws -> Response {
    guard let hash = Digest32(hex: try call.path("hash")) else { throw Problem.notFound }
    do {
      guard let found = try await casework.attachment(hash, of: try Self.id(call), for: call.actor) else {
        throw Problem.notFound
      }
      var response = Response.bytes(found.bytes, type: found.row.type)
      response.headers[.contentDisposition] = "attachment; filename=\"\(hash.hex)\""
      return response
    } catch let error as CaseError { throw Problem(error) }
  }
}
