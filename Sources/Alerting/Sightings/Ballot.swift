import Codes
import Ledger
import Regions
import TransparencyLog

/// One independent word on a matter.
struct Vote: Hashable {
  /// The scan event, and the moment windows are counted by (Unix milliseconds).
  let event: Int64, clock: Int64
  let observer: Observer
  let source: Source
  /// The code's mark.
  let code: Int64
  let region: RegionCode?
  let gtin: GTIN?

  /// nil for handling by the brand's and the dealers' own people.
  init?(_ sighting: Sighting) {
    guard let source = sighting.source else { return nil }
    event = sighting.event
    clock = sighting.clock
    observer = Observer(sighting)
    self.source = source
    code = sighting.code.mark
    // What an IP address says of a place tells nobody apart.
    region = sighting.certainty == .coarse ? nil : sighting.region
    gtin = sighting.code.item?.gtin
  }
}

extension Vote: Remembered {
  init?(json: JSONValue) {
    guard let event = json[0]?.int, let clock = json[1]?.int, let observer = Observer(json: json[2]),
      let source = json[3]?.int.flatMap(Source.init), let code = json[4]?.int
    else { return nil }
    self.event = event
    self.clock = clock
    self.observer = observer
    self.source = source
    self.code = code
    region = json[5]?.string.flatMap(RegionCode.init(reading:))
    gtin = json[6]?.string.flatMap { try? GTIN($0) }
  }

  var json: JSONValue {
    [
      .integer(event), .integer(clock), observer.json, .integer(source.rawValue), .integer(code),
      region.map { .string($0.description) } ?? .null, gtin.map { .string($0.description) } ?? .null,
    ]
  }
}

/// The independent votes on one matter within a window of time.
struct Ballot {
  private(set) var votes: [Vote] = []

  /// More votes than any threshold asks for; beyond it the oldest goes.
  static let votesMax = 64

  /// Drops what is older than the window before `vote` and takes the vote in, unless somebody in here said the same or
  /// it comes too late: a scan taken offline that is older than the window before the newest.
  mutating func admit(_ vote: Vote, window: Int64, _ independence: Independence) -> Bool {
    admit(vote, window: window) { !independence.holds($0, $1) }
  }

  /// The same with another meaning of saying the same.
  mutating func admit(_ vote: Vote, window: Int64, unless isSame: (Vote, Vote) -> Bool) -> Bool {
    let start = vote.clock &- window
    votes.removeAll { $0.clock < start }
    guard votes.allSatisfy({ $0.clock &- window <= vote.clock && !isSame(vote, $0) }) else { return false }
    votes.append(vote)
    if votes.count > Self.votesMax { votes.removeFirst() }
    return true
  }
}

extension Ballot: Remembered {
  init?(json: JSONValue) {
    guard let list = json.array, list.count <= Self.votesMax else { return nil }
    votes = list.compactMap(Vote.init(json:))
    guard votes.count == list.count else { return nil }
  }

  var json: JSONValue { .array(votes.map(\.json)) }
}

/// What a set of votes amounts to.
struct Tally {
  let votes: Int, inspectors: Int, terminals: Int, consumers: Int
  /// Different terminals and keys; each person without a key is one.
  let observers: Int
  /// The items' product, when all are of one.
  let gtin: GTIN?
  let events: [Int64]
  let first: Timestamp, last: Timestamp

  init(_ votes: some Collection<Vote>) {
    self.votes = votes.count
    inspectors = votes.count { $0.source == .inspector }
    terminals = votes.count { $0.source == .terminal }
    consumers = votes.count { $0.source == .consumer }
    let named = Set(votes.lazy.map(\.observer).filter { !$0.isAnonymous }).count
    observers = named + votes.count { $0.observer.isAnonymous }
    let products = Set(votes.compactMap(\.gtin))
    gtin = products.count == 1 ? products.first : nil
    events = votes.map(\.event).sorted()
    first = Timestamp(milliseconds: votes.map(\.clock).min() ?? 0)
    last = Timestamp(milliseconds: votes.map(\.clock).max() ?? 0)
  }

  /// The counts by the names that alerts give them.
  var numbers: [String: JSONValue] {
    [
      "sightings": .integer(Int64(votes)), "inspectors": .integer(Int64(inspectors)),
      "terminals": .integer(Int64(terminals)), "consumers": .integer(Int64(consumers)),
      "observers": .integer(Int64(observers)), "firstAt": .string(first.description),
      "lastAt": .string(last.description),
    ]
  }
}
