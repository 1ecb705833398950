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
        .get, "/v1/cases/{id}/evidence", Self.readers,
        "The evidence bundle of a case: its alert's, with the course of the case, attachments, time stamps and report.pdf",
        parameters: [Self.id, Self.alert], answers: [.text("application/zip", "PK…")], failures: [503: []],
        handle: bundle),
      Route(
        .get, "/v1/cases/{id}/report", Self.readers, "The report of a case for people, in Chinese and English",
        parameters: [Self.id, Self.alert], answers: [.text("application/pdf", "%PDF-1.7")], failures: [503: []],
        handle: report),
    ] + attachments.routes
  }

  private var attachments: FileRoutes {
    FileRoutes(path: "/v1/cases/{id}", id: Self.id, readers: Self.readers, writers: Self.attachers) { new, call in
      let id = try Self.id(call)
      do { return try await casework.attach(new, to: id, by: call.actor).json } catch let error as CaseError {
        throw Problem(error)
      }
    } find: { hash, call in
      let id = try Self.id(call)
      do {
        return try await casework.attachment(hash, of: id, for: call.actor).map { ($0.row.type, $0.bytes) }
      } catch let error as CaseError {
        throw Problem(error)
      }
    }
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
}
