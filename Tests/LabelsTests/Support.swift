import Foundation
import Labels
import Testing

/// A seeded generator (SplitMix64): a failure prints its seed and can be had again.
struct Seeded: RandomNumberGenerator {
  let seed: UInt64
  private var state: UInt64

  init(_ seed: UInt64) {
    self.seed = seed
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func text(_ count: Int, of alphabet: String) -> String {
    let letters = Array(alphabet)
    return String((0..<count).map { _ in letters[Int.random(in: 0..<letters.count, using: &self)] })
  }
}

/// Labels made up for tests.
enum Sample {
  static let crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
  static let base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
  static let longProduct = "洞庭春色酱香型白酒（窖藏二十年陈酿纪念版礼盒装）500毫升×2瓶×6盒"
  static let longDealer = "湖南省长沙市岳麓区湘江新区洞庭春色酒业品牌运营管理有限责任公司长沙分公司第三营业部"
  static let territories = [
    ("湖南省", "Hunan"), ("湖北省", "Hubei"), ("江西省", "Jiangxi"), ("广东省", "Guangdong"), ("广西壮族自治区", "Guangxi"),
    ("贵州省", "Guizhou"), ("云南省", "Yunnan"), ("四川省", "Sichuan"), ("重庆市", "Chongqing"), ("河南省", "Henan"),
    ("安徽省", "Anhui"), ("江苏省", "Jiangsu"), ("浙江省", "Zhejiang"), ("福建省", "Fujian"),
    ("内蒙古自治区", "Inner Mongolia"), ("新疆维吾尔自治区", "Xinjiang"),
  ].map { TerritoryName(zh: $0.0, en: $0.1) }

  /// A body of digits with its check digit.
  static func checked(_ body: String) -> String {
    let sum = body.reversed().enumerated().reduce(0) { sum, digit in
      sum + (digit.element.wholeNumberValue ?? 0) * (digit.offset.isMultiple(of: 2) ? 3 : 1)
    }
    return body + String((10 - sum % 10) % 10)
  }

  static func item(_ random: inout Seeded) -> ItemLabel {
    let gtin = checked("0690" + random.text(9, of: "0123456789"))
    let serial = random.text(Bool.random(using: &random) ? 16 : 20, of: crockford)
    return ItemLabel(
      uri: "https://id.example.cn/01/\(gtin)/21/\(serial)", gtin: gtin, serial: serial,
      productZh: Bool.random(using: &random) ? longProduct : "洞庭春色酱香型白酒 500ml",
      productEn: Bool.random(using: &random) ? "Dongting Spring Sauce-Aroma Baijiu 500 ml" : nil,
      batch: Bool.random(using: &random) ? "L" + random.text(9, of: crockford) : nil, producedOn: "2026-09-01")
  }

  static func box(_ random: inout Seeded) -> BoxLabel {
    let sscc = checked("1" + random.text(16, of: "0123456789"))
    let signed = "1.D001.430000.DN-\(random.text(8, of: "0123456789")).20260915T083000Z.k1"
    return BoxLabel(
      uri: "https://id.example.cn/00/\(sscc)?91=\(signed)&8030=\(random.text(86, of: base64))", sscc: sscc,
      productZh: Bool.random(using: &random) ? longProduct : "洞庭春色酱香型白酒 500ml",
      productEn: "Dongting Spring Sauce-Aroma Baijiu, 20-Year Cellar-Aged Commemorative Edition Gift Box",
      gtin: "06901234567892", batch: "L20260901A", quantity: Int.random(in: 1...100_000, using: &random),
      dealerName: Bool.random(using: &random) ? longDealer : "长沙湘江酒业有限公司", dealerCode: "D001",
      territories: Array(territories.prefix(Int.random(in: 0...16, using: &random))), dispatchNumber: "DN-000123",
      dispatchDate: "2026-09-15")
  }

  static func content(for kind: LabelKind, _ random: inout Seeded) throws -> LabelContent {
    switch kind {
    case .item: try item(&random).content()
    case .box: try box(&random).content()
    }
  }
}

/// Text of ASCII bytes.
func text(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }

/// The folder of this package, where `tools` lies.
let packageFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()
