import Ledger
import Regions

/// Where a scan says it was.
package enum ScanLocation: Hashable, Sendable {
  /// Nothing was said: the registered terminal's place, if there is one.
  case none
  /// A region, as declared.
  case region(RegionCode)
  /// Coordinates with what measured them.
  case position(Position)
}

/// One reading of a code, parsed.
package struct ScanRequest: Sendable {
  /// What the reader read.
  package let code: String
  /// When, nil: now; and the client's own id of this scan.
  package let at: Timestamp?, clientID: String?
  /// Where.
  package let location: ScanLocation
  /// The price seen, and the terminal.
  package let price: Money?, terminal: String?
  /// The wording of the consent that a consumer gave to the use of the place; nil: none was asked for.
  package let consent: String?
  /// The pseudonym that the calling app made of the phone or handheld: an installation id, never a phone number.
  package let device: String?

  /// Made from its parts.
  package init(
    code: String, at: Timestamp? = nil, clientID: String? = nil, location: ScanLocation = .none, price: Money? = nil,
    terminal: String? = nil, consent: String? = nil, device: String? = nil
  ) {
    self.code = code
    self.at = at
    self.clientID = clientID
    self.location = location
    self.price = price
    self.terminal = terminal
    self.consent = consent
    self.device = device
  }
}

/// Why a scan was not taken. It was not recorded.
package enum VerificationError: Error, Equatable, Sendable, StorageFailing {
  /// A field cannot be what it is; the pointer names it.
  case invalid(field: String, Fault)
  /// More scans wait than can be answered in time: try again.
  case overloaded
  /// The ledger failed.
  case ledger(LedgerError)

  /// What is wrong with a field.
  package enum Fault: Equatable, Sendable {
    /// Empty, or longer than this many bytes.
    case length(max: Int)
    /// Not 1 to this many ASCII letters, digits, points, underscores, colons and hyphens.
    case pseudonym(max: Int)
    /// Later than now, by more than clocks differ.
    case future
    /// No terminal of this code.
    case unknownTerminal(String)
    /// The terminal belongs to another dealer than the key.
    case foreignTerminal(String)
    /// A consumer's place without consent to its use (PIPL Art. 13, 29).
    case consentMissing
    /// No region of this code.
    case unknownRegion(String)
  }
}
