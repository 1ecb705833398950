/// A territory's name as it stands on a box.
package struct TerritoryName: Equatable, Sendable {
  /// Name in Chinese.
  package let zh: String
  /// Name in English; the Chinese one stands alone where it is nil.
  package let en: String?

  /// Makes a name in both languages.
  package init(zh: String, en: String? = nil) {
    self.zh = zh
    self.en = en
  }
}

/// What a logistic unit's label says. The code is the sealed (or unsealed) box URI, printed as given.
package struct BoxLabel: Equatable, Sendable {
  /// Most items that a label states.
  package static let quantityLimit = 999_999_999

  /// The box's code, a full URI, sealed when the box was dispatched.
  package var uri: String
  /// SSCC, 18 digits with its check digit.
  package var sscc: String
  /// Product name in Chinese.
  package var productZh: String
  /// Product name in English, if there is one.
  package var productEn: String?
  /// Brand name in Chinese, if it is to be printed.
  package var brandZh: String?
  /// Brand name in English, if it is to be printed.
  package var brandEn: String?
  /// GTIN of the items within, 14 digits, if they are of one kind.
  package var gtin: String?
  /// Batch or lot, if there is one.
  package var batch: String?
  /// Date of production as it is to be printed, if there is one.
  package var producedOn: String?
  /// Items within.
  package var quantity: Int
  /// Dealer's name; nil before dispatch.
  package var dealerName: String?
  /// Dealer's code; nil before dispatch.
  package var dealerCode: String?
  /// Where the dealer may sell these goods.
  package var territories: [TerritoryName]
  /// Dispatch number; nil before dispatch.
  package var dispatchNumber: String?
  /// Date of dispatch as it is to be printed.
  package var dispatchDate: String?

  /// Makes the content of a box's label; `content` checks it.
  package init(
    uri: String, sscc: String, productZh: String, productEn: String? = nil, brandZh: String? = nil,
    brandEn: String? = nil, gtin: String? = nil, batch: String? = nil, producedOn: String? = nil, quantity: Int,
    dealerName: String? = nil, dealerCode: String? = nil, territories: [TerritoryName] = [],
    dispatchNumber: String? = nil, dispatchDate: String? = nil
  ) {
    self.uri = uri
    self.sscc = sscc
    self.productZh = productZh
    self.productEn = productEn
    self.brandZh = brandZh
    self.brandEn = brandEn
    self.gtin = gtin
    self.batch = batch
    self.producedOn = producedOn
    self.quantity = quantity
    self.dealerName = dealerName
    self.dealerCode = dealerCode
    self.territories = territories
    self.dispatchNumber = dispatchNumber
    self.dispatchDate = dispatchDate
  }

  /// The checked texts for a template. Throws `.content` naming the field that is not acceptable, and `.linearData`
  /// when the SSCC's check digit is wrong.
  package func content() throws(LabelError) -> LabelContent {
    var content = LabelContent(kind: .box)
    try content.setURI(uri)
    try content.set(.sscc, code: sscc, length: 18...18, digitsOnly: true)
    guard CheckDigit.holds(sscc) else { throw .linearData(.checkDigit) }
    guard (0...Self.quantityLimit).contains(quantity) else {
      throw .content(field: .quantity, .outOfRange(limit: Self.quantityLimit))
    }
    try content.set(.quantity, Self.separated(quantity))
    try content.require(.productZh, productZh)
    try content.set(.productEn, productEn)
    try content.set(.brandZh, brandZh)
    try content.set(.brandEn, brandEn)
    if let gtin { try content.set(.gtin, code: gtin, length: 14...14, digitsOnly: true) }
    try content.set(.batch, batch)
    try content.set(.producedOn, producedOn)
    try content.set(.dealerName, dealerName)
    try content.set(.dealerCode, dealerCode)
    try content.set(.dispatchNumber, dispatchNumber)
    try content.set(.dispatchDate, dispatchDate)
    try setTerritories(in: &content)
    return content
  }

  private func setTerritories(in content: inout LabelContent) throws(LabelError) {
    guard !territories.isEmpty else { return }
    try content.set(.territoriesZh, territories.map(\.zh).joined(separator: "、"))
    try content.set(.territoriesEn, territories.compactMap(\.en).joined(separator: ", "))
    try content.set(.territoriesCount, String(territories.count))
  }

  /// 12000 as "12,000".
  static func separated(_ number: Int) -> String {
    var text = ""
    for (index, digit) in String(number).reversed().enumerated() {
      if index > 0, index.isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return String(text.reversed())
  }
}
