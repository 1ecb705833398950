import TransparencyLog

/// An amount of money: at most 12 digits before the point and 4 behind it.
struct Price {
  /// In ten-thousandths.
  let amount: Int64
  let currency: String

  init(_ members: Members) throws(Misread) {
    let parts = try members.text("amount").split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = parts.first, (1...12).contains(whole.utf8.count) else {
      throw Misread("amount")
    }
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
  /// Where it applies; everywhere when empty.
  let regions: [String]
  let floor: Price
  let mode: Mode
  let from: Instant
  let to: Instant?

  enum Mode: String { case off, advise, enforce }

  init(_ data: Members) throws(Misread) {
    id = try data.text("id")
    version = try data.whole("version")
    gtin = try data.text("gtin")
    floor = try Price(try data.object("floor"))
    regions = try data.texts("regions")
    mode = try data.word("mode")
    from = try data.instant("from")
    to = data.has("to") ? try data.instant("to") : nil
  }

  /// `{"id","version"}` as scans name it.
  var name: JSONValue { ["id": .string(id), "version": .integer(version)] }
}
