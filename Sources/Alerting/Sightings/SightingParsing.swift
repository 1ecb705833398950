import Codes
import Ledger
import Regions
import Storage
import TransparencyLog

extension Sighting {
  /// Reads a stored scan event; nil for any other kind, and for a body that is none of ours.
  package init?(_ event: EventRow) {
    guard event.kind == EventKind.scan.rawValue else { return nil }
    self.init(
      number: event.id, at: Timestamp(milliseconds: event.at), recorded: Timestamp(milliseconds: event.recorded),
      body: event.body, personal: event.personal)
  }

  /// Reads the body of a scan event and, where it is still there, its personal part (Ledger.docc/Events.md, "scan").
  package init?(number: Int64, at: Timestamp, recorded: Timestamp, body: [UInt8], personal: [UInt8]?) {
    guard let root = (try? JSONValue(parsing: body))?.object, let by = root["by"]?.object,
      let role = by["role"]?.string.flatMap(Role.init(rawValue:)), let key = by["key"]?.int,
      let data = root["data"]?.object, let code = data["code"].flatMap(SightedCode.init)
    else { return nil }
    self.init(event: number, at: at, role: role, code: code)
    self.recorded = recorded
    self.key = key
    read(data)
    position = personal.flatMap(SightedPosition.init(personal:))
  }

  private mutating func read(_ data: [String: JSONValue]) {
    terminal = data["terminal"]?.string
    authenticity = data["authenticity"]?.string.flatMap(Authenticity.init) ?? .unproven
    state = data["state"]?.string.flatMap(LifeState.init(name:))
    dealer = data["dealer"]?.string
    dispatch = data["dispatch"]?.int
    territories = data["territories"]?.array?.compactMap { $0.string.flatMap(RegionCode.init(reading:)) } ?? []
    if let place = data["place"]?.object {
      region = place["region"]?.string.flatMap(RegionCode.init(reading:))
      certainty = place["certainty"]?.string.flatMap(Certainty.init) ?? .unknown
    }
    territory = data["territory"]?.string.flatMap(Finding.init) ?? .notBound
    priceCheck = data["priceCheck"]?.string.flatMap(PriceCheck.init) ?? .notChecked
    if let price = data["price"]?.object, let amount = price["amount"]?.string, let unit = price["currency"]?.string {
      self.price = Money(amount: amount, currency: unit)
    }
    if let policy = data["policy"]?.object, let id = policy["id"]?.string, let version = policy["version"]?.int {
      self.policy = PolicyReference(id: id, version: version)
    }
  }
}

extension SightedPosition {
  /// Reads the disclosed `place` of an event's personal part. Without an accuracy it is 1 km: too wide rather than too
  /// narrow, because a narrow circle accuses.
  init?(personal: [UInt8]) {
    guard let place = (try? JSONValue(parsing: personal))?["place"]?["value"]?.object,
      let latitude = place["latitude"]?.double, let longitude = place["longitude"]?.double
    else { return nil }
    self.init(
      latitude: latitude, longitude: longitude, accuracyMeters: place["accuracyMeters"]?.double ?? 1_000)
  }
}

extension LifeState {
  /// The state that the contract calls this.
  init?(name: String) {
    guard let state = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = state
  }
}

extension RegionCode {
  /// A code, or nil for a text that is none.
  init?(reading text: String) {
    guard let code = try? RegionCode(text) else { return nil }
    self = code
  }

  /// The prefecture that this lies in; above that, and where counties belong to no prefecture, the province.
  var prefecture: RegionCode { level == .county ? parent ?? self : self }

  /// The province that this lies in; a country is its own.
  var provinceOrSelf: RegionCode { province ?? self }
}
