/// A market in files, as the Detection article describes them: read once, then scans are streamed through engines.
package struct Market {
  /// Gives the bytes of a file of the market, chunk by chunk; none at the end.
  package typealias Opener = (_ file: String) throws(MarketError) -> () throws(MarketError) -> [UInt8]

  /// What stands in a box.
  private struct Box {
    let lot: UInt64
    let profile: Int32, product: Int32
  }

  /// The regions.
  package let map: Geography
  /// Texts of the numbers of dealers, lots, stores, codes and devices.
  package private(set) var names: [UInt64: String] = [:]
  private let open: Opener
  private var profiles: [(dealer: UInt64, authorised: [Int])] = []
  private var floors: [Int64] = []
  private var boxes: [UInt64: Box] = [:]
  private var dispatches: [Dispatch] = []

  /// Reads everything but the scans.
  package init(open: @escaping Opener) throws(MarketError) {
    self.open = open
    map = Geography(try Self.regions(open))
    let dealers = try readDealers()
    let products = try readProducts()
    try readDispatches(dealers, products)
  }

  private static func regions(_ open: Opener) throws(MarketError) -> [Geography.Region] {
    let columns = ["region_code", "province_code", "lat", "lon", "population", "radius_km", "is_capital"]
    var table = try TableReader("regions.csv", columns: columns, try open("regions.csv"))
    var regions: [Geography.Region] = []
    while try table.next() {
      let code = try table.integer(0), province = try table.integer(1)
      guard (100_000...999_999).contains(code) else { throw table.failure(0, .region) }
      guard (100_000...999_999).contains(province) else { throw table.failure(1, .region) }
      let flag = try table.integer(6)
      guard flag <= 1 else { throw table.failure(6, .flag) }
      regions.append(
        Geography.Region(
          code: Int32(code), province: Int32(province), latitude: try table.degrees(2, bound: 90),
          longitude: try table.degrees(3, bound: 180), population: try table.number(4), radius: try table.number(5),
          isCapital: flag == 1))
    }
    return regions
  }

  /// Prefectures of a list of prefectures and provinces joined with semicolons.
  private func territory(_ table: TableReader, _ column: Int) throws(MarketError) -> [Int] {
    var found: [Int] = []
    for part in table.text(column).split(separator: ";") {
      guard let code = Int32(part) else { throw table.failure(column, .region) }
      if let region = map.index(of: code) {
        found.append(region)
      } else if let province = map.provinceIndex(of: code) {
        found += map.provinceOf.indices.filter { map.provinceOf[$0] == province }
      } else {
        throw table.failure(column, .region)
      }
    }
    return found
  }

  private mutating func readDealers() throws(MarketError) -> Set<UInt64> {
    var table = try TableReader(
      "dealers.csv", columns: ["dealer_id", "authorised_regions"], try open("dealers.csv"))
    var dealers: Set<UInt64> = []
    while try table.next() {
      let dealer = try table.name(0)
      dealers.insert(dealer)
      names[dealer] = table.text(0)
      profiles.append((dealer, Set(try territory(table, 1)).sorted()))
    }
    return dealers
  }

  private mutating func readProducts() throws(MarketError) -> [UInt64: Int] {
    var table = try TableReader("skus.csv", columns: ["sku", "floor_price_cents"], try open("skus.csv"))
    var products: [UInt64: Int] = [:]
    while try table.next() {
      products[try table.name(0)] = floors.count
      floors.append(table.isEmpty(1) ? 0 : try table.integer(1))
    }
    return products
  }

  private mutating func readDispatches(_ dealers: Set<UInt64>, _ products: [UInt64: Int]) throws(MarketError) {
    let columns = ["box_id", "lot_id", "dealer_id", "sku", "n_items", "dispatch_time", "authorised_regions"]
    var table = try TableReader("dispatches.csv", columns: columns, try open("dispatches.csv"))
    var profileOf: [UInt64: Int] = [:]
    var dispatchOf: [UInt64: Int] = [:]
    var known: [UInt64: Int] = [:]
    for (index, profile) in profiles.enumerated() {
      known[DetectionEngine.profileKey(profile.dealer, profile.authorised)] = index
    }
    while try table.next() {
      let box = try table.name(0), lot = try table.name(1), dealer = try table.name(2)
      guard dealers.contains(dealer) else { throw table.failure(2, .dealer) }
      guard let product = products[table.id(3)] else { throw table.failure(3, .product) }
      let items = try table.integer(4), time = try table.integer(5)
      let written = pairBits(dealer, table.id(6))
      var profile = profileOf[written]
      if profile == nil {
        let regions = Set(try territory(table, 6)).sorted()
        let key = DetectionEngine.profileKey(dealer, regions)
        if known[key] == nil {
          known[key] = profiles.count
          profiles.append((dealer, regions))
        }
        profile = known[key]
        profileOf[written] = profile
      }
      let place = profile ?? 0
      boxes[box] = Box(lot: lot, profile: Int32(place), product: Int32(product))
      if let known = dispatchOf[lot] {
        dispatches[known].boxes += 1
      } else {
        names[lot] = table.text(1)
        dispatchOf[lot] = dispatches.count
        dispatches.append(
          Dispatch(
            lot: lot, product: UInt64(product) + 1, profile: place, boxes: 1, itemsPerBox: Int(items), time: time))
      }
    }
    dispatches.sort { ($0.time, $0.lot) < ($1.time, $1.lot) }
  }

  /// An engine that knows the market's dealers.
  package func engine(_ settings: DetectionSettings) -> DetectionEngine {
    var engine = DetectionEngine(map: map, settings: settings)
    for profile in profiles { _ = engine.admit(dealer: profile.dealer, authorised: profile.authorised) }
    return engine
  }

  /// Streams dispatches and scans in the order of time, each to `dispatch` or `scan`.
  package mutating func replay(
    dispatch: (Dispatch) -> Void, scan: (Sighting) -> Void
  ) throws(MarketError) {
    let columns = [
      "time", "code", "box_id", "source", "region_code", "lat", "lon", "accuracy_m", "device_id", "store_id",
      "price_cents",
    ]
    var table = try TableReader("scans.csv", columns: columns, try open("scans.csv"))
    var latest = Int64.min
    var sent = 0
    while try table.next() {
      let sighting = try sighting(table)
      guard sighting.time >= latest else { throw .order(line: table.line) }
      latest = sighting.time
      while sent < dispatches.count, dispatches[sent].time <= latest {
        dispatch(dispatches[sent])
        sent += 1
      }
      if sighting.box != 0 { remember(sighting.code, table, 1) }
      if sighting.store != 0 { remember(sighting.store, table, 9) }
      if sighting.box == 0 || sighting.device != 0 { remember(sighting.device, table, 8) }
      scan(sighting)
    }
  }

  private mutating func remember(_ id: UInt64, _ table: TableReader, _ column: Int) {
    if id != 0, names[id] == nil { names[id] = table.text(column) }
  }

  private func sighting(_ table: TableReader) throws(MarketError) -> Sighting {
    let sources: [String: Source] = Self.sources
    guard let source = sources[table.text(3)] else { throw table.failure(3, .source) }
    guard let code = Int32(table.text(4)), let region = map.index(of: code) else { throw table.failure(4, .region) }
    var sighting = Sighting(
      time: try table.integer(0), code: try table.name(1), source: source, region: region,
      latitude: try table.degrees(5, bound: 90), longitude: try table.degrees(6, bound: 360),
      accuracy: try table.number(7))
    sighting.device = table.id(8)
    sighting.store = table.id(9)
    if !table.isEmpty(10) { sighting.price = try table.integer(10) }
    guard !table.isEmpty(2) else { return sighting }
    sighting.box = table.id(2)
    guard let box = boxes[sighting.box] else { throw table.failure(2, .box) }
    sighting.lot = box.lot
    sighting.profile = Int(box.profile)
    sighting.product = UInt64(box.product) + 1
    sighting.floor = floors[Int(box.product)]
    return sighting
  }

  private static let sources = Dictionary(uniqueKeysWithValues: Source.allCases.map { ($0.name, $0) })
}
