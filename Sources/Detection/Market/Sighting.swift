/// Who scanned, in rising order of trust.
package enum Source: UInt8, Sendable, CaseIterable {
  /// A consumer's phone that gave its position.
  case consumerGPS
  /// A consumer of whom only the address on the network is known.
  case consumerIP
  /// A store's till or a dealer's handheld.
  case terminal
  /// The brand's inspector.
  case inspector

  /// `consumer_gps` and so on, as in `scans.csv`.
  package var name: String {
    switch self {
    case .consumerGPS: "consumer_gps"
    case .consumerIP: "consumer_ip"
    case .terminal: "terminal"
    case .inspector: "inspector"
    }
  }
}

/// One reading of a code, as the engine takes it. Identifiers are numbers: either the caller's own or
/// ``StableHash/of(_:)`` of a text; 0 means none.
package struct Sighting: Sendable, Equatable {
  /// Unix seconds.
  package var time: Int64
  /// The item code.
  package var code: UInt64
  /// Its box; 0 when the code does not authenticate, and then lot, product and dealer say nothing.
  package var box: UInt64 = 0
  /// The dispatch of which the box is a part.
  package var lot: UInt64 = 0
  /// The dispatch that the box left the brand with, where `lot` tells the hands apart that it went through; 0: the lot.
  package var shipment: UInt64 = 0
  /// The stock keeping unit.
  package var product: UInt64 = 0
  /// The dealer and the territory at dispatch: what ``DetectionEngine/admit(dealer:authorised:)`` gave.
  package var profile: Int = -1
  /// Who scanned.
  package var source: Source
  /// Index of the prefecture in the engine's ``Geography``.
  package var region: Int
  /// Degrees, WGS-84.
  package var latitude: Double, longitude: Double
  /// Radius of the circle that the point is in with two chances in three, in metres.
  package var accuracy: Double
  /// The phone, or 0.
  package var device: UInt64 = 0
  /// Whether `device` names one phone. When it only stands for people who cannot be told apart, they speak once about
  /// places, and nothing is concluded about phones.
  package var isPhone = true
  /// Network of the phone (an IPv4 /24, an IPv6 /48), or 0.
  package var network: UInt64 = 0
  /// The store, of a terminal or where an inspector is, or 0.
  package var store: UInt64 = 0
  /// Price in cents and the product's floor, or 0.
  package var price: Int64 = 0, floor: Int64 = 0

  /// A sighting of a code at a place; the rest is set by name.
  package init(
    time: Int64, code: UInt64, source: Source, region: Int, latitude: Double, longitude: Double, accuracy: Double
  ) {
    self.time = time
    self.code = code
    self.source = source
    self.region = region
    self.latitude = latitude
    self.longitude = longitude
    self.accuracy = accuracy
  }
}

/// Seconds in a day.
let day: Int64 = 86_400
