import Detection
import Ledger
import Regions

/// A scan event as the engine of detection takes it; built in constant time.
struct MarketReading {
  /// The engine's sighting; its profile is for the detector to set.
  var sighting: Detection.Sighting
  /// Whether the engine and the scan's own verdict mean the same by "outside": not for territories finer than a
  /// prefecture, of which the engine knows nothing.
  let isFine: Bool

  /// nil for what says nothing about goods on sale: unknown places, codes that are not proven, goods without a holder.
  ///
  /// A place that only may be outside never counts (the accuracy circle touches the territory), unless it is a guess
  /// by network address: the engine knows how those err and keeps them apart.
  init?(_ scan: Sighting, _ map: MarketMap, authorised: Set<Int>) {
    guard let witness = scan.source, scan.isTrustworthy, scan.dispatch != nil, scan.dealer != nil,
      let region = scan.region, let index = map.index(of: region), scan.certainty != .unknown
    else { return nil }
    let isCoarse = scan.certainty == .coarse
    let isAuthorised = authorised.contains(index)
    switch scan.territory {
    case .outside: isFine = isAuthorised
    case .inside where isAuthorised: isFine = false
    case .uncertain where isCoarse || isAuthorised: isFine = false
    case .inside, .uncertain, .notBound: return nil
    }
    let source: Detection.Source =
      switch witness {
      case .inspector: .inspector
      case _ where isCoarse: .consumerIP
      case .terminal: .terminal
      case .consumer: .consumerGPS
      }
    let center = map.geography.regions[index]
    // What is not measured is somewhere in the region.
    let position = scan.certainty == .measured ? scan.position : nil
    sighting = Detection.Sighting(
      time: Self.seconds(scan.clock), code: UInt64(bitPattern: scan.code.mark), source: source, region: index,
      latitude: position?.latitude ?? center.latitude, longitude: position?.longitude ?? center.longitude,
      accuracy: position?.accuracyMeters ?? center.radius * 1000)
    sighting.box = scan.box ?? Self.orOne(UInt64(bitPattern: scan.code.mark))
    sighting.lot = Self.lot(scan.dispatch, scan.dealer)
    sighting.shipment = Self.shipment(scan.dispatch)
    sighting.product = scan.code.gtin?.value ?? 0
    sighting.store = Self.store(scan).map(Detection.StableHash.of) ?? 0
    sighting.device = witness == .consumer ? Self.device(scan) : 0
    sighting.isPhone = Self.phone(scan) != nil
    setPrice(scan)
  }

  /// Cents, and only under a floor that the brand enforces: no other price may become a finding.
  private mutating func setPrice(_ scan: Sighting) {
    guard let price = scan.price, let terms = scan.terms, terms.isEnforced, scan.priceCheck != .notChecked,
      price.currency == terms.floor.currency, terms.floor.scaled > 0
    else { return }
    sighting.price = max(1, price.scaled / 100)
    sighting.floor = max(1, terms.floor.scaled / 100)
  }

  /// Number of a dispatch in one holder's hands: a transfer changes who answers for the goods.
  static func lot(_ dispatch: Int64?, _ dealer: String?) -> UInt64 {
    guard let dispatch, let dealer else { return 0 }
    return Detection.StableHash.of("\(dispatch)/\(dealer)")
  }

  /// Number of a dispatch, whoever holds its goods by now.
  static func shipment(_ dispatch: Int64?) -> UInt64 {
    dispatch.map { Detection.StableHash.of("dispatch \($0)") } ?? 0
  }

  /// The shop: its registered terminal, else the key that its till scans under.
  static func store(_ scan: Sighting) -> String? {
    guard scan.source != .consumer else { return nil }
    return scan.terminal ?? (scan.source == .terminal && scan.key != 0 ? "key \(scan.key)" : nil)
  }

  /// A code that is none of ours, scanned by a phone that says which it is; nil for all else.
  static func forged(_ scan: Sighting, _ map: MarketMap) -> Detection.Sighting? {
    guard scan.authenticity == .forged, scan.source == .consumer, let phone = phone(scan),
      let index = scan.region.flatMap(map.index)
    else { return nil }
    let center = map.geography.regions[index]
    var sighting = Detection.Sighting(
      time: seconds(scan.clock), code: UInt64(bitPattern: scan.code.mark), source: .consumerIP, region: index,
      latitude: center.latitude, longitude: center.longitude, accuracy: center.radius * 1000)
    sighting.device = phone
    return sighting
  }

  /// The phone by its app's pseudonym; those of different apps are different phones.
  static func phone(_ scan: Sighting) -> UInt64? {
    scan.device.map { Detection.StableHash.of("phone \(scan.key) \($0)") }
  }

  /// A phone. Without its app's pseudonym the ledger keeps no identity of people without a key: those at one spot of a
  /// kilometre are taken for one household, those of whom only the county is known for one visit of three days.
  private static func device(_ scan: Sighting) -> UInt64 {
    if let phone = phone(scan) { return phone }
    let observer = Observer(scan)
    guard case .anonymous(let spot) = observer else { return Detection.StableHash.of(observer.label) }
    if spot != nil { return Detection.StableHash.of(observer.label) }
    let visit = scan.clock / Independence().placelessMilliseconds
    return Detection.StableHash.of("anonymous \(scan.region?.description ?? "-") \(visit)")
  }

  private static func seconds(_ milliseconds: Int64) -> Int64 {
    milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000
  }

  private static func orOne(_ word: UInt64) -> UInt64 { word == 0 ? 1 : word }
}
