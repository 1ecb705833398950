import Codes
import TransparencyLog

/// `scan`: one reading of a code, and what was answered.
struct ScanFacts {
  /// The item or box; nil when the ledger did not recognise what was read.
  let code: EvidenceCode?
  /// `code` as it stands in the event.
  let codeValue: JSONValue
  let terminal: String?
  let region: String?
  let certainty: String
  let price: Price?
  let authenticity: String
  let state: String
  let territory: String
  let priceCheck: String
  /// The binding that the ledger knew.
  let dealer: String?
  let dispatch: String?
  let territories: [String]?
  /// `{"id","version"}` of the price policy applied.
  let policy: JSONValue?

  init(_ data: Members) throws(Misread) {
    guard let codeValue = data["code"] else { throw Misread("code") }
    self.codeValue = codeValue
    code = EvidenceCode(scanCode: codeValue)
    guard code != nil || codeValue["raw"]?.string != nil else { throw Misread("code") }
    terminal = try data.textIfAny("terminal")
    let place = try data.object("place")
    region = try place.textIfAny("region")
    certainty = try place.text("certainty")
    price = data.has("price") ? try Price(try data.object("price")) : nil
    authenticity = try data.text("authenticity")
    state = try data.text("state")
    territory = try data.text("territory")
    priceCheck = try data.text("priceCheck")
    dealer = try data.textIfAny("dealer")
    dispatch = data.has("dispatch") ? try dispatchNumber(data["dispatch"]) : nil
    territories = try data.textsIfAny("territories")
    policy = data["policy"]
  }

  /// The product scanned, 14 digits; nil for a box, and for what names none.
  var gtin: String? {
    if case .item(let gtin, _, _) = code { return gtin.description }
    return rawGTIN
  }

  /// The product that a code which was not recognised names, 14 digits; nil when it names none.
  var rawGTIN: String? {
    guard let raw = codeValue["raw"]?.string, let scanned = try? ScannedCode(raw),
      case .item(let gtin, _) = scanned.subject
    else { return nil }
    return gtin.description
  }
}

/// An amount of money: at most 12 digits before the point and 4 behind it.
struct Price {
  /// In ten-thousandths.
  let amount: Int64
  let currency: String

  init(_ members: Members) throws(Misread) {
    let parts = try members.text("amount").split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = parts.first, (1...12).contains(whole.utf8.count) else { throw Misread("amount") }
    let decimals = parts.count == 2 ? parts[1] : "0"
    guard (1...4).contains(decimals.utf8.count),
      (Array(whole.utf8) + decimals.utf8).allSatisfy({ $0 &- UInt8(ascii: "0") < 10 })
    else { throw Misread("amount") }
    let digits = Array(whole.utf8) + decimals.utf8 + repeatElement(UInt8(ascii: "0"), count: 4 - decimals.utf8.count)
    amount = digits.reduce(0) { $0 * 10 + Int64($1 & 15) }
    currency = try members.text("currency")
  }
}

/// `pricePolicy`: a floor, where and when it is in force.
struct PolicyFacts {
  let id: String
  let version: Int64
  let gtin: String
  let floor: Price
  let mode: String
  let from: Instant
  let to: Instant?

  init(_ data: Members) throws(Misread) {
    id = try data.text("id")
    version = try data.whole("version")
    gtin = try data.text("gtin")
    floor = try Price(try data.object("floor"))
    mode = try data.text("mode")
    from = try data.instant("from")
    to = data.has("to") ? try data.instant("to") : nil
  }

  /// `{"id","version"}` as scans name it.
  var name: JSONValue { ["id": .string(id), "version": .integer(version)] }
}
