/// A number for each of the ways goods are seen. A consumer's fix on a point of sale is a way of its own: people carry
/// goods home, to parents and on holiday, but hardly into another shop.
package struct Channels: Sendable, Equatable {
  /// How many there are.
  static let count = 5
  /// Phones with a position, away from points of sale.
  package var gps = 0.0
  /// Phones known by their network only.
  package var ip = 0.0
  /// Terminals.
  package var terminal = 0.0
  /// Inspectors.
  package var inspector = 0.0
  /// Phones with a position on a known point of sale.
  package var shop = 0.0

  /// All zero.
  package init() {}

  /// Given one by one.
  package init(gps: Double, ip: Double, terminal: Double, inspector: Double, shop: Double = 0) {
    self.gps = gps
    self.ip = ip
    self.terminal = terminal
    self.inspector = inspector
    self.shop = shop
  }

  /// The sum.
  package var total: Double { gps + ip + terminal + inspector + shop }

  subscript(channel: Int) -> Double {
    get {
      switch channel {
      case 0: gps
      case 1: ip
      case 2: terminal
      case 3: inspector
      default: shop
      }
    }
    set {
      switch channel {
      case 0: gps = newValue
      case 1: ip = newValue
      case 2: terminal = newValue
      case 3: inspector = newValue
      default: shop = newValue
      }
    }
  }

  /// Number by number.
  static func * (a: Channels, b: Channels) -> Channels {
    Channels(
      gps: a.gps * b.gps, ip: a.ip * b.ip, terminal: a.terminal * b.terminal, inspector: a.inspector * b.inspector,
      shop: a.shop * b.shop)
  }

  static func * (factor: Double, a: Channels) -> Channels {
    Channels(
      gps: factor * a.gps, ip: factor * a.ip, terminal: factor * a.terminal, inspector: factor * a.inspector,
      shop: factor * a.shop)
  }

  /// The difference, never below 0.
  func beyond(_ b: Channels) -> Channels {
    Channels(
      gps: max(0, gps - b.gps), ip: max(0, ip - b.ip), terminal: max(0, terminal - b.terminal),
      inspector: max(0, inspector - b.inspector), shop: max(0, shop - b.shop))
  }

  func atLeast(_ least: Double) -> Channels {
    Channels(
      gps: max(least, gps), ip: max(least, ip), terminal: max(least, terminal), inspector: max(least, inspector),
      shop: max(least, shop))
  }
}
