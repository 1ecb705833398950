import Casework
import HTTPTypes
import Hummingbird
import Ledger
import Regions
import Storage
import TransparencyLog
import Verification

/// Inspections: an inspector's visit to a shop, with scans and files under it.
struct InspectionRoutes {
  private let casework: Casework

  init(_ services: Services) { casework = services.casework }

  private static let readers: Route.Access = .roles([.inspector, .compliance, .auditor])
  private static let inspector: Route.Access = .roles([.inspector])
  private static let id = Route.Parameter.path("id", "the inspection", "I1")
  private static let hash = Route.Parameter.path("hash", "the SHA-256 of its bytes", CaseExample.hash)
  private static let beginning: JSONValue = [
    "region": "441900", "shop": "虎门便利店", "device": "Honeywell EDA52 0042", "terminal": "T003",
    "location": ["latitude": 22.8161, "longitude": 113.6722, "accuracyMeters": 12, "source": "gps"],
    "at": "2026-09-05T10:00:00Z",
  ]
  private static let whole: JSONValue = [
    "id": "I1", "inspector": 4, "region": "441900", "beganAt": "2026-09-05T10:00:00Z", "shop": "虎门便利店",
    "device": "Honeywell EDA52 0042", "findings": "六瓶在售，标价 119 元", "endedAt": "2026-09-05T10:40:00Z",
    "scans": ["S1042"], "files": [CaseExample.attachment],
  ]
  private static let bytes: [Route.Body] = [
    .text("image/png", "(bytes)"), .text("image/jpeg", "(bytes)"), .text("application/pdf", "(bytes)"),
  ]

  var routes: [Route] {
    [
      Route(
        .get, "/v1/inspections", Self.readers, "List inspections, newest first; an inspector sees its own, others those in their scope",
        parameters: Example.paging, answers: [.json(Example.page(Self.whole))], handle: list),
      Route(
        .post, "/v1/inspections", Self.inspector, "Begin an inspection: place, shop, device, time in",
        bodies: [.json(Self.beginning, required: ["region"])], status: 201, answers: [.json(Self.whole)],
        handle: begin),
      Route(
        .get, "/v1/inspections/{id}", Self.readers, "An inspection with its scans and files", parameters: [Self.id],
        answers: [.json(Self.whole)], handle: show),
      Route(
        .post, "/v1/inspections/{id}/scans", Self.inspector, "Put own scans under the inspection",
        parameters: [Self.id], bodies: [.json(["scans": ["S1042"]], required: ["scans"])], status: 201,
        answers: [.json(Self.whole)], failures: [409: []], handle: addScans),
      Route(
        .post, "/v1/inspections/{id}/attachments", Self.inspector,
        "Attach a photo, price tag, receipt or document; PNG, JPEG or PDF by its content, 20 MiB at most",
        parameters: [
          Self.id, .query("name", "a name for people", "photo.jpg"),
          .query("purpose", "photo, priceTag, receipt or document (unless said)", "photo"),
          .query("sha256", "the hash taken before sending; checked", CaseExample.hash),
        ], bodies: Self.bytes, status: 201, answers: [.json(CaseExample.attachment)], failures: [409: [], 503: []],
        handle: attach),
      Route(
        .get, "/v1/inspections/{id}/attachments/{hash}", Self.readers, "A file, byte for byte as it was sent",
        parameters: [Self.id, Self.hash], answers: Self.bytes, handle: download),
      Route(
        .get, "/v1/inspections/{id}/attachments/{hash}/display", Self.readers,
        "A picture drawn anew for people to look at, 1600 pixels at most", parameters: [Self.id, Self.hash],
        answers: [.text("image/jpeg", "(bytes)")], handle: display),
      Route(
        .post, "/v1/inspections/{id}/endings", Self.inspector, "End the inspection: findings, time out",
        parameters: [Self.id], bodies: [
          .json(["findings": "六瓶在售，标价 119 元", "at": "2026-09-05T10:40:00Z"], required: ["findings"])
        ],
        status: 201, answers: [.json(Self.whole)], failures: [409: []], handle: end),
    ]
  }

  private static func number(_ call: Call) throws -> Int64 {
    let text = try call.path("id")
    guard text.first == "I", let number = Int64(text.dropFirst()), number > 0, "I\(number)" == text else {
      throw Problem.notFound
    }
    return number
  }

