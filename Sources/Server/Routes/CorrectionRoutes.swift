import Hummingbird
import Issuing
import Ledger
import TransparencyLog

/// Corrections of the record: what was bound, labelled, packed or passed on otherwise than it was recorded.
struct CorrectionRoutes {
  private let issuing: Issuing

  init(_ services: Services) { issuing = services.issuing }

  private static let example: JSONValue = [
    "kind": "binding", "units": .array([.string(Example.boxURI)]), "dealer": "D002", "territories": ["440000"],
    "at": "2026-09-01T09:00:00Z", "reason": "dispatch list mixed up two dealers",
  ]

  var routes: [Route] {
    [
      Route(
        .post, "/v1/corrections", .roles([.warehouse, .compliance]),
        """
        Put the record right from a moment on; alerts that rest on it are judged again. kind: binding (units or ranges, \
        dealer, territories), transfer (units or ranges, from, to, territories?), boxLabel (boxes: two), replacedLabel \
        (old, new), openedBox (box)
        """,
        bodies: [.json(Self.example, required: ["kind", "reason"])], status: 201,
        answers: [.json(["event": 118, "kind": "binding", "itemCount": 12, "clearedAlerts": ["A3"]])],
        failures: [409: []], handle: correct)
    ]
  }

  private func correct(_ request: Request, _ call: Call) async throws -> Response {
    let body = try await FieldReader(request)
    let kind = try body.required("kind").word(CorrectionKind.self)
    let reason = try body.required("reason").string()
    let at = try body.optional("at")?.time()
    let (correcting, pointer) = try Self.read(kind, body)
    do throws(IssuingError) {
      let done = try await issuing.correct(correcting, reason: reason, at: at, by: call.actor)
      return .json(
        [
          "event": .integer(done.event), "kind": .string(kind.rawValue), "itemCount": .integer(done.items),
          "clearedAlerts": .array(done.cleared.map { .string("A\($0)") }),
        ], status: .created)
    } catch { throw Problem(error.seen(by: call.actor), pointer: pointer) }
  }

  private static func read(
    _ kind: CorrectionKind, _ body: FieldReader
  ) throws -> (Correcting, pointer: (Int) -> String) {
    switch kind {
    case .binding:
      let units = try body.units()
      let territory = try body.required("territories").territory()
      return (.binding(units, dealer: try body.required("dealer").string(), territory: territory), units.pointer)
    case .transfer:
      let units = try body.units()
      let (from, to) = (try body.required("from").string(), try body.required("to").string())
      let territory = try body.optional("territories")?.territory()
      return (.transfer(units, from: from, to: to, territory: territory), units.pointer)
    case .boxLabel:
      let boxes = try body.required("boxes")
      let codes = try boxes.array().map { try $0.string() }
      guard codes.count == 2 else { throw Problem.field(boxes.pointer, "must name two boxes") }
      return (.boxLabel(codes[0], codes[1]), { "/boxes/\($0)" })
    case .replacedLabel:
      let (old, new) = (try body.required("old").string(), try body.required("new").string())
      return (.replacedLabel(old: old, new: new), { $0 == 0 ? "/old" : "/new" })
    case .openedBox:
      return (.openedBox(try body.required("box").string()), { _ in "/box" })
    }
  }
}
