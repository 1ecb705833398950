import Codes
import Ledger
import Regions
import Storage

/// What the scan recorder looks up again and again, kept in memory. Confined to the writer's queue.
///
/// Entries are dropped when the catalogue changed here (`Ledger.catalogueGeneration`) or by another process
/// (`Store.catalogueMark`). Versions are immutable and spaces are never renumbered, so those stay.
/// Each map is emptied when it reaches `entriesMax`.
final class CatalogueCache {
  private let ledger: Ledger
  private var generation = -1
  private var mark: Int64 = -1
  private var products: [Int64: Bool] = [:]
  private var policies: [Int64: [PricePolicy]] = [:]
  private var terminals: [String: TerminalRow?] = [:]
  private var profiles: [Int64: Set<String>] = [:]
  private var spaces: [CodeSpace: Int64] = [:]
  private var lives: [Int64: Life] = [:]
  private var discs: [RegionCode: Disc?] = [:]
  private var table: SpaceTable?

  static let entriesMax = 50_000

  /// A region as a circle of the same area around its centre of gravity.
  struct Disc {
    let center: GeoPoint
    let radiusMeters: Double
  }

  init(_ ledger: Ledger) { self.ledger = ledger }

  /// To be called once at the start of each transaction.
  func refresh(_ transaction: Transaction) throws {
    // Numbers are given out all the time: the table is read anew for each group that has boxes.
    table = nil
    let generation = ledger.catalogueGeneration
    let mark = try Store.catalogueMark(transaction)
    guard generation != self.generation || mark != self.mark else { return }
    self.generation = generation
    self.mark = mark
    products = [:]
    policies = [:]
    terminals = [:]
    profiles = [:]
  }

  /// Whether a GTIN is one of the brand's.
  func isOurs(_ gtin: GTIN, _ transaction: Transaction) throws -> Bool {
    let key = Int64(gtin.value)
    if let known = products[key] { return known }
    let known = try transaction.product(key) != nil
    products.keep(known, for: key)
    return known
  }

  /// The policies of a product, newest version first.
  func policies(_ gtin: Int64, _ transaction: Transaction) throws -> [PricePolicy] {
    if let known = policies[gtin] { return known }
    let found = try transaction.policies(gtin: gtin).map(PricePolicy.init)
    policies.keep(found, for: gtin)
    return found
  }

  /// A registered terminal.
  func terminal(_ code: String, _ transaction: Transaction) throws -> TerminalRow? {
    if let known = terminals[code] { return known }
    let found = try transaction.terminal(code)
    terminals.keep(found, for: code)
    return found
  }

  /// The space of a product's items.
  func space(_ space: CodeSpace, _ transaction: Transaction) throws -> Int64? {
    if let known = spaces[space] { return known }
    guard let found = try transaction.findSpace(space.key) else { return nil }
    spaces.keep(found, for: space)
    return found
  }

  /// Where a box of ours lives.
  func box(_ sscc: SSCC, _ transaction: Transaction) throws -> CodeLocation? {
    let table = try self.table ?? SpaceTable(transaction)
    self.table = table
    return table.box(sscc).map { CodeLocation(space: $0.space, number: $0.serial) }
  }

  /// Whether an item has the form of serial that its batch was issued with. A short serial of an index that was issued
  /// with long ones would halve the work of a forger. Most products never have two forms, and cost no look-up.
  func isIssuedAs(_ profile: SerialProfile, _ index: Int64, space: Int64, _ transaction: Transaction) throws -> Bool {
    let forms = try profiles(of: space, transaction)
    if forms.count <= 1 { return forms.contains(profile.rawValue) }
    return try transaction.batch(ofItem: index, space: space)?.profile == profile.rawValue
  }

  private func profiles(of space: Int64, _ transaction: Transaction) throws -> Set<String> {
    if let known = profiles[space] { return known }
    let found = Set(try transaction.profiles(space: space))
    profiles.keep(found, for: space)
    return found
  }

  /// The life of a code at a moment: a walk back from its newest version. A scan dated before the code was issued is
  /// judged by its first version.
  func life(_ version: Int64, at moment: Timestamp, _ transaction: Transaction) throws -> Life {
    var life = try self.life(version, transaction)
    while life.at > moment, let previous = life.previous { life = try self.life(previous, transaction) }
    return life
  }

  private func life(_ version: Int64, _ transaction: Transaction) throws -> Life {
    if let known = lives[version] { return known }
    let found = try LifeMap(transaction).version(version)
    lives.keep(found, for: version)
    return found
  }

  /// A region as a circle, for the distance between two scans.
  func disc(_ region: RegionCode) -> Disc? {
    if let known = discs[region] { return known }
    let found = ledger.atlas.centroid(of: region).map {
      Disc(center: $0.point, radiusMeters: ($0.squareMeters / Double.pi).squareRoot())
    }
    discs.keep(found, for: region)
    return found
  }
}

extension Dictionary {
  /// Adds an entry, after emptying a map that is full.
  fileprivate mutating func keep(_ value: Value, for key: Key) {
    if count >= CatalogueCache.entriesMax { removeAll(keepingCapacity: true) }
    self[key] = value
  }
}
