import Regions
import TransparencyLog

/// What is remembered of one dispatch: how often it is seen at all, and the votes by foreign province.
struct DispatchRecord {
  var exposure = Exposure()
  private var ballots: [String: Ballot] = [:]
  private var raised: Set<String> = []
  /// What terminals saw last, each code once a terminal.
  private var shelf: [Vote] = []

  /// China's 34 provinces and some other countries; beyond it the quietest is forgotten.
  static let provincesMax = 48
  /// Room for three shops' stock at a time.
  static let shelfMax = 16

  /// Takes a vote in; false when it says nothing new or the matter was raised before.
  mutating func admit(_ vote: Vote, in province: RegionCode, _ thresholds: OutsideTerritory.Thresholds) -> Bool {
    let key = province.description
    guard !raised.contains(key) else { return false }
    if ballots[key] == nil, ballots.count >= Self.provincesMax { forgetQuietest() }
    return ballots[key, default: Ballot()].admit(
      vote, window: thresholds.windowDays * millisecondsPerDay, thresholds.independence)
  }

  func votes(in province: RegionCode) -> [Vote] { ballots[province.description]?.votes ?? [] }

  /// The matter was raised: its votes are in the alert now.
  mutating func close(_ province: RegionCode) {
    ballots[province.description] = nil
    if raised.count < 2 * Self.provincesMax { raised.insert(province.description) }
  }

  /// The different codes that the vote's terminal saw there within one session, when they are enough for the first
  /// time; nil otherwise.
  mutating func stock(_ vote: Vote, _ region: RegionCode, _ thresholds: OutsideTerritory.Thresholds) -> [Vote]? {
    guard vote.source == .terminal, !shelf.contains(where: { $0.observer == vote.observer && $0.code == vote.code })
    else { return nil }
    shelf.append(vote)
    if shelf.count > Self.shelfMax { shelf.removeFirst() }
    let session = thresholds.independence.sessionMilliseconds.magnitude
    let stock = shelf.filter {
      $0.observer == vote.observer && $0.region?.prefecture == region.prefecture
        && ($0.clock &- vote.clock).magnitude < session
    }
    let matter = "\(region.prefecture) \(vote.observer.label)"
    guard stock.count >= thresholds.codesInOneShop, raised.count < 2 * Self.provincesMax,
      raised.insert(matter).inserted
    else { return nil }
    return stock
  }

  private mutating func forgetQuietest() {
    let newest = ballots.mapValues { $0.votes.last?.clock ?? 0 }
    guard let quietest = newest.min(by: { ($0.value, $0.key) < ($1.value, $1.key) }) else { return }
    ballots[quietest.key] = nil
  }
}

extension DispatchRecord: Remembered {
  init?(json: JSONValue) {
    guard let exposure = json["seen"].flatMap(Exposure.init(json:)), let stored = json["votes"]?.object,
      let raised = json["raised"]?.array, let shelf = json["shelf"]?.array
    else { return nil }
    self.exposure = exposure
    self.shelf = shelf.compactMap(Vote.init(json:))
    self.raised = Set(raised.compactMap(\.string))
    ballots = stored.compactMapValues(Ballot.init(json:))
    guard ballots.count == stored.count, self.shelf.count == shelf.count else { return nil }
  }

  var json: JSONValue {
    [
      "shelf": .array(shelf.map(\.json)), "seen": exposure.json, "votes": .object(ballots.mapValues(\.json)),
      "raised": .array(raised.sorted().map(JSONValue.string)),
    ]
  }
}

/// How often goods are seen at all, roughly: each witness once a day, over the last one to two months.
struct Exposure {
  private var month: Int64 = 0
  private var current: Int64 = 0, before: Int64 = 0
  /// Whom it counted last, so that a till that scans all day counts once.
  private var recent: [Int64] = []

  /// Enough for the tills that sell one dispatch at the same time.
  static let recentMax = 16

  var total: Int64 { current &+ before }

  mutating func count(_ vote: Vote) {
    let day = vote.clock / millisecondsPerDay
    turn(to: day / 30)
    var hash = StableHash()
    hash.add(vote.observer.label)
    hash.add(vote.region?.description ?? "")
    hash.add(UInt64(bitPattern: day))
    guard !recent.contains(hash.value) else { return }
    recent.append(hash.value)
    if recent.count > Self.recentMax { recent.removeFirst() }
    current &+= 1
  }

  /// Begins a new month of 30 days; a late scan of an earlier one counts to the present.
  private mutating func turn(to month: Int64) {
    guard month > self.month else { return }
    before = month == self.month + 1 ? current : 0
    current = 0
    self.month = month
  }
}

extension Exposure: Remembered {
  init?(json: JSONValue) {
    guard let month = json[0]?.int, let current = json[1]?.int, let before = json[2]?.int,
      let recent = json[3]?.array
    else { return nil }
    self.month = month
    self.current = current
    self.before = before
    self.recent = recent.compactMap(\.int)
  }

  var json: JSONValue {
    [.integer(month), .integer(current), .integer(before), .array(recent.map(JSONValue.integer))]
  }
}
