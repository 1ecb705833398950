import Detection
import Ledger
import Regions
import TransparencyLog

/// What compliance chose about detection: the dial, the law that applies, and exceptions that hold for a time.
package struct DetectionChoice: Hashable, Sendable {
  /// An exception from diversion alerts.
  package struct Exception: Hashable, Sendable {
    /// Why it was made: `borderTrade`, `onlineDealer`, `transfer`.
    package var reason: DetectionSettings.Exception.Reason
    /// The dealer, the region seen and the dispatch that it is for; nil for all.
    package var dealer: String?, region: RegionCode?, dispatch: Int64?
    /// Holds from the first moment up to, but not at, the second.
    package var from: Timestamp, until: Timestamp

    /// Made from its parts.
    package init(
      _ reason: DetectionSettings.Exception.Reason, dealer: String? = nil, region: RegionCode? = nil,
      dispatch: Int64? = nil, from: Timestamp, until: Timestamp
    ) {
      self.reason = reason
      self.dealer = dealer
      self.region = region
      self.dispatch = dispatch
      self.from = from
      self.until = until
    }

    func covers(_ scan: Sighting) -> Bool {
      let isThere = region.map { place in scan.region.map(place.contains) ?? false } ?? true
      return isThere && from.milliseconds <= scan.clock && scan.clock < until.milliseconds
        && (dealer ?? scan.dealer) == scan.dealer && (dispatch ?? scan.dispatch) == scan.dispatch
    }
  }

  /// The dial: the share of alerts that may be false, 5 % by default.
  package var acceptedFalseShare = 0.05
  /// Which law applies.
  package var market = DetectionSettings.Market.china
  /// The exceptions.
  package var whitelist: [Exception] = []

  /// What the dial may be.
  package static let shares = 0.001...0.5
  /// The most exceptions.
  package static let whitelistMax = 1_000

  /// The defaults.
  package init() {}

  /// Whether an exception covers a scan.
  func excepts(_ scan: Sighting) -> Bool { whitelist.contains { $0.covers(scan) } }

  /// The engine's settings. Positions of people are remembered on a grid of a kilometre: a memory that cannot be erased
  /// holds no exact place.
  var settings: DetectionSettings {
    var settings = DetectionSettings()
    settings.acceptedFalseShare = acceptedFalseShare
    settings.market = market
    settings.copies.grid = 0.01
    return settings
  }
}

extension DetectionChoice {
  /// `{"acceptedFalseShare":0.05,"market":"china","whitelist":[…]}`
  package var json: JSONValue {
    [
      "acceptedFalseShare": .number(acceptedFalseShare), "market": .string(market.rawValue),
      "whitelist": .array(whitelist.map(\.json)),
    ]
  }

  /// Reads what ``json`` gave; nil for anything else.
  package init?(_ json: JSONValue?) {
    guard let share = json?["acceptedFalseShare"]?.double, Self.shares.contains(share),
      let market = json?["market"]?.string.flatMap(DetectionSettings.Market.init(rawValue:)),
      let list = json?["whitelist"]?.array, list.count <= Self.whitelistMax
    else { return nil }
    acceptedFalseShare = share
    self.market = market
    whitelist = list.compactMap(Exception.init)
    guard whitelist.count == list.count else { return nil }
  }
}

extension DetectionChoice.Exception {
  /// `{"reason":"transfer","dealer":"D001","region":"370000","dispatch":12,"from":"…","until":"…"}`
  package var json: JSONValue {
    var members: [String: JSONValue] = [
      "reason": .string(reason.rawValue), "from": .string(from.description), "until": .string(until.description),
    ]
    members["dealer"] = dealer.map(JSONValue.string)
    members["region"] = region.map { .string($0.description) }
    members["dispatch"] = dispatch.map(JSONValue.integer)
    return .object(members)
  }

  init?(_ json: JSONValue) {
    guard let reason = json["reason"]?.string.flatMap(DetectionSettings.Exception.Reason.init(rawValue:)),
      let from = json["from"]?.string.flatMap({ Timestamp(rfc3339: $0) }),
      let until = json["until"]?.string.flatMap({ Timestamp(rfc3339: $0) })
    else { return nil }
    self.init(
      reason, dealer: json["dealer"]?.string, region: json["region"]?.string.flatMap(RegionCode.init(reading:)),
      dispatch: json["dispatch"]?.int, from: from, until: until)
  }
}
