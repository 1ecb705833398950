import Hummingbird
import Ledger
import TransparencyLog

/// The installation's own keys, without their secrets: looked at, rotated, revoked.
struct KeystoreRoutes {
  private let desk: KeystoreDesk?
  private let ledger: Ledger

  init(_ services: Services) {
    desk = services.keystore
    ledger = services.ledger
  }

  private enum Rotated: String, CaseIterable { case codes, seals }

  private static let example: JSONValue = [
    "epochs": [["epoch": 0, "since": "2026-03-01T00:00:00.000Z"]],
    "seals": [["sealKey": "PKX3EZ4S", "since": "2026-03-01T00:00:00.000Z", "inUse": true]],
    "logKey": "id.example.cn/yima+a1b2c3d4+ATz…",
  ]

  var routes: [Route] {
    [
      Route(
        .get, "/v1/keystore", .roles([.auditor]),
        "The keys that make codes, seal boxes and sign the log: names and dates, never secrets",
        answers: [.json(Self.example)], handle: show),
      Route(
        .post, "/v1/keystore/rotations", .roles([]),
        "Begin a new key of item codes or of seals; older codes and seals stay good. Other servers need the new "
          + "keystore file",
        bodies: [.json(["of": "seals"], required: ["of"])], status: 201,
        answers: [.json(["sealKey": "QDR8M2VA"])], failures: [409: []], handle: rotate),
      Route(
        .post, "/v1/keystore/revocations", .roles([]),
        "Take the trust from what a seal key sealed since a moment (now unless said)",
        bodies: [
          .json(["sealKey": "PKX3EZ4S", "since": "2026-09-01T08:00:00Z"], required: ["sealKey"])
        ], status: 201, answers: [.json(["revoked": "PKX3EZ4S", "sealKey": "QDR8M2VA"])], handle: revoke),
    ]
  }

  private func keystore() throws -> KeystoreDesk {
    guard let desk else { throw Problem.notFound }
    return desk
  }

  private func show(_ request: Request, _ call: Call) async throws -> Response {
    let view = try keystore().view()
    let logKey: String
    do { logKey = try ledger.logSigner().key.vkey } catch { throw Problem(error) }
    return .json([
      "epochs": .array(view.epochs.map { ["epoch": .integer($0.number), "since": .string($0.since.description)] }),
      "seals": .array(
        view.seals.map { seal in
          var members: [String: JSONValue] = [
            "sealKey": .string(seal.name), "since": .string(seal.since.description), "inUse": .bool(seal.isInUse),
          ]
          members["revokedSince"] = seal.revoked.map { .string($0.description) }
          return .object(members)
        }), "logKey": .string(logKey),
    ])
  }

  private func rotate(_ request: Request, _ call: Call) async throws -> Response {
    let body = try await FieldReader(request, max: RequestLimits.scanMax)
    let desk = try keystore()
    do {
      switch try body.required("of").word(Rotated.self) {
      case .codes: return .json(["epoch": .integer(try await desk.rotateCodes(by: call.actor))], status: .created)
      case .seals: return .json(["sealKey": .string(try await desk.rotateSeals(by: call.actor))], status: .created)
      }
    } catch let error as KeystoreDeskError { throw Problem(error) }
  }

  private func revoke(_ request: Request, _ call: Call) async throws -> Response {
    let body = try await FieldReader(request, max: RequestLimits.scanMax)
    let name = try body.required("sealKey").string()
    do {
      let next = try await keystore().revokeSeal(
        name, at: try body.optional("since")?.time(), by: call.actor)
      return .json(
        ["revoked": .string(name), "sealKey": next.map(JSONValue.string) ?? .null], status: .created)
    } catch let error as KeystoreDeskError { throw Problem(error) }
  }
}
