import Ledger

/// What can go wrong in alerting.
package enum AlertingError: Error, Equatable, Sendable, StorageFailing {
  /// No alert has this number, or it is none of the asker's.
  case noAlert(AlertID)
  /// This role sees no alerts.
  case notAllowed(Role)
  /// A person has decided on this alert before.
  case alreadyDecided(AlertID)
  /// Another trial of settings runs; one at a time.
  case trialRuns
  /// A cursor that no page gave.
  case malformedCursor
  /// Another engine went on from the same point; this one starts again from what that one stored.
  case overtaken
  /// The ledger failed.
  case ledger(LedgerError)
}

extension AlertingError: CustomStringConvertible {
  /// A sentence for the log.
  package var description: String {
    switch self {
    case .noAlert(let id): "there is no alert \(id)"
    case .notAllowed(let role): "the role \(role.rawValue) sees no alerts"
    case .alreadyDecided(let id): "the alert \(id) has been decided on"
    case .trialRuns: "another trial of settings runs"
    case .malformedCursor: "the cursor is none that a page gave"
    case .overtaken: "another process runs the detectors of this installation"
    case .ledger(let error): error.description
    }
  }
}
