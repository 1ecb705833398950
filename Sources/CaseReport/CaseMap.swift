/// The map of a report: outlines and points in degrees of WGS 84, longitude first.
package struct CaseMap: Hashable, Sendable {
  /// A place on the earth, in degrees.
  package struct Point: Hashable, Sendable {
    let longitude: Double
    let latitude: Double

    /// A point; one that is no place on the earth is left out of the map.
    package init(longitude: Double, latitude: Double) {
      self.longitude = longitude
      self.latitude = latitude
    }

    var isOnEarth: Bool { longitude.magnitude <= 180 && latitude.magnitude <= 85 }
  }

  /// A region's outline: rings of points; holes are rings too (even-odd).
  package struct Outline: Hashable, Sendable {
    let name: Bilingual
    let rings: [[Point]]

    /// An outline from its rings, which need not be closed.
    package init(name: Bilingual, rings: [[Point]]) {
      self.name = name
      self.rings = rings
    }
  }

  /// A scan on the map.
  package struct Mark: Hashable, Sendable {
    let point: Point
    let label: String
    let accuracy: Double

    /// - Parameters:
    ///   - label: the number of its row in the table.
    ///   - accuracy: in metres; drawn as a circle where it can be seen.
    package init(point: Point, label: String, accuracy: Double) {
      self.point = point
      self.label = label
      self.accuracy = accuracy
    }
  }

  let territories: [Outline]
  let regions: [Outline]
  let scans: [Mark]

  /// - Parameters:
  ///   - territories: where the goods may be sold.
  ///   - regions: where they were scanned.
  ///   - scans: in the order of the table.
  package init(territories: [Outline], regions: [Outline], scans: [Mark]) {
    self.territories = territories
    self.regions = regions
    self.scans = scans
  }
}
