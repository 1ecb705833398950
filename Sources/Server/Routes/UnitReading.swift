import Issuing

extension FieldReader {
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