  private func list(_ request: Request, _ call: Call) async throws -> Response {
    let paging = try Paging(request)
    let before = try paging.number(start: .max)
    do {
      let page = try await casework.inspections(before: before, limit: paging.limit, for: call.actor)
      return .json(Paging.page(page.views.map(\.json), next: page.next))
    } catch { throw Problem(error) }
  }

  private func begin(_ request: Request, _ call: Call) async throws -> Response {
    let body = try await FieldReader(request)
    var position: Position?
    if let place = body.optional("location") {
      guard case .position(let exact) = try ScanReading.location(place) else {
        throw Problem.field("/location", "must be coordinates")
      }
      position = exact
    }
    let new = NewInspection(
      region: try body.required("region").region(), terminal: try body.optional("terminal")?.string(),
      shop: try body.optional("shop")?.string(), device: try body.optional("device")?.string(),
      position: position, at: try body.optional("at")?.time())
    do { return .json(try await casework.inspect(new, by: call.actor).json, status: .created) } catch {
      throw Problem(error)
    }
  }

  private func show(_ request: Request, _ call: Call) async throws -> Response {
    let id = try Self.number(call)
    do { return .json(try await casework.inspection(id, for: call.actor).json) } catch { throw Problem(error) }
  }

  private func addScans(_ request: Request, _ call: Call) async throws -> Response {
    let id = try Self.number(call)
    let body = try await FieldReader(request)
    let scans = try body.required("scans").array().map { field in
      let text = try field.string()
      guard text.first == "S", let number = Int64(text.dropFirst()) else {
        throw Problem.field(field.pointer, "is not a scan's id such as S12")
      }
      return number
    }
    do {
      return .json(try await casework.add(scans: scans, toInspection: id, by: call.actor).json, status: .created)
    } catch { throw Problem(error) }
  }

  private func attach(_ request: Request, _ call: Call) async throws -> Response {
    let id = try Self.number(call)
    let new = try await CaseRoutes.attachment(request)
    do {
      return .json(try await casework.attach(new, toInspection: id, by: call.actor).json, status: .created)
    } catch { throw Problem(error) }
  }

  private func download(_ request: Request, _ call: Call) async throws -> Response {
    let found = try await file(call)
    var response = Response.bytes(found.bytes, type: found.row.type)
    response.headers[.contentDisposition] = "attachment; filename=\"\(try call.path("hash"))\""
    return response
  }

  private func display(_ request: Request, _ call: Call) async throws -> Response {
    let found = try await file(call)
    guard let type = AttachmentType(rawValue: found.row.type),
      let picture = DisplayImage.jpeg(of: found.bytes, type)
    else { throw Problem.notFound }
    return Response.bytes(picture, type: "image/jpeg")
  }

  private func file(_ call: Call) async throws -> (row: InspectionFileRow, bytes: [UInt8]) {
    guard let hash = Digest32(hex: try call.path("hash")) else { throw Problem.notFound }
    let id = try Self.number(call)
    do throws(CaseError) {
      guard let found = try await casework.file(hash, ofInspection: id, for: call.actor) else {
        throw CaseError.noInspection
      }
      return found
    } catch { throw Problem(error) }
  }

  private func end(_ request: Request, _ call: Call) async throws -> Response {
    let id = try Self.number(call)
    let body = try await FieldReader(request)
    let (findings, at) = (try body.required("findings").string(), try body.optional("at")?.time())
    do {
      let view = try await casework.end(inspection: id, findings: findings, at: at, by: call.actor)
      return .json(view.json, status: .created)
    } catch { throw Problem(error) }
  }
}

extension InspectionView {
  var json: JSONValue {
    var members: [String: JSONValue] = [
      "id": .string("I\(row.id)"), "inspector": .integer(row.inspector), "region": .string(row.region),
      "beganAt": row.began.time, "scans": .array(scans.map { .string("S\($0)") }),
      "files": .array(files.map(\.json)),
    ]
    members["terminal"] = row.terminal.map(JSONValue.string)
    members["endedAt"] = row.ended?.time
    for name in ["shop", "device", "place", "findings"] { members[name] = personal[name] }
    return .object(members)
  }
}

extension InspectionFileRow {
  var json: JSONValue {
    [
      "sha256": .string(Digest32(bytes: sha256)?.hex ?? ""), "type": .string(type), "bytes": .integer(bytes),
      "purpose": .string(purpose), "event": .integer(event),
    ]
  }
}
