import Foundation
import Regions

/// Where people of one county go: near places and populous ones more often (a gravity model with detection.md's
/// distance law for phones, (distance + 30 km)^−1.2).
struct DemoTrips {
  private let map: DemoMap
  private var sums: [RegionCode: [Double]] = [:]

  init(_ map: DemoMap) { self.map = map }

  mutating func destination(from home: DemoMap.Spot, _ random: inout DemoRandom) -> DemoMap.Spot {
    guard let place = random.place(in: sums(from: home)) else { return home }
    return map.spots[place]
  }

  private mutating func sums(from home: DemoMap.Spot) -> [Double] {
    if let known = sums[home.region] { return known }
    var total = 0.0
    let fresh = map.spots.map { spot in
      if spot.region != home.region {
        total += spot.people * pow(home.center.distanceMeters(to: spot.center) / 1000 + 30, -1.2)
      }
      return total
    }
    sums[home.region] = fresh
    return fresh
  }
}
