import Codes
import Detection
import Ledger
import TransparencyLog

/// What the engine's findings about codes, phones and lots are shown with: a phone's latest scans, the first scan of each
/// box of a lot, and which item a code is that shows signs of copies. The scans of one code are in the ledger.
struct CodeTrails: Sendable {
  private var phones = BoundedMap<PhoneTrail>(limit: 20_000, days: 28)
  private var lots = BoundedMap<LotTrail>(limit: 20_000, days: 180)
  private var named = BoundedMap<NamedCode>(limit: 20_000, days: 90)

  /// A dispatch of which boxes may be missed.
  mutating func add(_ notice: DispatchNotice) {
    let key = String(MarketReading.shipment(notice.dispatch))
    let trail = LotTrail(dispatch: notice.dispatch, dealer: notice.dealer, gtin: notice.gtin)
    lots.update(key, at: notice.clock, make: trail) { _ in }
  }

  /// A scan that the engine is about to take.
  mutating func add(_ scan: Sighting, _ sighting: Detection.Sighting) {
    if sighting.isPhone, sighting.device != 0 {
      phones.update(String(sighting.device), at: scan.clock, make: PhoneTrail()) { $0.add(scan) }
    }
    if sighting.box != 0 { lots.touch(String(sighting.shipment), at: scan.clock) { $0.add(sighting.box, scan.event) } }
  }

  /// A scan that the engine took: what shows signs of copies may be named later.
  mutating func remember(_ scan: Sighting, _ sighting: Detection.Sighting, _ engine: DetectionEngine) {
    guard let item = scan.code.item, engine.mayBeNamed(sighting.code, of: sighting.lot) else { return }
    named.update(String(sighting.code), at: scan.clock, make: NamedCode(item: item)) { _ in }
  }

  /// The clue of a finding about a code, a phone or a lot; nil when too little is known to show it with.
  /// - Parameter scan: the scan at which it was found.
  mutating func clue(_ finding: Finding, _ scan: Sighting) -> Clue? {
    let numbers = FindingNumbers(finding).json
    switch finding.kind {
    case .clone: return copy(finding, numbers, scan)
    case .counterfeit: return phone(finding, numbers, scan, .forgery, "detection-guess") { $0.forged }
    case .burning: return phone(finding, numbers, scan, .burning, "detection-burning") { $0.burst }
    case .missing: return missing(finding, numbers, scan)
    case .diversion, .price, .registration: return nil
    }
  }

  private mutating func copy(_ finding: Finding, _ numbers: [String: JSONValue], _ scan: Sighting) -> Clue? {
    let isHere = UInt64(bitPattern: scan.code.mark) == finding.code
    guard let item = isHere ? scan.code.item : named.touch(String(finding.code), at: scan.clock, { $0.item }) else {
      return nil
    }
    return Clue(
      CopiedCode.key(item), rule: RuleVersion("detection-copy", 1), kind: .clone, severity: .warning,
      subject: AlertSubject(
        dealer: scan.dealer, region: isHere ? scan.region?.prefecture : nil, gtin: item.gtin, code: .item(item)),
      message: .detection, numbers: numbers, scans: [], occurredAt: Timestamp(milliseconds: scan.clock),
      suspects: [item], lookBack: Clue.LookBack(item: item, event: scan.event), sharing: CopiedCode.rule)
  }

  private mutating func phone(
    _ finding: Finding, _ numbers: [String: JSONValue], _ scan: Sighting, _ kind: AlertKind, _ rule: String,
    _ events: (PhoneTrail) -> [Int64]
  ) -> Clue? {
    let cited = phones.touch(String(finding.device), at: scan.clock) { events($0) } ?? []
    guard let first = cited.first else { return nil }
    // Short enough to tell the phones of one day apart, and to name nobody.
    let name = String(finding.device & 0xffff, radix: 16)
    return Clue(
      "\(name)/from \(first)", rule: RuleVersion(rule, 1), kind: kind, severity: .warning,
      subject: AlertSubject(region: scan.region?.prefecture), message: .detection,
      numbers: numbers.merging(["phone": .string(name)]) { $1 }, scans: cited,
      occurredAt: Timestamp(milliseconds: scan.clock))
  }

