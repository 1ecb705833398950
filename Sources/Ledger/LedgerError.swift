import Storage

/// What can go wrong in the ledger itself, beside the refusals of the modules above it.
package enum LedgerError: Error, Equatable, Sendable {
  /// The database failed.
  case storage(StorageError)
  /// The stored log contradicts itself; the detail says where.
  case inconsistent(String)
  /// The keystore has no usable key for this.
  case keys(String)
}

extension LedgerError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .storage(let error): error.description
    case .inconsistent(let detail): "the ledger contradicts itself: \(detail)"
    case .keys(let detail): "the keystore does not serve: \(detail)"
    }
  }
}
