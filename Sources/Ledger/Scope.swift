import Regions
import Storage

/// What part of the market somebody may look at: all of it, one region, or one dealer with those below it.
package struct Scope: Sendable, Equatable {
  /// Only what is these dealers'; nil: everybody's.
  package let dealers: Set<String>?
  /// Only what lies in this region; nil: everything.
  package let region: RegionCode?

  /// What a key or person is bound to. A dealer's goods are its own wherever they turn up, so the role dealer is bound
  /// by its dealer alone.
  package init(_ actor: Actor, _ transaction: Transaction) throws {
    dealers = try actor.dealer.map { Set(try transaction.dealers(from: $0)).union([$0]) }
    region = try actor.role == .dealer ? nil : actor.region.map { try RegionCode($0) }
  }

  /// Whether this place belongs to it, as it is stored; what names no place lies in no region.
  package func holds(place: String?) -> Bool {
    guard let region else { return true }
    return place.flatMap { try? RegionCode($0) }.map(region.contains) ?? false
  }

  /// Whether this dealer belongs to it; what names no dealer is no dealer's.
  package func holds(dealer: String?) -> Bool {
    guard let dealers else { return true }
    return dealer.map(dealers.contains) ?? false
  }

  /// Whether some of a territory lies in it.
  package func meets(_ territory: Territory) -> Bool { region.map(territory.overlaps) ?? true }

  /// Whether some of a region can lie in it.
  package func meets(_ asked: RegionCode?) -> Bool {
    guard let region, let asked else { return true }
    return region.contains(asked) || asked.contains(region)
  }
}

extension Scope {
  /// What every region within a stored one begins with: a six-digit code without its trailing pairs of zeros, any other
  /// code as it is.
  package static func prefix(of region: String) -> String {
    guard region.utf8.count == 6, region.utf8.allSatisfy({ (48...57).contains($0) }) else { return region }
    if region.hasSuffix("0000") { return String(region.prefix(2)) }
    return region.hasSuffix("00") ? String(region.prefix(4)) : region
  }

  /// Rows that one page looks at.
  package static let lookedMax = 5_000

  /// A page of the rows that belong to somebody, newest first. It reads on until it is full, but looks at a bounded
  /// number of rows: it can be short and still have a next one.
  package static func page<Row>(
    before start: Int64, limit: Int, rows: (_ before: Int64, _ limit: Int) throws -> [Row],
    number: (Row) -> Int64, holds: (Row) throws -> Bool
  ) rethrows -> (rows: [Row], next: Int64?) {
    var found: [Row] = []
    var (before, looked) = (start, 0)
    let step = max(limit, 100)
    while looked < lookedMax {
      let some = try rows(before, step)
      looked += some.count
      for row in some where try holds(row) {
        found.append(row)
        if found.count == limit { return (found, number(row)) }
      }
      guard some.count == step, let last = some.last else { return (found, nil) }
      before = number(last)
    }
    return (found, before)
  }
}
