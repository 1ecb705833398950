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
  let certainty: Certainty
  let price: Price?
  let authenticity: Authenticity
  /// What could not be said of a code that was not recognised.
  let state: State?
  let territory: Finding?
  let priceCheck: PriceCheck?
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
    certainty = try place.word("certainty")
    price = data.has("price") ? try Price(try data.object("price")) : nil
    authenticity = try data.word("authenticity")
    state = try data.wordIfAny("state")
    territory = try data.wordIfAny("territory")
    priceCheck = try data.wordIfAny("priceCheck")
    _ = try data.word("verdict", Verdict.self)
    dealer = try data.textIfAny("dealer")
    dispatch = data.has("dispatch") ? try dispatchNumber(data["dispatch"]) : nil
    territories = try data.textsIfAny("territories")
    policy = data["policy"]
  }

  /// Whether an alert's subject names this code; of a long text alerts keep the first 512 bytes.
  func isOf(code subject: JSONValue?) -> Bool {
    guard code == nil, let raw = codeValue["raw"]?.string, let named = subject?["raw"]?.string else {
      return subject?.canonicalBytes == codeValue.canonicalBytes
    }
    return String(decoding: raw.utf8.prefix(512), as: UTF8.self) == named
  }

  /// The product scanned, 14 digits; nil for a box, and for what names none.
  var gtin: String? {
    if case .item(let gtin, _, _) = code { return gtin.description }
    return rawGTIN
  }

  /// The product that a code which was not recognised names, 14 digits; nil when it names none.
  var rawGTIN: String? {
    if let gtin = codeValue["gtin"]?.string { return gtin }
    guard let raw = codeValue["raw"]?.string, let scanned = try? ScannedCode(raw),
      case .item(let gtin, _) = scanned.subject
    else { return nil }
    return gtin.description
  }
}

// The contract's words; a scan that uses others is not one that this format knows.
extension ScanFacts {
  enum Certainty: String { case declared, registered, measured, coarse, unknown }
  enum Authenticity: String { case genuine, forged, unproven, suspectedCopy }
  enum State: String { case issued, packed, dispatched, received, sold, returned, voided }
  enum Finding: String { case inside, outside, uncertain, notBound }
  enum PriceCheck: String { case ok, belowFloor, notChecked }
  enum Verdict: String { case ok, attention, reject }
}
