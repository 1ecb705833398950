import Alerting
import Issuing
import Ledger
import Regions
import Verification

/// Why a demo was not filled. What was written until then stays: fill another, empty folder.
package enum DemoError: Error, Equatable, Sendable {
  /// The installation already has dispatches or the demo's products.
  case notEmpty
  /// The installation's seal key is newer than the demo's first dispatch: make the installation under the demo's clock.
  case keysTooYoung
  /// The map lacks a region that the story needs.
  case region(RegionError)
  /// The map has no place to sell at in a territory.
  case noPlace(String)
  /// A step of the story was refused.
  case issuing(IssuingError)
  /// A scan of the story was refused.
  case verification(VerificationError)
  /// A key could not be made.
  case access(AccessError)
  /// The detectors failed.
  case alerting(AlertingError)
  /// The ledger failed.
  case ledger(LedgerError)

  /// Any error of the modules below as one of ours.
  init(any error: any Error) {
    switch error {
    case let error as DemoError: self = error
    case let error as RegionError: self = .region(error)
    case let error as IssuingError: self = .issuing(error)
    case let error as VerificationError: self = .verification(error)
    case let error as AccessError: self = .access(error)
    case let error as AlertingError: self = .alerting(error)
    default: self = .ledger(LedgerError(any: error))
    }
  }
}

extension DemoError: CustomStringConvertible {
  /// A sentence for the terminal.
  package var description: String {
    switch self {
    case .notEmpty: "the installation is not empty: a demo needs a new folder"
    case .keysTooYoung: "the installation was made before the demo: a demo needs a folder that it makes itself"
    case .region(let error): "the map does not serve: \(error)"
    case .noPlace(let territory): "the map has no place in \(territory)"
    case .issuing(let error): "a step was refused: \(error)"
    case .verification(let error): "a scan was refused: \(error)"
    case .access(let error): "a key was not made: \(error)"
    case .alerting(let error): "the detectors failed: \(error)"
    case .ledger(let error): error.description
    }
  }
}
