import Codes
import Ledger
import Regions
import Storage

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
    self.init(event: number, at: at, role: .consumer, code: .raw(""))
    self.recorded = recorded
    authenticity = .unproven
    var role: Role?
    var key: Int64?
    var code: SightedCode?
    var reader = MemberReader(body)
    reader.members { name, reader in
      switch name {
      case "by":
        reader.members { name, reader in
          switch name {
          case "key": key = reader.integer()
          case "role": role = reader.string().flatMap(Role.init(rawValue:))
          default: break
          }
        }
      case "data": code = read(&reader)
      default: break
      }
    }
    guard !reader.isBroken, let role, let key, let code else { return nil }
    self.role = role
    self.key = key
    self.code = code
    if let personal { read(personal: personal) }
  }

  /// Reads the fields that are disclosed beside the event.
  private mutating func read(personal: [UInt8]) {
    var (place, pseudonym): (SightedPosition?, String?)
    var reader = MemberReader(personal)
    reader.members { name, reader in
      let isPlace = "place" ~= name
      guard isPlace || "device" ~= name else { return }
      reader.members { field, reader in
        guard "value" ~= field else { return }
        if isPlace { place = SightedPosition(&reader) } else { pseudonym = reader.string() }
      }
    }
    guard !reader.isBroken else { return }
    position = place
    device = pseudonym
  }

  /// Reads the public part; returns the code.
  private mutating func read(_ reader: inout MemberReader) -> SightedCode? {
    var code: SightedCode?
    reader.members { name, reader in
      switch name {
      case "authenticity": authenticity = reader.string().flatMap(Authenticity.init) ?? .unproven
      case "code": code = SightedCode(&reader)
      case "dealer": dealer = reader.string()
      case "dispatch": dispatch = reader.integer()
      case "place": readPlace(&reader)
      case "policy": policy = PolicyReference(&reader)
      case "price": price = Money(&reader)
      case "priceCheck": priceCheck = reader.string().flatMap(PriceCheck.init) ?? .notChecked
      case "state": state = reader.string().flatMap(LifeState.init(name:))
      case "terminal": terminal = reader.string()
      case "territories": territories = reader.strings().compactMap(RegionCode.init(reading:))
      case "territory": territory = reader.string().flatMap(Finding.init) ?? .notBound
      default: break
      }
    }
    return code
  }

  private mutating func readPlace(_ reader: inout MemberReader) {
    reader.members { name, reader in
      switch name {
      case "certainty": certainty = reader.string().flatMap(Certainty.init) ?? .unknown
      case "region": region = reader.string().flatMap(RegionCode.init(reading:))
      default: break
      }
    }
  }
}

extension SightedCode {
  fileprivate init?(_ reader: inout MemberReader) {
    var (gtin, sscc, raw): (String?, String?, String?)
    var (epoch, index): (Int64?, Int64?)
    reader.members { name, reader in
      switch name {
      case "epoch": epoch = reader.integer()
      case "gtin": gtin = reader.string()
      case "index": index = reader.integer()
      case "raw": raw = reader.string()
      case "sscc": sscc = reader.string()
      default: break
      }
    }
    self.init(gtin: gtin, epoch: epoch, index: index, sscc: sscc, raw: raw)
  }
}

extension PolicyReference {
  fileprivate init?(_ reader: inout MemberReader) {
    var (id, version): (String?, Int64?)
    reader.members { name, reader in
      switch name {
      case "id": id = reader.string()
      case "version": version = reader.integer()
      default: break
      }
    }
    guard let id, let version else { return nil }
    self.init(id: id, version: version)
  }
}

extension Money {
  fileprivate init?(_ reader: inout MemberReader) {
    var (amount, currency): (String?, String?)
    reader.members { name, reader in
      switch name {
      case "amount": amount = reader.string()
      case "currency": currency = reader.string()
      default: break
      }
    }
    guard let amount, let currency else { return nil }
    self.init(amount: amount, currency: currency)
  }
}

extension SightedPosition {
  /// Reads a disclosed `place`. Without an accuracy it is 1 km: too wide rather than too narrow, because a narrow circle
  /// accuses.
  fileprivate init?(_ reader: inout MemberReader) {
    var (latitude, longitude, accuracy): (Double?, Double?, Double?)
    reader.members { name, reader in
      switch name {
      case "accuracyMeters": accuracy = reader.double()
      case "latitude": latitude = reader.double()
      case "longitude": longitude = reader.double()
      default: break
      }
    }
    guard let latitude, let longitude else { return nil }
    self.init(latitude: latitude, longitude: longitude, accuracyMeters: accuracy ?? 1_000)
  }
}

extension LifeState {
  private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.name, $0) })

  /// The state that the contract calls this.
  init?(name: String) {
    guard let state = Self.byName[name] else { return nil }
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
