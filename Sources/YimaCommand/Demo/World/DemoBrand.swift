import Codes
import Issuing
import Ledger
import Regions

/// What the demo's brand sells. Brand, products and prices are invented; 6901234 is a prefix of GS1's own examples.
struct DemoProduct: Sendable {
  let gtin: GTIN
  let zh: String, en: String
  /// Whole yuan.
  let price: Int
  let perBox: Int
  /// Of all items that are issued.
  let share: Double

  var listPrice: Money? { Money(amount: "\(price).00", currency: "CNY") }

  /// The brand's products, the dearest first.
  static func all() throws -> [DemoProduct] {
    [
      DemoProduct(
        gtin: try GTIN("06901234100013"), zh: "砚溪·青瓷 53度 500毫升 酱香型白酒",
        en: "Yanxi Celadon, 53% vol, 500 ml", price: 1299, perBox: 6, share: 0.14),
      DemoProduct(
        gtin: try GTIN("06901234100020"), zh: "砚溪·山居 52度 500毫升 浓香型白酒",
        en: "Yanxi Mountain Lodge, 52% vol, 500 ml", price: 368, perBox: 6, share: 0.28),
      DemoProduct(
        gtin: try GTIN("06901234100037"), zh: "砚溪·溪畔 42度 480毫升 浓香型白酒",
        en: "Yanxi Brookside, 42% vol, 480 ml", price: 128, perBox: 12, share: 0.34),
      DemoProduct(
        gtin: try GTIN("06901234100044"), zh: "砚溪·小盏 45度 125毫升 清香型白酒",
        en: "Yanxi Small Cup, 45% vol, 125 ml", price: 32, perBox: 12, share: 0.24),
    ]
  }
}

/// The brand's price policies: one that is enforced on a recorded basis, one that only advises.
enum DemoPolicies {
  /// Floors in whole yuan of the first two products.
  static let enforcedFloor = 1099, advisedFloor = 328
  /// Where the enforced one holds: Shanghai, Jiangsu, Zhejiang, Anhui.
  static let enforcedRegions = "310000,320000,330000,340000"

  static func all(_ products: [DemoProduct], since: Timestamp) throws -> [NewPricePolicy] {
    guard let enforced = Money(amount: "\(enforcedFloor).00", currency: "CNY"),
      let advised = Money(amount: "\(advisedFloor).00", currency: "CNY"), products.count > 1
    else { return [] }
    return [
      NewPricePolicy(
        id: "PP-QINGCI-HUADONG", gtin: products[0].gtin, regions: try Territory(enforcedRegions), floor: enforced,
        mode: .enforce,
        basis: "演示：《反垄断法》第十八条，市场份额不足5%且年销售额不足1亿元（安全港，2026-02-01起）；法务意见 YX-2026-017",
        since: since, until: nil),
      NewPricePolicy(
        id: "PP-SHANJU-GUIDE", gtin: products[1].gtin, regions: try Territory("CN"), floor: advised, mode: .advise,
        basis: "演示：建议零售价，不具约束力；法务意见 YX-2026-018", since: since, until: nil),
    ]
  }
}
