import Codes
import Detection
import Ledger
import Regions
import Storage
import TransparencyLog

/// What detectors learn from events that are no scans.
package enum MarketNotice: Hashable, Sendable {
  /// Goods left for a dealer.
  case dispatch(DispatchNotice)
  /// Boxes came back or were made void: how many, by the number of the dispatch that they left with.
  case withdrawal([Int64: Int])
  /// A person decided on an alert.
  case decision(DecisionNotice)
  /// Compliance chose how to detect.
  case choice(DetectionChoice)
}

/// Goods that left for a dealer.
package struct DispatchNotice: Hashable, Sendable {
  /// When, Unix milliseconds.
  let clock: Int64
  /// Its number and its dealer.
  let dispatch: Int64, dealer: String
  /// Where the goods may be sold.
  let territories: [RegionCode]
  /// The product, when all is of one.
  let gtin: GTIN?
  /// Boxes and items.
  let boxes: Int, items: Int

  /// Reads the `data` of a dispatch event.
  package init?(_ data: JSONValue?, clock: Int64) {
    guard let dispatch = data?["dispatch"]?.int, let dealer = data?["dealer"]?.string,
      let items = data?["items"]?.int.flatMap({ Int(exactly: $0) })
    else { return nil }
    self.clock = clock
    self.dispatch = dispatch
    self.dealer = dealer
    self.items = items
    territories = (data?["territories"]?.array ?? []).compactMap { $0.string.flatMap(RegionCode.init(reading:)) }
    let runs = (data?["units"]?.array ?? []) + (data?["contents"]?.array ?? [])
    let products = Set(runs.compactMap { $0["gtin"]?.string })
    gtin = products.count == 1 ? products.first.flatMap { try? GTIN($0) } : nil
    boxes = runs.reduce(0) { sum, run in
      guard run["series"] != nil, let first = run["first"]?.int, let last = run["last"]?.int, last >= first else {
        return sum
      }
      return sum + Int(clamping: last - first) + 1
    }
  }
}

/// What a person decided on an alert.
package struct DecisionNotice: Hashable, Sendable {
  /// The decision.
  let decision: Decision
  /// The alert's rule, whom it was about, and its numbers.
  let rule: String, subject: AlertSubject, numbers: [String: JSONValue]

  /// Made from its parts.
  package init(_ decision: Decision, rule: String, subject: AlertSubject, numbers: [String: JSONValue]) {
    self.decision = decision
    self.rule = rule
    self.subject = subject
    self.numbers = numbers
  }
}

/// An event as detectors read it.
struct MarketEvent: Sendable {
  /// What it says.
  enum Content: Sendable {
    case sighting(Sighting)
    case notice(MarketNotice)
  }

  let number: Int64
  let content: Content

  /// nil for events that say nothing to detectors.
  init?(_ event: EventRow, _ books: inout EventBooks, _ transaction: Transaction) throws {
    number = event.id
    switch EventKind(rawValue: event.kind) {
    case .scan:
      guard var sighting = Sighting(event) else { return nil }
      try books.complete(&sighting, transaction)
      content = .sighting(sighting)
    case .dispatch:
      guard let notice = DispatchNotice(Self.data(event), clock: min(event.at, event.recorded)) else { return nil }
      content = .notice(.dispatch(notice))
    case .return, .void:
      let boxes = try Self.withdrawn(Self.data(event), before: event.id, transaction)
      guard !boxes.isEmpty else { return nil }
      content = .notice(.withdrawal(boxes))
    case .alertDecision, .alertCorrected:
      guard let data = Self.data(event), let decision = Self.decision(data),
        let alert = try data["alert"]?.int.flatMap({ try transaction.alert($0) }),
        let detail = try? JSONValue(parsing: alert.detail)
      else { return nil }
      content = .notice(
        .decision(
          DecisionNotice(
            decision, rule: alert.rule, subject: AlertSubject(detail["subject"]),
            numbers: detail["numbers"]?.object ?? [:])))
    case .detectionSettings:
      guard let choice = DetectionChoice(Self.data(event)) else { return nil }
      content = .notice(.choice(choice))
    default: return nil
    }
  }

  /// Boxes among the units of an event, by the latest dispatch that named them.
  private static func withdrawn(
    _ data: JSONValue?, before event: Int64, _ transaction: Transaction
  ) throws -> [Int64: Int] {
    var boxes: [Int64: Int] = [:]
    for run in data?["units"]?.array ?? [] {
      guard let series = run["series"]?.string, let first = run["first"]?.int, let last = run["last"]?.int,
        let space = try transaction.findSpace("b:\(series)"),
        let found = try transaction.lastDispatch(space: space, first...max(first, last), before: event)
      else { continue }
      boxes[found.dispatch, default: 0] += Int(clamping: found.boxes)
    }
    return boxes
  }

  /// What a person decided; an alert that a correction cleared was an error in the record.
  private static func decision(_ data: JSONValue) -> Decision? {
    if let word = data["decision"]?.string { return Decision(rawValue: word) }
    return data["cleared"] == true ? .dataError : nil
  }

  private static func data(_ event: EventRow) -> JSONValue? {
    (try? JSONValue(parsing: event.body, limits: JSONLimits(bytes: 1 << 26)))?["data"]
  }
}
