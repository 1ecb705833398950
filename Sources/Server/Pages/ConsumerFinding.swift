import HTTPTypes
import Regions
import Verification

/// What a verdict means to the person who holds the item. Where goods may be sold is not their business, and nobody is
/// accused: the page speaks of the code and of what to do.
enum ConsumerFinding: String, CaseIterable {
  case genuine, genuineBox, maybeCopied, returned, notReleased, unsealedBox, notOurs, product
  case forged, sealBroken, withdrawn

  /// The weightiest thing that the answer says. A repeated scan is nothing: owners look again.
  init(_ answer: ScanAnswer) {
    let reasons = Set(answer.reasons)
    switch (answer.authenticity, answer.state) {
    case (.forged, _):
      let seals: Set<ScanReason> = [.sealTampered, .sealKeyRevoked, .sealKeyUnknown, .sealMalformed]
      self = reasons.isDisjoint(with: seals) ? .forged : .sealBroken
    case (_, .voided): self = .withdrawn
    case (.unproven, _): self = reasons.contains(.boxUnsealed) ? .unsealedBox : .notOurs
    case (.suspectedCopy, _): self = .maybeCopied
    case (.genuine, .returned): self = .returned
    case (.genuine, .issued), (.genuine, .packed): self = .notReleased
    case (.genuine, _): self = reasons.contains(.sealValid) ? .genuineBox : .genuine
    }
  }

  /// What is not ours is not found here; a code that claims to be ours and is not gets its verdict.
  var status: HTTPResponse.Status { self == .notOurs ? .notFound : .ok }

  /// How it looks at a glance.
  enum Tone: String { case good, warn, bad, plain }

  var tone: Tone {
    switch self {
    case .genuine, .genuineBox: .good
    case .maybeCopied, .returned, .notReleased: .warn
    case .forged, .sealBroken, .withdrawn: .bad
    case .unsealedBox, .notOurs, .product: .plain
    }
  }

  /// Headline and the sentence under it.
  func words(_ language: Language) -> (headline: String, lead: String) {
    let words = language == .zh ? texts.zh : texts.en
    return (words.0, words.1)
  }

  private var texts: (zh: (String, String), en: (String, String)) {
    switch self {
    case .genuine: (("正品", "编码由品牌方签发，验证通过。"), ("Genuine", "The brand issued this code, and it checks out."))
    case .genuineBox:
      (("封签有效", "这是品牌方发货的整箱，封签验证通过。"), ("The seal is good", "The brand dispatched this box, and its seal checks out."))
    case .maybeCopied:
      (
        ("请再核对", "编码是真的，但同一编码可能出现在不止一件商品上。"),
        ("Please look closer", "The code is real, but it may be on more than one item.")
      )
    case .returned:
      (
        ("请先核实", "编码是真的；记录显示这件商品已退回品牌方。"),
        ("Please ask first", "The code is real; on record, this item went back to the brand.")
      )
    case .notReleased:
      (
        ("尚未登记出库", "编码是真的；记录中这件商品还没有出库，登记可能有延迟。"),
        (
          "Not on record as shipped",
          "The code is real; on record, this item has not left the brand yet. Records may lag."
        )
      )
    case .unsealedBox:
      (
        ("箱码无封签", "这是整箱的编码，本身不能证明真伪，请扫描箱内商品的编码。"),
        ("A box code without a seal", "It names a box and proves nothing by itself. Scan the code on an item inside.")
      )
    case .notOurs:
      (
        ("不是本品牌的编码", "本系统没有签发过这个编码，无法判断这件商品。"),
        ("Not a code of this brand", "It was not issued here, so nothing can be said about the item.")
      )
    case .product:
      (
        ("请扫描单件编码", "这个网址只指明商品种类，没有单件编码，无法验真。"),
        (
          "Scan the item's own code",
          "This address names a kind of product, not one item, so there is nothing to check."
        )
      )
    case .forged:
      (
        ("未通过验证", "品牌方没有签发过这个编码，商品可能不是正品。"),
        ("Not verified", "The brand never issued this code. The item may not be genuine.")
      )
    case .sealBroken:
      (
        ("封签无效", "箱码上的数字封签未通过验证，标签可能被改动。"),
        ("The seal does not hold", "The digital seal of this box does not check out. The label may have been altered.")
      )
    case .withdrawn:
      (
        ("编码已作废", "品牌方已停用这个编码，带有它的商品不应再出售。"),
        ("Withdrawn", "The brand has withdrawn this code. Goods that carry it should not be on sale.")
      )
    }
  }

  /// What to do, in order.
  func advice(_ language: Language) -> [String] {
    adviceTexts.map { language == .zh ? $0.zh : $0.en }
  }

  private var adviceTexts: [Advice] {
    switch self {
    case .genuine: [.labelIntact, .olderThanPurchase]
    case .genuineBox: [.boxIntact]
    case .maybeCopied: [.labelIntact, .keepReceipt, .askBrand]
    case .returned, .notReleased: [.askSeller, .askBrand]
    case .unsealedBox, .product: [.scanItem]
    case .notOurs: [.scanAgain, .askSeller]
    case .forged, .sealBroken: [.scanAgain, .keepReceipt, .askBrand]
    case .withdrawn: [.doNotUse, .keepReceipt, .askBrand]
    }
  }
}

/// A piece of advice, in both languages.
private struct Advice {
  let zh: String
  let en: String

  static let labelIntact = Advice(
    zh: "验证的是编码：请确认标签完好，没有从别的包装上移来的痕迹。",
    en: "It is the code that was checked: see that the label is intact and was not moved from another pack.")
  static let olderThanPurchase = Advice(
    zh: "您自己多次查询属于正常。若首次查询早于您购买的时间，请向销售方了解。",
    en: "Checking again yourself is normal. If the first check is older than your purchase, ask the seller about it.")
  static let boxIntact = Advice(
    zh: "请确认箱体与标签完好，再扫描箱内商品逐件验真。",
    en: "See that box and label are intact, then scan the items inside one by one.")
  static let keepReceipt = Advice(zh: "请保留商品、包装与购买凭证。", en: "Keep the item, its pack and the receipt.")
  static let askBrand = Advice(
    zh: "请拨打包装上的品牌客服电话，告知本页的编码。",
    en: "Call the brand at the number on the pack and give the code shown here.")
  static let askSeller = Advice(zh: "请向销售方了解商品来源。", en: "Ask the seller where the item comes from.")
  static let scanItem = Advice(
    zh: "请扫描单件商品包装上的二维码。", en: "Scan the QR code on the pack of the item itself.")
  static let scanAgain = Advice(
    zh: "请擦净标签，对准整个二维码再扫一次。", en: "Wipe the label and scan the whole QR code once more.")
  static let doNotUse = Advice(zh: "请暂勿使用或食用。", en: "Do not use or consume it for now.")
}
