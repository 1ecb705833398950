import Alerting
import Issuing
import Ledger
import Logging
import Verification

/// Everything that the routes call; made once, at the composition root.
package struct Services: Sendable {
  /// The ledger and the modules over it.
  package let ledger: Ledger, issuing: Issuing, verification: Verification, access: Access, log: LogReader
  /// The alerting engine.
  package let alerting: AlertingEngine
  /// Who holds which key, remembered for a moment.
  package let keys: KeyCache
  /// Counts for `/metrics`.
  package let metrics: Metrics

  /// Over a ledger.
  package init(_ ledger: Ledger, alerting: AlertingEngine) {
    self.ledger = ledger
    self.alerting = alerting
    issuing = Issuing(ledger)
    verification = Verification(ledger)
    access = Access(ledger)
    log = LogReader(ledger)
    keys = KeyCache(access: access, ledger: ledger)
    metrics = Metrics()
  }
}
