import Codes
import Ledger
import Regions
import Storage
import TransparencyLog

/// Lays out the event of a scan: the same bytes as the general canonical JSON, in one pass without building a tree,
/// because this is done for every scan (a property test compares the two).
struct ScanEvent {
  let request: ScanRequest
  let actor: Actor
  let at: Timestamp
  let recorded: Timestamp
  let judgement: Judgement
  let place: Place
  let reading: Reading
  let life: Life?
  let policy: PricePolicy?
  let firstScannedAt: Timestamp?
  let scanCount: Int64

  /// The event's canonical body and its personal part.
  func sealed(salts: () -> Commitment.Salt) -> SealedEvent {
    var out: [UInt8] = []
    out.reserveCapacity(700)
    out.put("{\"at\":\"")
    at.write(to: &out)
    out.put("\",\"by\":{\"key\":")
    out.put(number: actor.key)
    out.put(",\"role\":\"")
    out.put(word: actor.role.rawValue)
    out.put("\"},\"data\":")
    writeData(&out)
    out.put(",\"kind\":\"scan\"")
    let personal = writePersonal(&out, salts)
    out.put(",\"recorded\":\"")
    recorded.write(to: &out)
    out.put("\",\"salt\":\"")
    Base64.url.append(salts().bytes, to: &out)
    out.put("\",\"v\":1}")
    return SealedEvent(body: out, personal: personal)
  }

  /// Members in the order of RFC 8785, which for these names is that of ASCII.
  private func writeData(_ out: inout [UInt8]) {
    out.put("{\"authenticity\":\"")
    out.put(word: judgement.authenticity.rawValue)
    out.put("\"")
    if let client = request.clientID { out.member(",\"client\":", client) }
    writeCode(&out)
    if let consent = request.consent { out.member(",\"consent\":", consent) }
    if let dealer = life?.dealer { out.member(",\"dealer\":", dealer) }
    if let dispatch = life?.dispatch { out.member(",\"dispatch\":", dispatch) }
    if let firstScannedAt {
      out.put(",\"firstScannedAt\":\"")
      firstScannedAt.write(to: &out)
      out.put("\"")
    }
    out.put(",\"place\":{\"certainty\":\"")
    out.put(word: place.certaintyName)
    if let region = place.region {
      out.put("\",\"region\":\"")
      out.put(word: region.description)
    }
    out.put("\"}")
    if let policy {
      out.member(",\"policy\":{\"id\":", policy.id)
      out.member(",\"version\":", policy.version)
      out.put("}")
    }
    if let price = request.price {
      out.member(",\"price\":{\"amount\":", price.amount)
      out.member(",\"currency\":", price.currency)
      out.put("}")
    }
    out.put(",\"priceCheck\":\"")
    out.put(word: judgement.price.rawValue)
    out.put("\",\"reasons\":[")
    for (place, reason) in judgement.reasons.enumerated() {
      if place == 0 { out.put("\"") } else { out.put(",\"") }
      out.put(word: reason.rawValue)
      out.put("\"")
    }
    out.member("],\"scanCount\":", scanCount)
    if judgement.reasons.contains(.sealValid) { out.put(",\"seal\":\"valid\"") }
    if let state = judgement.state { out.member(",\"state\":", state.name) }
    if let terminal = request.terminal { out.member(",\"terminal\":", terminal) }
    writeTerritories(&out)
    out.put(",\"territory\":\"")
    out.put(word: judgement.territory.rawValue)
    out.put("\",\"verdict\":\"")
    out.put(word: judgement.overall.rawValue)
    out.put("\"}")
  }

  private func writeCode(_ out: inout [UInt8]) {
    out.put(",\"code\":{")
    switch reading.subject {
    case .item(let item) where judgement.authenticity != .forged && life != nil:
      out.member("\"epoch\":", Int64(item.epoch.rawValue))
      out.put(",\"gtin\":\"")
      out.put(word: item.gtin.description)
      out.member("\",\"index\":", Int64(item.index))
    case .box(let sscc, _):
      out.member("\"sscc\":", sscc.description)
    case .unproven(let gtin, _):
      out.member("\"gtin\":", gtin.description)
      out.member(",\"raw\":", reading.raw)
    default:
      out.member("\"raw\":", reading.raw)
    }
    out.put("}")
  }

  private func writeTerritories(_ out: inout [UInt8]) {
    guard let territory = life?.territory else { return }
    out.put(",\"territories\":[")
    for (place, code) in territory.codes.enumerated() {
      if place == 0 { out.put("\"") } else { out.put(",\"") }
      out.put(word: code.description)
      out.put("\"")
    }
    out.put("]")
  }

  /// Writes the commitments to the device and the exact position, and returns what they commit to; nil without either.
  private func writePersonal(_ out: inout [UInt8], _ salts: () -> Commitment.Salt) -> [UInt8]? {
    var disclosed: [String: JSONValue] = [:]
    // In the order of RFC 8785, as all members.
    if let device = request.device { Self.commit("device", .string(device), salts(), &out, &disclosed) }
    if case .position(let position) = request.location {
      Self.commit("place", position.json, salts(), &out, &disclosed)
    }
    guard !disclosed.isEmpty else { return nil }
    out.put("}")
    return JSONValue.object(disclosed).canonicalBytes
  }

  /// Writes the commitment to a personal field, the first behind the opening of `personal`.
  private static func commit(
    _ name: String, _ value: JSONValue, _ salt: Commitment.Salt, _ out: inout [UInt8],
    _ disclosed: inout [String: JSONValue]
  ) {
    if disclosed.isEmpty { out.put(",\"personal\":{\"") } else { out.put(",\"") }
    out.put(word: name)
    out.put("\":\"")
    out.put(word: Commitment(name: name, value: value, salt: salt).base64url)
    out.put("\"")
    disclosed[name] = ["salt": .string(salt.base64url), "value": value]
  }
}

extension Position {
  /// The exact position as it is committed to: WGS-84 degrees, metres.
  fileprivate var json: JSONValue {
    let point = datum.toWGS84(point)
    return [
      "latitude": .number(point.latitude), "longitude": .number(point.longitude),
      "accuracyMeters": .number(reckonedAccuracyMeters), "source": .string(source.rawValue),
    ]
  }
}

extension Place {
  /// The word for how the place is known.
  package var certaintyName: String {
    switch certainty {
    case .declared: "declared"
    case .registered: "registered"
    case .measured: "measured"
    case .coarse: self == .unknown ? "unknown" : "coarse"
    }
  }
}

extension [UInt8] {
  /// A JSON string; what has to be escaped is, as RFC 8785 does.
  fileprivate mutating func append(string: String) {
    if string.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f && $0 != 0x22 && $0 != 0x5c }) {
      append(0x22)
      append(contentsOf: string.utf8)
      append(0x22)
    } else {
      append(contentsOf: JSONValue.string(string).canonicalBytes)
    }
  }

  /// A member, with what stands before its value.
  fileprivate mutating func member(_ start: StaticString, _ value: String) {
    put(start)
    append(string: value)
  }

  fileprivate mutating func member(_ start: StaticString, _ value: Int64) {
    put(start)
    put(number: value)
  }
}
