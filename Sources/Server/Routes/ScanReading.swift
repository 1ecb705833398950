import Ledger
import Regions
import TransparencyLog
import Verification

/// Reads a scan out of its JSON.
package enum ScanReading {
  /// The scan of a body. Well-formed scans take a short way that makes no pointers; whatever it does not understand is
  /// read again field by field, to name the field that is wrong.
  package static func request(_ body: JSONValue, pointer: String = "") throws -> ScanRequest {
    try quick(body) ?? careful(FieldReader(body, pointer: pointer))
  }

  /// The scan, or nil when anything about it is out of the ordinary.
  static func quick(_ body: JSONValue) -> ScanRequest? {
    guard case .object(let fields) = body, case .string(let code)? = fields["code"] else { return nil }
    var at: Timestamp?
    if let field = fields["scannedAt"] {
      guard case .string(let text) = field, let time = Timestamp(rfc3339: text) else { return nil }
      at = time
    }
    var client: String?
    if let field = fields["clientScanId"] {
      guard case .string(let text) = field, !text.utf8.contains(0) else { return nil }
      client = text
    }
    var terminal: String?
    if let field = fields["terminal"] {
      guard case .string(let text) = field, !text.utf8.contains(0) else { return nil }
      terminal = text
    }
    var device: String?
    if let field = fields["device"] {
      guard case .string(let text) = field, !text.utf8.contains(0) else { return nil }
      device = text
    }
    var price: Money?
    if let field = fields["price"] {
      guard let amount = field["amount"]?.string, let currency = field["currency"]?.string,
        let money = Money(amount: amount, currency: currency)
      else { return nil }
      price = money
    }
    var location = ScanLocation.none
    if let field = fields["location"] {
      guard let text = field["region"]?.string, field["latitude"] == nil, let region = try? RegionCode(text) else {
        return nil
      }
      location = .region(region)
    }
    guard fields["consent"] == nil else { return nil }
    return ScanRequest(
      code: code, at: at, clientID: client, location: location, price: price, terminal: terminal, device: device)
  }

  /// The scan, field by field.
  static func careful(_ body: FieldReader) throws -> ScanRequest {
    let object = try body.object()
    return ScanRequest(
      code: try object.required("code").string(), at: try object.optional("scannedAt")?.time(),
      clientID: try object.optional("clientScanId")?.string(),
      location: try object.optional("location").map(location) ?? .none, price: try object.optional("price")?.money(),
      terminal: try object.optional("terminal")?.string(), consent: try object.optional("consent")?.string(),
      device: try object.optional("device")?.string())
  }

  static func location(_ field: FieldReader) throws -> ScanLocation {
    let object = try field.object()
    if let region = object.optional("region") {
      guard object.optional("latitude") == nil else {
        throw Problem.field(object.pointer("latitude"), "give a region or coordinates, not both")
      }
      return .region(try region.region())
    }
    let latitude = try object.required("latitude").double()
    let longitude = try object.required("longitude").double()
    do {
      return .position(
        try Position(
          latitude: latitude, longitude: longitude, accuracyMeters: try object.optional("accuracyMeters")?.double(),
          source: try object.optional("source")?.word(PositionSource.self) ?? .gps,
          datum: try object.optional("datum")?.word(Datum.self) ?? .wgs84))
    } catch RegionError.outOfRange(let name) {
      throw Problem.field(field.pointer(name.rawValue), "is out of range")
    }
  }
}
