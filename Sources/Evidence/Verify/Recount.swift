import TransparencyLog

/// The numbers of an alert that its scans alone decide, by the names that alerts give them.
struct Recount {
  private let scans: [ClaimCheck.Scan]

  init(_ scans: [ClaimCheck.Scan]) { self.scans = scans }

  /// The value that an alert must state; nil for a number that only its rule can tell.
  subscript(name: String) -> JSONValue? {
    switch name {
    case "scans", "sightings": count { _ in true }
    case "inspectors": count { $0.event.role == "inspector" }
    case "terminals": count { $0.event.role == "terminal" }
    case "consumers": count { $0.event.role == "consumer" }
    case "outside": count { $0.facts.territory == .outside }
    case "belowFloor": count { $0.facts.priceCheck == .belowFloor }
    case "forged": count { $0.facts.authenticity == .forged }
    case "codes": .integer(Int64(Set(scans.map(\.facts.codeValue.canonicalBytes)).count))
    case "observers": .integer(Int64(observers))
    case "firstAt": scans.map(\.event.clock).min().map { .string($0.text) }
    case "lastAt": scans.map(\.event.clock).max().map { .string($0.text) }
    default: nil
    }
  }

  private func count(_ isCounted: (ClaimCheck.Scan) -> Bool) -> JSONValue {
    .integer(Int64(scans.count(where: isCounted)))
  }

  /// Terminals and keys, each once; of people without a key each is one.
  private var observers: Int {
    let named = Set(scans.compactMap(Self.observer)).count
    return named + scans.count { Self.observer($0) == nil }
  }

  private static func observer(_ scan: ClaimCheck.Scan) -> String? {
    scan.facts.terminal.map { "terminal \($0)" } ?? (scan.event.key == 0 ? nil : "key \(scan.event.key)")
  }
}
