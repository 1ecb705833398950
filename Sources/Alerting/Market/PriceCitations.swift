import TransparencyLog

/// The scans in one shop that were under the floor.
struct PriceCitations {
  private struct Sale {
    let event: Int64, clock: Int64
    let policy: PolicyReference
    let dealer: String?
  }

  private var sales: [Sale] = []

  /// More than a person reads.
  static let limit = 64
  /// The engine's span of a case of prices.
  static let windowDays: Int64 = 28

  mutating func add(_ scan: Sighting, _ policy: PolicyReference) {
    let start = scan.clock &- Self.windowDays * millisecondsPerDay
    sales.removeAll { $0.clock < start }
    sales.append(Sale(event: scan.event, clock: scan.clock, policy: policy, dealer: scan.dealer))
    if sales.count > Self.limit { sales.removeFirst() }
  }

  /// Those of one dealer's goods under one edition of a policy.
  func events(_ policy: PolicyReference, _ dealer: String?) -> [Int64] {
    sales.filter { $0.policy == policy && $0.dealer == dealer }.map(\.event)
  }
}

extension PriceCitations: Remembered {
  init?(json: JSONValue) {
    guard let list = json.array else { return nil }
    sales = list.compactMap { entry in
      guard let event = entry[0]?.int, let clock = entry[1]?.int, let id = entry[2]?.string,
        let version = entry[3]?.int
      else { return nil }
      return Sale(
        event: event, clock: clock, policy: PolicyReference(id: id, version: version), dealer: entry[4]?.string)
    }
    guard sales.count == list.count else { return nil }
  }

  var json: JSONValue {
    .array(
      sales.map { sale in
        [
          .integer(sale.event), .integer(sale.clock), .string(sale.policy.id), .integer(sale.policy.version),
          sale.dealer.map(JSONValue.string) ?? .null,
        ]
      })
  }
}
