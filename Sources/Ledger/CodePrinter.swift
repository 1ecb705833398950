import Codes
import Regions
import Storage

/// Prints stored numbers as codes again, inside one transaction.
package struct CodePrinter {
  private let ledger: Ledger
  private let transaction: Transaction
  /// The spaces of the installation.
  package let spaces: SpaceTable

  /// Over this transaction.
  package init(_ ledger: Ledger, _ transaction: Transaction) throws {
    self.ledger = ledger
    self.transaction = transaction
    spaces = try SpaceTable(transaction)
  }

  /// The code at a place as a URI; empty for a place that was never issued.
  package func uri(space: Int64, number: Int64) -> String {
    subject(space: space, number: number).map { ledger.resolver.uri(of: $0) } ?? ""
  }

  /// The code at a place; nil for a place that was never issued.
  package func subject(space: Int64, number: Int64) -> ScannedCode.Subject? {
    switch spaces.space(space) {
    case .boxes(let series): return (try? series.sscc(UInt64(number))).map { .box($0) }
    case .items(let gtin, let epoch):
      guard let batch = try? transaction.batch(ofItem: number, space: space),
        let profile = SerialProfile(rawValue: batch.profile),
        let cipher = try? ledger.recogniser.cipher(gtin: gtin, epoch: epoch),
        let serial = try? cipher.serial(index: UInt64(number), profile: profile)
      else { return nil }
      return .item(gtin: gtin, serial: serial.description)
    case nil: return nil
    }
  }

  /// The code at a place with the seal of a dispatch. Ed25519 is deterministic, so a seal made again is the one that
  /// was printed.
  package func sealed(space: Int64, number: Int64, by dispatch: DispatchRow) throws -> String {
    guard let subject = subject(space: space, number: number) else {
      throw LedgerError.inconsistent("dispatch \(dispatch.id) names a code that was never issued")
    }
    return try press(of: dispatch).uri(of: subject)
  }

  /// What makes the seals of a dispatch.
  package func press(of dispatch: DispatchRow) throws -> SealPress {
    guard let key = ledger.keystore.sealingKey(dispatch.sealKey) else {
      throw LedgerError.keys("seal key \(dispatch.sealKey) is gone")
    }
    return try SealPress(
      key, dealer: dispatch.dealer,
      territories: try Territory.stored(dispatch.territories).codes.map(\.description),
      dispatch: dispatch.sealName, at: Timestamp(milliseconds: dispatch.at).seconds, resolver: ledger.resolver)
  }
}

extension DispatchRow {
  /// How a seal names the dispatch.
  package var sealName: String { "D\(id)" }
}
