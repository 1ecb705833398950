import Hummingbird
import Issuing
import TransparencyLog

extension FieldReader {
  /// `clientStepId` of a body: the name under which the client may send the step again. When it happened is no part of
  /// what is asked, for a client sends a late step with its time.
  func stepID(_ request: Request) throws -> StepID? {
    guard let field = optional("clientStepId") else { return nil }
    let text = try field.string()
    guard (1...64).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
      throw Problem.field(field.pointer, "must have 1 to 64 visible ASCII characters")
    }
    var asked = value.object ?? [:]
    for name in ["at", "dispatchedAt", "clientStepId"] { asked[name] = nil }
    let bytes = Array(request.uri.path.utf8) + [0] + JSONValue.object(asked).canonicalBytes
    return StepID(text, request: Digest32.sha256(bytes))
  }

  /// `units` (codes) and `ranges` of a body, at least one of them.
  func units() throws -> [UnitReference] {
    var result: [UnitReference] = try optional("units")?.array().map { .code(try $0.string()) } ?? []
    for range in try optional("ranges")?.array() ?? [] {
      let object = try range.object()
      let batch = try object.required("batch")
      let text = try batch.string()
      guard text.hasPrefix("B"), let number = Int64(text.dropFirst()) else {
        throw Problem.field(batch.pointer, "is not a batch id such as B1")
      }
      let first = try object.required("first").int()
      let last = try object.required("last").int()
      guard first >= 0, last >= first else { throw Problem.field(object.pointer("last"), "must not be below first") }
      result.append(
        .range(
          batch: number, level: try object.required("level").word(UnitReference.Level.self), first: first, last: last))
    }
    guard !result.isEmpty else { throw Problem.field(pointer("units"), "name units or ranges") }
    return result
  }
}
