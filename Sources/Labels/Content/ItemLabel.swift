/// What one item's label says. The code is a plain, already issued URI: this target prints it and asks nothing about it.
package struct ItemLabel: Equatable, Sendable {
  /// The item's code, a full URI.
  package var uri: String
  /// GTIN, 14 digits.
  package var gtin: String
  /// Serial (AI 21), 1 to 20 characters.
  package var serial: String
  /// Product name in Chinese.
  package var productZh: String
  /// Product name in English, if there is one.
  package var productEn: String?
  /// Brand name in Chinese, if it is to be printed.
  package var brandZh: String?
  /// Brand name in English, if it is to be printed.
  package var brandEn: String?
  /// Batch or lot, if there is one.
  package var batch: String?
  /// Date of production as it is to be printed, if there is one.
  package var producedOn: String?

  /// Makes the content of an item's label; `content` checks it.
  package init(
    uri: String, gtin: String, serial: String, productZh: String, productEn: String? = nil, brandZh: String? = nil,
    brandEn: String? = nil, batch: String? = nil, producedOn: String? = nil
  ) {
    self.uri = uri
    self.gtin = gtin
    self.serial = serial
    self.productZh = productZh
    self.productEn = productEn
    self.brandZh = brandZh
    self.brandEn = brandEn
    self.batch = batch
    self.producedOn = producedOn
  }

  /// The checked texts for a template. Throws `.content` naming the field that is not acceptable.
  package func content() throws(LabelError) -> LabelContent {
    var content = LabelContent(kind: .item)
    try content.setURI(uri)
    try content.set(.gtin, code: gtin, length: 14...14, digitsOnly: true)
    try content.set(.serial, code: serial, length: 1...20, digitsOnly: false)
    try content.set(.serialGrouped, serial.inFours)
    try content.set(.serialShort, String(serial.suffix(8)))
    try content.require(.productZh, productZh)
    try content.set(.productEn, productEn)
    try content.set(.brandZh, brandZh)
    try content.set(.brandEn, brandEn)
    try content.set(.batch, batch)
    try content.set(.producedOn, producedOn)
    return content
  }
}
