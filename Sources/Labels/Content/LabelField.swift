/// What a label is stuck on.
package enum LabelKind: String, CaseIterable, Sendable {
  /// One saleable item.
  case item
  /// A logistic unit: box or pallet.
  case box
}

/// A field that a template may name in braces, such as `{product.zh}`. Closed: a typing error is found when the
/// template is read, not when ten thousand labels are printed.
package enum LabelField: String, CaseIterable, Sendable {
  /// The code to be scanned, a full URI.
  case uri
  /// GTIN, 14 digits.
  case gtin
  /// Serial of the item (AI 21).
  case serial
  /// The serial in groups of four, for people to read out.
  case serialGrouped = "serial.grouped"
  /// The last eight characters of the serial.
  case serialShort = "serial.short"
  /// Batch or lot (AI 10).
  case batch
  /// Product name in Chinese.
  case productZh = "product.zh"
  /// Product name in English.
  case productEn = "product.en"
  /// Brand name in Chinese.
  case brandZh = "brand.zh"
  /// Brand name in English.
  case brandEn = "brand.en"
  /// Date of production, as it is to be printed.
  case producedOn = "produced"
  /// SSCC, 18 digits.
  case sscc
  /// Dealer's name.
  case dealerName = "dealer.name"
  /// Dealer's code.
  case dealerCode = "dealer.code"
  /// Territory names in Chinese, joined.
  case territoriesZh = "territories.zh"
  /// Territory names in English, joined.
  case territoriesEn = "territories.en"
  /// How many territories.
  case territoriesCount = "territories.count"
  /// Items in the box, with thousands separators.
  case quantity
  /// Dispatch number.
  case dispatchNumber = "dispatch.number"
  /// Date of dispatch, as it is to be printed.
  case dispatchDate = "dispatch.date"

  /// The kinds of label that can have the field.
  var kinds: Set<LabelKind> {
    switch self {
    case .uri, .gtin, .batch, .productZh, .productEn, .brandZh, .brandEn, .producedOn: [.item, .box]
    case .serial, .serialGrouped, .serialShort: [.item]
    case .sscc, .dealerName, .dealerCode, .territoriesZh, .territoriesEn, .territoriesCount, .quantity,
      .dispatchNumber, .dispatchDate:
      [.box]
    }
  }
}
