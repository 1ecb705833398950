import Ledger
import Storage

/// Why a step of issuing was not taken. Nothing was changed by it.
package enum IssuingError: Error, Equatable, Sendable, StorageFailing {
  /// A field cannot be what it is; the pointer names it (RFC 6901).
  case invalid(field: String, InvalidField)
  /// Something with this code is there already.
  case exists(field: String, code: String)
  /// A field names something that is not there.
  case unknown(field: String, code: String)
  /// Steps that are impossible, each with its reason.
  case refused([Refusal])
  /// Another step was named so before by this client.
  case idReused(String)
  /// These labels were printed before, in this print; printing them again needs a reason.
  case alreadyPrinted(PrintRow)
  /// The ledger failed.
  case ledger(LedgerError)
}

/// What is wrong with a field.
package enum InvalidField: Equatable, Sendable {
  /// Empty, or longer than this many characters.
  case length(max: Int)
  /// Characters that it cannot have.
  case characters(allowed: String)
  /// Out of this range.
  case range(Int64, Int64)
  /// Not a code, with the reason of the code format.
  case code(String)
  /// Not a region or an empty territory.
  case territory(String)
  /// A territory that reaches beyond the one above.
  case beyondParent(String)
  /// A tier that does not follow the parent's.
  case tier(expected: Int64)
  /// A price policy that is enforced needs its legal basis.
  case basisMissing
  /// An end before its beginning.
  case endsBeforeItBegins
  /// Lies in the future.
  case future
  /// More than this many.
  case tooMany(max: Int)
}

/// One impossible step.
package struct Refusal: Equatable, Sendable {
  /// Which request of several (from 0) and which of its units; nil: the request itself.
  package let request: Int, unit: Int?
  /// The code concerned, as a URI, or the unit as it was named.
  package let code: String?
  /// Why.
  package let reason: RefusalReason

  /// Made from its parts.
  package init(request: Int = 0, unit: Int? = nil, code: String? = nil, _ reason: RefusalReason) {
    self.request = request
    self.unit = unit
    self.code = code
    self.reason = reason
  }
}

/// Why a step is impossible.
package enum RefusalReason: Equatable, Sendable {
  /// Not a code that this installation could have issued, with the code format's reason.
  case notOurs(String)
  /// Well-formed, but never issued.
  case notIssued
  /// The same unit is named twice.
  case namedTwice
  /// A box where an item is needed, or the other way round.
  case wrongLevel
  /// A box cannot hold itself, or boxes are nested too deeply.
  case nesting
  /// Already in this box.
  case alreadyPacked(box: String)
  /// Not in this box.
  case notInBox
  /// Inside a packed box: unpack it first.
  case packedInside(box: String)
  /// Void.
  case voided
  /// Dispatched already, to this dealer.
  case alreadyDispatched(dealer: String)
  /// With this dealer, not with the one who acts.
  case heldBy(dealer: String)
  /// Not with any dealer.
  case notDispatched
  /// Not dispatched to be received: it was received or sold before.
  case notInTransit
  /// A dispatch of this number was made before.
  case numberTaken
  /// The dealer may not sell in these regions.
  case notAuthorised(regions: String)
  /// The receiving dealer is not below the giving one.
  case notBelow(dealer: String)
  /// Earlier than what happened to the goods before, at this moment.
  case beforePrevious(Timestamp)
  /// Nothing was named.
  case empty
  /// No dealer of this code. (Of several dispatches made together; a single one gets `IssuingError.unknown`.)
  case unknownDealer(String)
  /// A field cannot be what it is. (Of several dispatches made together.)
  case invalid(InvalidField)
}

extension RefusalReason {
  /// The stable word for the reason.
  package var slug: String {
    switch self {
    case .notOurs: "notOurs"
    case .notIssued: "notIssued"
    case .namedTwice: "namedTwice"
    case .wrongLevel: "wrongLevel"
    case .nesting: "nesting"
    case .alreadyPacked: "alreadyPacked"
    case .notInBox: "notInBox"
    case .packedInside: "packedInside"
    case .voided: "voided"
    case .alreadyDispatched: "alreadyDispatched"
    case .heldBy: "heldByAnother"
    case .notDispatched: "notDispatched"
    case .notInTransit: "notInTransit"
    case .numberTaken: "numberTaken"
    case .notAuthorised: "notAuthorised"
    case .notBelow: "notBelow"
    case .beforePrevious: "beforePrevious"
    case .empty: "empty"
    case .unknownDealer: "unknownDealer"
    case .invalid: "invalid"
    }
  }
}
