import Casework
import Hummingbird
import Ledger
import Storage
import TransparencyLog

/// Retention of what is personal, what is held of a code, and its erasure.
struct PrivacyRoutes {
  private let privacy: Privacy
  private let casework: Casework

  init(_ services: Services) {
    privacy = Privacy(services.ledger)
    casework = services.casework
  }

  private static let settings: JSONValue = [
    "placeDays": ["consumer": 30, "terminal": 180, "inspector": 1095], "caseDays": 1825,
  ]
  private static let held: JSONValue = [
    "code": .string(Example.itemURI),
    "events": [
      [
        "event": 7, "kind": "scan", "at": "2026-09-05T10:00:00Z", "role": "consumer",
        "personal": [
          "device": "app-b03d56a8",
          "place": ["latitude": 28.1941, "longitude": 112.9723, "accuracyMeters": 30, "source": "gps"],
        ],
      ]
    ],
  ]

  var routes: [Route] {
    [
      Route(
        .get, "/v1/privacy/settings", .roles([.compliance, .auditor]), "How many days what is personal is kept",
        answers: [.json(Self.settings)], handle: show),
      Route(
        .put, "/v1/privacy/settings", .roles([]),
        "Choose retention: exact places and devices by the role that scanned, texts of cases; roles not named get the "
          + "default",
        bodies: [.json(Self.settings, required: ["placeDays"])], answers: [.json(Self.settings)], handle: choose),
      Route(
        .get, "/v1/privacy/codes", .unbound([.compliance]),
        "All that is held about one code, with what is personal in it (an access request)",
        parameters: [.query("code", "the code in any form a reader gives", Example.itemURI)],
        answers: [.json(Self.held)], handle: access),
      Route(
        .post, "/v1/privacy/erasures", .unbound([.compliance]),
        "Erase at a person's request the places and devices of one code's scans, but of those that an open alert rests "
          + "on, and what people reported of it, with the photos",
        bodies: [.json(["code": .string(Example.itemURI)], required: ["code"])], status: 201,
        answers: [.json(["event": 19, "erased": 2, "kept": 0])], handle: erase),
    ]
  }

  private func show(_ request: Request, _ call: Call) async throws -> Response {
    do { return .json(try await privacy.settings().json) } catch { throw Problem(error) }
  }

  private func choose(_ request: Request, _ call: Call) async throws -> Response {
    let body = try await FieldReader(request)
    _ = try body.required("placeDays").object()
    guard let settings = PrivacySettings(body.value) else {
      throw Problem.field("/placeDays", "must give 1 to 36500 days for roles that scan")
    }
    do {
      try await privacy.choose(settings, by: call.actor)
      return .json(settings.json)
    } catch { throw Problem(error) }
  }

  private func access(_ request: Request, _ call: Call) async throws -> Response {
    guard let code = request.uri.queryParameters["code"].map(String.init) else {
      throw Problem.field("code", "is required")
    }
    do {
      let rows = try await privacy.held(of: code)
      return .json(["code": .string(code), "events": .array(rows.map(\.held))])
    } catch { throw Problem(error) }
  }

  private func erase(_ request: Request, _ call: Call) async throws -> Response {
    let body = try await FieldReader(request)
    let code = try body.required("code").string()
    let done: Privacy.Erased
    do { done = try await privacy.erase(code: code, by: call.actor) } catch { throw Problem(error) }
    // After the rows: a file that a crash in between leaves behind goes with the daily sweep.
    do { try await casework.deleteFiles(ofEvents: done.events) } catch { throw Problem(error) }
    return .json(
      [
        "event": .integer(done.event), "erased": .integer(Int64(done.events.count)), "kept": .integer(Int64(done.kept)),
      ], status: .created)
  }
}

extension EventRow {
  /// An event as an access request shows it: its public part without the salt, and the values of its personal fields.
  fileprivate var held: JSONValue {
    let body = try? JSONValue(parsing: body)
    var members: [String: JSONValue] = [
      "event": .integer(id), "kind": .string(kind), "at": at.time, "role": body?["by"]?["role"] ?? nil,
      "data": body?["data"] ?? nil,
    ]
    let fields = personal.flatMap { try? JSONValue(parsing: $0) }?.object ?? [:]
    members["personal"] = .object(fields.compactMapValues { $0["value"] })
    return .object(members)
  }
}

extension Problem {
  /// A refusal of a request about personal data.
  package init(_ error: PrivacyError) {
    switch error {
    case .unknownCode: self = .field("code", "is no code of ours")
    case .ledger(let error): self.init(error)
    }
  }
}
