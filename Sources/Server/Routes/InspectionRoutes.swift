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

  var routes: [Route] {
    [
      Route(
        .get, "/v1/inspections", Self.readers,
        "List inspections, newest first; an inspector sees its own, others those in their scope",
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
        .post, "/v1/inspections/{id}/endings", Self.inspector, "End the inspection: findings, time out",
        parameters: [Self.id],
        bodies: [
          .json(["findings": "六瓶在售，标价 119 元", "at": "2026-09-05T10:40:00Z"], required: ["findings"])
        ],
        status: 201, answers: [.json(Self.whole)], failures: [409: []], handle: end),
    ] + files.routes
  }

  private static func number(_ call: Call) throws -> Int64 { try call.number("id", prefix: "I") }

  private var files: FileRoutes {
    FileRoutes(path: "/v1/inspections/{id}", id: Self.id, readers: Self.readers, writers: Self.inspector) { new, call in
      let id = try Self.number(call)
      do { return try await casework.attach(new, toInspection: id, by: call.actor).json } catch let error as CaseError {
        throw Problem(error)
      }
    } find: { hash, call in
      let id = try Self.number(call)
      do {
        return try await casework.file(hash, ofInspection: id, for: call.actor).map { ($0.row.type, $0.bytes) }
      } catch let error as CaseError {
        throw Problem(error)
      }
    }
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
      guard let number = Int64(text.dropFirst()), "S\(number)" == text else {
        throw Problem.field(field.pointer, "is not a scan's id such as S12")
      }
      return number
    }
    do {
      return .json(try await casework.add(scans: scans, toInspection: id, by: call.actor).json, status: .created)
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
