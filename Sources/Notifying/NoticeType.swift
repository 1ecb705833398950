import Ledger

/// What other systems can be told of: alerts, and the steps of a case that one side or the other waits for.
package enum NoticeType: String, Sendable, CaseIterable {
  case alertRaised = "alert.raised"
  case alertDecided = "alert.decided"
  case alertCorrected = "alert.corrected"
  case caseOpened = "case.opened"
  case caseNotified = "case.notified"
  case caseAnswered = "case.answered"
  case caseDecided = "case.decided"
  case casePenalised = "case.penalised"
  case caseAppealed = "case.appealed"
  case caseAppealDecided = "case.appealDecided"
  case caseReminded = "case.reminded"
  case caseCorrected = "case.corrected"
  case caseClosed = "case.closed"
  /// A test that somebody asked for; nobody chooses it.
  case ping

  /// Those that can be chosen.
  package static let choices = allCases.filter { $0 != .ping }

  /// The events that are told.
  static let kinds = EventKind.allCases.filter { NoticeType($0) != nil }

  /// The type that an event is told as; nil for one that is not told.
  init?(_ kind: EventKind) {
    switch kind {
    case .alert: self = .alertRaised
    case .alertDecision: self = .alertDecided
    case .alertCorrected: self = .alertCorrected
    case .caseOpened: self = .caseOpened
    case .caseNotified: self = .caseNotified
    case .caseAnswered: self = .caseAnswered
    case .caseDecided: self = .caseDecided
    case .casePenalty: self = .casePenalised
    case .caseAppealed: self = .caseAppealed
    case .caseAppealDecided: self = .caseAppealDecided
    case .caseReminded: self = .caseReminded
    case .caseCorrected: self = .caseCorrected
    case .caseClosed: self = .caseClosed
    default: return nil
    }
  }

  /// Members of the event's data that are told beside what the alert or case is.
  var told: [String] {
    switch self {
    case .alertRaised, .caseOpened, .caseClosed, .ping: []
    case .alertDecided: ["decision"]
    case .alertCorrected, .caseCorrected: ["cleared"]
    case .caseNotified: ["answerUntil"]
    case .caseAnswered: ["admits", "late", "decideUntil"]
    case .caseDecided: ["outcome", "appealUntil"]
    case .casePenalised: ["kind", "until"]
    case .caseAppealed: ["decideUntil"]
    case .caseAppealDecided: ["result", "outcome"]
    case .caseReminded: ["awaited", "due", "overdue"]
    }
  }
}
