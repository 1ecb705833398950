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
    out.reserveCapacity(900)
    out += "{\"at\":\""
    at.write(to: &out)
    out += "\",\"by\":{\"key\":"
    out.append(number: actor.key)
    out += ",\"role\":\""
    out += actor.role.rawValue
    out += "\"},\"data\":"
    writeData(&out)
    out += ",\"kind\":\"scan\""
    let personal = writePersonal(&out, salts)
    out += ",\"recorded\":\""
    recorded.write(to: &out)
    out += "\",\"salt\":\""
    Base64.url.append(salts().bytes, to: &out)
    out += "\",\"v\":1}"
    return SealedEvent(body: out, personal: personal)
  }

  /// Members in the order of RFC 8785, which for these names is that of ASCII.
  private func writeData(_ out: inout [UInt8]) {
    out += "{\"authenticity\":\""
    out += judgement.authenticity.rawValue
    out += "\""
    if let client = request.clientID { out.member("client", client) }
    writeCode(&out)
    if let consent = request.consent { out.member("consent", consent) }
    if let dealer = life?.dealer { out.member("dealer", dealer) }
    if let dispatch = life?.dispatch { out.member("dispatch", dispatch) }
    if let firstScannedAt {
      out += ",\"firstScannedAt\":\""
      firstScannedAt.write(to: &out)
      out += "\""
    }
    writePlace(&out)
    if let policy {
      out += ",\"policy\":{\"id\":"
      out.append(string: policy.id)
      out += ",\"version\":"
      out.append(number: policy.version)
      out += "}"
    }
    writePrice(&out)
    out += ",\"reasons\":["
    for (place, reason) in judgement.reasons.enumerated() {
      out += place == 0 ? "\"" : ",\""
      out += reason.rawValue
      out += "\""
    }
    out += "]"
    out.member("scanCount", scanCount)
    if judgement.reasons.contains(.sealValid) { out += ",\"seal\":\"valid\"" }
    if let state = judgement.state { out.member("state", state.name) }
    if let terminal = request.terminal { out.member("terminal", terminal) }
    writeTerritories(&out)
    out += ",\"territory\":\""
    out += judgement.territory.rawValue
    out += "\",\"verdict\":\""
    out += judgement.overall.rawValue
    out += "\"}"
  }

  private func writeCode(_ out: inout [UInt8]) {
    out += ",\"code\":{"
    switch reading.subject {
    case .item(let item) where judgement.authenticity != .forged && life != nil:
      out += "\"epoch\":"
      out.append(number: Int64(item.epoch.rawValue))
      out += ",\"gtin\":\""
      out += item.gtin.description
      out += "\",\"index\":"
      out.append(number: Int64(item.index))
    case .box(let sscc, _):
      out += "\"sscc\":\""
      out += sscc.description
      out += "\""
    case .unproven(let gtin, _):
      out += "\"gtin\":\""
      out += gtin.description
      out += "\",\"raw\":"
      out.append(string: reading.raw)
    default:
      out += "\"raw\":"
      out.append(string: reading.raw)
    }
    out += "}"
  }

  private func writePlace(_ out: inout [UInt8]) {
    out += ",\"place\":{\"certainty\":\""
    out += place.certaintyName
    out += "\""
    if let region = place.region { out.member("region", region.description) }
    out += "}"
  }

  private func writePrice(_ out: inout [UInt8]) {
    if let price = request.price {
      out += ",\"price\":{\"amount\":"
      out.append(string: price.amount)
      out.member("currency", price.currency)
      out += "}"
    }
    out.member("priceCheck", judgement.price.rawValue)
  }

  private func writeTerritories(_ out: inout [UInt8]) {
    guard let territory = life?.territory else { return }
    out += ",\"territories\":["
    for (place, code) in territory.codes.enumerated() {
      out += place == 0 ? "\"" : ",\""
      out += code.description
      out += "\""
    }
    out += "]"
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
    out += "}"
    return JSONValue.object(disclosed).canonicalBytes
  }

  /// Writes the commitment to a personal field, the first behind the opening of `personal`.
  private static func commit(
    _ name: String, _ value: JSONValue, _ salt: Commitment.Salt, _ out: inout [UInt8],
    _ disclosed: inout [String: JSONValue]
  ) {
    out += disclosed.isEmpty ? ",\"personal\":{\"" : ",\""
    out += name
    out += "\":\""
    out += Commitment(name: name, value: value, salt: salt).base64url
    out += "\""
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
  static func += (bytes: inout [UInt8], text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  @_disfavoredOverload
  static func += (bytes: inout [UInt8], text: String) {
    bytes.append(contentsOf: text.utf8)
  }

  mutating func append(number: Int64) { append(contentsOf: String(number).utf8) }

  /// A JSON string; what has to be escaped is, as RFC 8785 does.
  mutating func append(string: String) {
    if string.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f && $0 != 0x22 && $0 != 0x5c }) {
      append(0x22)
      append(contentsOf: string.utf8)
      append(0x22)
    } else {
      append(contentsOf: JSONValue.string(string).canonicalBytes)
    }
  }

  mutating func member(_ name: StaticString, _ value: String) {
    self += ",\""
    self += name
    self += "\":"
    append(string: value)
  }

  mutating func member(_ name: StaticString, _ value: Int64) {
    self += ",\""
    self += name
    self += "\":"
    append(number: value)
  }
}
