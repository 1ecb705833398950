import Hummingbird
import Ledger
import Storage
import TransparencyLog

extension Ledger {
  /// Reads for a route; a failure becomes a problem.
  func answer<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
    do { return try await read(LedgerError.self, body) } catch { throw Problem(error) }
  }
}
