/// A case's number as people and clients see it: `C12`.
package struct CaseID: Hashable, Sendable, CustomStringConvertible {
  /// The number.
  package let number: Int64

  /// The id of a case with this number.
  package init(_ number: Int64) { self.number = number }

  /// Reads `C12`, the one spelling; nil for anything else.
  package init?(_ text: some StringProtocol) {
    guard text.first == "C", let number = Int64(text.dropFirst()), number > 0 else { return nil }
    self.number = number
    guard description == text else { return nil }
  }

  /// `C12`
  package var description: String { "C\(number)" }
}

/// How far a case has come. What was concluded is an ``CaseOutcome``, kept apart.
package enum CaseState: String, Sendable, CaseIterable {
  /// Compliance works on it; the dealer has not been told.
  case open
  /// The dealer was told and may answer.
  case notified
  /// The dealer has answered.
  case answered
  /// A second person decided.
  case decided
  /// At least one penalty stands.
  case penalty
  /// The dealer has appealed, and nobody has decided on it yet.
  case appeal
  /// It is over.
  case closed
}

/// What a person concluded.
package enum CaseOutcome: String, Sendable, CaseIterable {
  /// The suspicion is proved.
  case confirmed
  /// Goods were passed on as trade does; no breach.
  case ordinaryTransfer
  /// The record was wrong: a binding, a label.
  case dataError
  /// The machine was mistaken.
  case falseAlarm
  /// It cannot be told.
  case undecidable
}

/// What a penalty is.
package enum PenaltyKind: String, Sendable, CaseIterable {
  /// A written warning.
  case warning
  /// A deduction from the deposit; an amount.
  case deposit
  /// A rebate that is withheld; an amount.
  case rebate
  /// Fewer goods for a while; terms in words.
  case supplyLimit
  /// The end of the contract.
  case termination

  /// Whether it is money.
  package var isMoney: Bool { self == .deposit || self == .rebate }
}

/// What proves a case beside scans.
package enum ProofKind: String, Sendable, CaseIterable {
  /// An inspector's scan among the scans of the alerts, with a photo among the attachments.
  case inspectorVisit
  /// A receipt among the attachments.
  case purchaseReceipt
  /// The dispatch that gave the goods to the dealer.
  case dispatchRecord
  /// The dealer's own admission, in an answer.
  case admission
}

/// One business proof of a decision: its kind, and the event that it lies in.
package struct CaseProof: Hashable, Sendable {
  /// What it is.
  package let kind: ProofKind
  /// The number of the event: the inspector's scan, the receipt's attachment, the dispatch, the answer.
  package let event: Int64

  /// Made from its parts.
  package init(_ kind: ProofKind, event: Int64) {
    self.kind = kind
    self.event = event
  }
}

/// What an attachment is for.
package enum AttachmentPurpose: String, Sendable, CaseIterable {
  /// A photo of goods or shop.
  case photo
  /// A photo of a price tag.
  case priceTag
  /// A receipt of a purchase.
  case receipt
  /// Any other document.
  case document
}

/// What became of an appeal.
package enum AppealOutcome: String, Sendable, CaseIterable {
  /// The decision stands.
  case rejected
  /// The decision falls, and its penalties with it.
  case upheld
}

/// Limits that are part of the interface.
package enum CaseLimits {
  /// Characters of a text: an answer, a reason.
  package static let textMax = 8000
  /// Characters of terms and names.
  package static let nameMax = 200
  /// Alerts of a case, attachments of a case by either side, proofs of a decision.
  package static let alertsMax = 100, attachmentsMax = 100, proofsMax = 50
  /// Bytes of an attachment.
  package static let attachmentBytesMax = 20 << 20
  /// Milliseconds that a dealer has to answer and to appeal, unless said otherwise.
  package static let answerTime: Int64 = 7 * 86_400_000, appealTime: Int64 = 15 * 86_400_000
  /// Milliseconds in which the brand is to decide after an answer or an appeal; it is reminded, nothing lapses.
  package static let decisionTime: Int64 = 15 * 86_400_000
  /// How long before a deadline it is reminded of, in milliseconds; cases looked at in one step.
  package static let reminderTime: Int64 = 86_400_000, remindersMax = 1_000
  /// How long a file may lie in the folder before an event names it, in milliseconds.
  package static let strayTime: Int64 = 86_400_000
  /// How long ago an inspection may have begun when it is told, in milliseconds.
  package static let inspectionAge: Int64 = 30 * 86_400_000
  /// Scans and files of an inspection.
  package static let inspectionScansMax = 1_000, inspectionFilesMax = 200
  /// The shortest and the longest time to answer that may be set, in milliseconds.
  package static let answerTimes: ClosedRange<Int64> = (86_400_000)...(90 * 86_400_000)
}
