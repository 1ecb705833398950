import Ledger
import Storage
import TransparencyLog

/// Files go with what is personal in the events that name them.
extension Casework {
  /// Deletes the files of events whose personal fields were erased, unless another event still keeps the same bytes.
  /// - Returns: how many.
  @discardableResult
  package func deleteFiles(ofEvents events: [Int64]) async throws(CaseError) -> Int {
    let gone = try await ledger.read(CaseError.self) { transaction in
      let kept = try transaction.keptFiles()
      return try events.compactMap { try transaction.event($0) }.compactMap { row -> Digest32? in
        let data = (try? JSONValue(parsing: row.body))?["data"]
        let hash = (data?["sha256"] ?? data?["photo"])?.string.flatMap { Digest32(hex: $0) }
        return hash.flatMap { kept.contains($0.bytes) ? nil : $0 }
      }
    }
    guard let store else { return 0 }
    return gone.count { store.remove($0) }
  }

  /// Deletes files that nothing keeps: erased on schedule, or left by a crash between file and event. Younger ones than a
  /// day may belong to a request that is being served.
  /// - Returns: how many.
  @discardableResult
  package func sweepFiles(at now: Timestamp) async throws(CaseError) -> Int {
    let old = store?.files(before: now.advanced(by: -CaseLimits.strayTime)) ?? []
    guard let store, !old.isEmpty else { return 0 }
    let kept = try await ledger.read(CaseError.self) { try $0.keptFiles() }
    return old.filter { !kept.contains($0.bytes) }.count { store.remove($0) }
  }
}
