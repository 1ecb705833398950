import Testing
import Regions
@Test func smoke() throws {
  let clock = ContinuousClock()
  var atlas: RegionAtlas?
  for _ in 0..<3 { let d = try clock.measure { atlas = try RegionAtlas.load() }; print("load", d) }
  let a = try #require(atlas)
  print(a.locate(latitude: 28.2, longitude: 112.98) as Any, a.name(of: try RegionCode("430102"), .zh) as Any, a.name(of: try RegionCode("430102"), .en) as Any)
}
