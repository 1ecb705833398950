import Ledger
import Regions
import TransparencyLog

/// The scans of one dealer's goods in one foreign province that an alert may rest on: those whose own verdict is
/// `outside`, each witness of a dispatch once.
struct Citations {
  /// One scan and the dispatch of its goods.
  struct Citation: Hashable {
    let vote: Vote
    let dispatch: Int64
  }

  private(set) var all: [Citation] = []
  /// A finding of the engine that no such scan supports yet (network addresses alone).
  var held: Held?
  /// Latest alert of the plain rule here, and of the engine; Unix milliseconds.
  var raised: Int64?, found: Int64?

  /// The numbers of a finding and its dispatch.
  struct Held {
    let numbers: [String: JSONValue]
    let dispatch: Int64?
    let region: RegionCode
    let clock: Int64
  }

  /// More than a person reads in one alert.
  static let limit = 96
  /// Days that a scan may be cited for: as long as the engine remembers at most.
  static let windowDays: Int64 = 180

  mutating func add(_ vote: Vote, _ dispatch: Int64, _ independence: Independence) {
    let start = vote.clock &- Self.windowDays * millisecondsPerDay
    all.removeAll { $0.vote.clock < start }
    guard all.allSatisfy({ $0.dispatch != dispatch || independence.holds(vote, $0.vote) }) else { return }
    all.append(Citation(vote: vote, dispatch: dispatch))
    if all.count > Self.limit { all.removeFirst() }
  }

  /// The votes in a region, of one dispatch or all, in one shop or all.
  func votes(in region: RegionCode, dispatch: Int64?, store: String?) -> [Vote] {
    all.filter { citation in
      guard let place = citation.vote.region, region.contains(place) else { return false }
      if let dispatch, citation.dispatch != dispatch { return false }
      guard let store else { return true }
      return citation.vote.observer.store == store
    }.map(\.vote)
  }
}

extension Observer {
  /// The shop as the engine's store is called.
  var store: String? {
    switch self {
    case .terminal(let code): code
    case .key(let key): "key \(key)"
    case .anonymous: nil
    }
  }
}

extension Citations: Remembered {
  init?(json: JSONValue) {
    guard let stored = json["all"]?.array else { return nil }
    all = stored.compactMap { pair in
      guard let vote = pair[0].flatMap(Vote.init(json:)), let dispatch = pair[1]?.int else { return nil }
      return Citation(vote: vote, dispatch: dispatch)
    }
    guard all.count == stored.count else { return nil }
    raised = json["raised"]?.int
    found = json["found"]?.int
    guard let held = json["held"] else { return }
    guard let numbers = held["numbers"]?.object, let clock = held["clock"]?.int,
      let region = held["region"]?.string.flatMap(RegionCode.init(reading:))
    else { return nil }
    self.held = Held(numbers: numbers, dispatch: held["dispatch"]?.int, region: region, clock: clock)
  }

  var json: JSONValue {
    var members: [String: JSONValue] = ["all": .array(all.map { [$0.vote.json, .integer($0.dispatch)] })]
    members["raised"] = raised.map(JSONValue.integer)
    members["found"] = found.map(JSONValue.integer)
    members["held"] = held.map { held in
      var members: [String: JSONValue] = [
        "numbers": .object(held.numbers), "clock": .integer(held.clock), "region": .string(held.region.description),
      ]
      members["dispatch"] = held.dispatch.map(JSONValue.integer)
      return .object(members)
    }
    return .object(members)
  }
}