  private mutating func missing(_ finding: Finding, _ numbers: [String: JSONValue], _ scan: Sighting) -> Clue? {
    guard let lot = lots.touch(String(finding.lot), at: scan.clock, { $0 }) else { return nil }
    return Clue(
      "\(lot.dispatch)/\(lot.dealer)", rule: RuleVersion("detection-missing", 1), kind: .missing, severity: .notice,
      subject: AlertSubject(dealer: lot.dealer, gtin: lot.gtin, dispatch: lot.dispatch), message: .detection,
      numbers: numbers, scans: lot.boxes.map(\.event), occurredAt: Timestamp(milliseconds: scan.clock))
  }
}

extension CodeTrails {
  var json: JSONValue { ["phones": phones.json, "lots": lots.json, "named": named.json] }

  /// Takes back what `json` gave; false for something else.
  mutating func restore(_ json: JSONValue?) -> Bool {
    phones.restore(json?["phones"]) && lots.restore(json?["lots"]) && named.restore(json?["named"])
  }
}

/// A phone's latest scans.
private struct PhoneTrail: Remembered {
  /// The scans of the burst that goes on, and of codes that are none of ours.
  private(set) var burst: [Int64] = [], forged: [Int64] = []
  private var latest: Int64 = 0

  /// More than a person reads.
  private static let limit = 64
  /// Milliseconds after which a burst is over: the engine's hour.
  private static let pause: Int64 = 3_600_000

  init() {}

  mutating func add(_ scan: Sighting) {
    if scan.authenticity == .forged { return Self.append(scan.event, to: &forged) }
    if scan.clock - latest >= Self.pause { burst = [] }
    latest = max(latest, scan.clock)
    Self.append(scan.event, to: &burst)
  }

  private static func append(_ event: Int64, to list: inout [Int64]) {
    list.append(event)
    if list.count > limit { list.removeFirst() }
  }

  init?(json: JSONValue) {
    guard let burst = json["burst"]?.array?.compactMap(\.int), let forged = json["forged"]?.array?.compactMap(\.int),
      let latest = json["latest"]?.int
    else { return nil }
    (self.burst, self.forged, self.latest) = (burst, forged, latest)
  }

  var json: JSONValue {
    [
      "burst": .array(burst.map(JSONValue.integer)), "forged": .array(forged.map(JSONValue.integer)),
      "latest": .integer(latest),
    ]
  }
}

/// A dispatch, to whom it went, and the first scan of each of its boxes.
private struct LotTrail: Remembered {
  let dispatch: Int64, dealer: String, gtin: GTIN?
  private(set) var boxes: [(box: Int64, event: Int64)] = []

  /// More than a person reads.
  private static let limit = 64

  init(dispatch: Int64, dealer: String, gtin: GTIN?) {
    (self.dispatch, self.dealer, self.gtin) = (dispatch, dealer, gtin)
  }

  mutating func add(_ box: UInt64, _ event: Int64) {
    let box = Int64(bitPattern: box)
    guard boxes.count < Self.limit, boxes.allSatisfy({ $0.box != box }) else { return }
    boxes.append((box, event))
  }

  init?(json: JSONValue) {
    guard let dispatch = json["dispatch"]?.int, let dealer = json["dealer"]?.string, let list = json["boxes"]?.array
    else { return nil }
    self.init(dispatch: dispatch, dealer: dealer, gtin: json["gtin"]?.string.flatMap { try? GTIN($0) })
    boxes = list.compactMap { pair in
      guard let box = pair[0]?.int, let event = pair[1]?.int else { return nil }
      return (box, event)
    }
    guard boxes.count == list.count else { return nil }
  }

  var json: JSONValue {
    var members: [String: JSONValue] = [
      "dispatch": .integer(dispatch), "dealer": .string(dealer),
      "boxes": .array(boxes.map { [.integer($0.box), .integer($0.event)] }),
    ]
    members["gtin"] = gtin.map { .string($0.description) }
    return .object(members)
  }
}

/// Which item a code of the engine's is.
private struct NamedCode: Remembered {
  let item: ItemIdentity

  init(item: ItemIdentity) { self.item = item }

  init?(json: JSONValue) {
    guard let item = SightedCode(json)?.item else { return nil }
    self.item = item
  }

  var json: JSONValue { SightedCode.item(item).json }
}
