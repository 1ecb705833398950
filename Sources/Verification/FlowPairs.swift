import Ledger
import Regions
import Storage

/// Scans by pair of dealer and region: there are few pairs beside the rows, and each is judged once.
struct FlowPairs {
  /// What a pair comes to: the part of the market it is shown under, whether it lies outside the dealer's territory, and
  /// its scans.
  struct Sum {
    let part: RegionCode, isOutside: Bool
    fileprivate(set) var scans: Int64 = 0
  }

  /// By dealer; nil where a pair does not belong to what is asked for.
  private(set) var sums: [(dealer: String, sum: Sum?)] = []

  private let scope: Scope, whole: RegionCode?, territories: [String: Territory]
  /// Where dealers stand in `places`, and there the regions in `sums`.
  private var dealers: [String: Int] = [:]
  private var places: [[ShortText: Int]] = []
  /// Rows of one dealer come together.
  private var last: (dealer: String, number: Int)?
  private var regions: [ShortText: Place?] = [:]

  private struct Place {
    let region: RegionCode, part: RegionCode
  }

  /// - Parameter whole: only scans in this region count, by its parts; nil: all, by province.
  init(scope: Scope, whole: RegionCode?, territories: [String: Territory]) {
    self.scope = scope
    self.whole = whole
    self.territories = territories
  }

  /// Adds a row; gives whether its scans are outside, nil when they do not count.
  mutating func add(_ row: DailyFlow) -> Bool? {
    let number = number(of: row.dealer)
    let place = places[number][row.region] ?? sums.count
    if place == sums.count {
      places[number][row.region] = place
      sums.append((row.dealer, judge(row)))
    }
    sums[place].sum?.scans += row.scans
    return sums[place].sum?.isOutside
  }

  private mutating func number(of dealer: String) -> Int {
    if let last, last.dealer == dealer { return last.number }
    let number = dealers[dealer] ?? places.count
    if number == places.count {
      dealers[dealer] = number
      places.append([:])
    }
    last = (dealer, number)
    return number
  }

  private mutating func judge(_ row: DailyFlow) -> Sum? {
    guard scope.holds(dealer: row.dealer), let place = place(of: row.region) else { return nil }
    return Sum(part: place.part, isOutside: territories[row.dealer].map { !$0.overlaps(place.region) } ?? false)
  }

  private mutating func place(of code: ShortText) -> Place? {
    if let known = regions[code] { return known }
    let text = code.text
    var found: Place?
    if let region = try? RegionCode(text), scope.holds(place: text), let part = part(region) {
      found = Place(region: region, part: part)
    }
    regions.updateValue(found, forKey: code)
    return found
  }

  /// The province of a region, or its part of another; nil outside of that.
  private func part(_ region: RegionCode) -> RegionCode? {
    guard let whole else { return region.province ?? region }
    guard whole.contains(region) else { return nil }
    var part = region
    while part != whole, let parent = part.parent, parent != whole { part = parent }
    return part
  }
}
