import Hummingbird
import Ledger
import Server
import TransparencyLog

/// The installation's own keys: what there is, rotating, revoking.
enum KeystorePages {
  private static let path = "/console/setup/keystore"
  private static let revocation = Form(fields: [
    Field("sealKey", "sealKey", isRequired: true), Field("since", "revokedSince", .moment, hint: "revokedSinceHint"),
  ])

  static let pages: [Page] = [
    .get(path, .roles([.auditor])) { visit in try await show(visit) },
    .post(path + "/rotations", .roles([])) { visit in
      let of: JSONValue = ["of": .string(visit.form["of"] ?? "")]
      return try await act(visit, "rotations", of, done: "keyRotated")
    },
    .post(path + "/revocations", .roles([]), revoke),
  ]

  private static func show(
    _ visit: Visit, typed: [String: String] = [:], errors: [String: String] = [:], error: String? = nil,
    status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let keystore = try await visit.api(.get, "/v1/keystore")
    let seals = keystore["seals"]?.array ?? []
    var values: [String: Any] = [
      "epochs": (keystore["epochs"]?.array ?? []).map {
        ["name": $0["epoch"]?.cell ?? "", "since": visit.time($0["since"]?.string)]
      },
      "seals": seals.map { seal in
        let revoked = seal["revokedSince"]?.string
        let state = revoked != nil ? "revoked" : seal["inUse"]?.bool == true ? "inUse" : "checksOnly"
        return [
          "name": seal["sealKey"]?.string ?? "", "since": visit.time(seal["since"]?.string),
          "state": visit.t("seal_" + state), "revoked": revoked.map { visit.time($0) } ?? "",
        ] as [String: Any]
      },
      "cannotSeal": !seals.contains { $0["inUse"]?.bool == true }, "logKey": keystore["logKey"]?.string ?? "",
      "canWrite": try visit.actor().role == .admin, "isRevoking": !typed.isEmpty,
      "fields": revocation.values(
        visit, id: "revoke", typed, errors: errors,
        options: ["sealKey": seals.filter { $0["revokedSince"] == nil }.map { option($0, visit) }]),
    ]
    if let error { values["error"] = error }
    return visit.html("keystore", title: visit.t("rotation"), values, status: status)
  }

  /// A key by its name, since when it is there, and whether it seals.
  private static func option(_ seal: JSONValue, _ visit: Visit) -> Option {
    let name = seal["sealKey"]?.string ?? ""
    let state = visit.t(seal["inUse"]?.bool == true ? "seal_inUse" : "seal_checksOnly")
    return Option(value: name, label: [name, visit.time(seal["since"]?.string), state].joined(separator: " · "))
  }

  private static func act(
    _ visit: Visit, _ name: String, _ body: JSONValue, typed: [String: String] = [:], done: String
  ) async throws -> Response {
    do {
      _ = try await visit.api(.post, "/v1/keystore/" + name, Query(), body)
      return visit.redirect(path, done: done)
    } catch let problem as Problem {
      let field = typed.isEmpty ? nil : revocation.field(of: problem)
      return try await show(
        visit, typed: typed, errors: field.map { [$0.name: visit.sentence(problem)] } ?? [:],
        error: field == nil ? visit.sentence(problem) : nil, status: problem.status)
    }
  }

  private static func revoke(_ visit: Visit) async throws -> Response {
    let typed = revocation.typed(visit.form)
    let body: JSONValue
    do { body = try revocation.body(typed) } catch {
      return try await show(
        visit, typed: typed, errors: error.byField.mapValues { visit.t($0) }, status: .unprocessableContent)
    }
    return try await act(visit, "revocations", body, typed: typed, done: "sealRevoked")
  }
}
