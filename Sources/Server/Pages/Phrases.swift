import Regions

/// Every text of the pages, in both languages: the one place to look when a word must change. Templates name them
/// `{{t.<case>}}`.
enum Phrase: String, CaseIterable {
  case siteName, skip, privacy, product, record, adviceTitleGood, adviceTitleDoubt
  case code, gtin, serial, boxCode, firstCheck, firstCheckNow, checks, thisCheck, beijingTime
  case startTitle, startLead, startPeople, startPeopleText, startSystems
  case linkSignIn, linkAPI, linkCheckpoint, linkKeys, linkResolver, linkHealth, linkReady, linkMetrics
  case malformedHeadline, malformedLead, malformedAdvice, busyHeadline, busyLead, busyAdvice

  /// The text in a language.
  func text(_ language: Language) -> String { language == .zh ? texts.zh : texts.en }

  /// All texts of a language, for a template.
  static func all(_ language: Language) -> [String: String] {
    Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0.text(language)) })
  }

  private var texts: (zh: String, en: String) {
    switch self {
    case .siteName: ("一码 验真", "Yima check")
    case .skip: ("跳到正文", "Skip to the content")
    case .privacy:
      (
        "本页不记录您的位置和网络地址，也不使用 Cookie。",
        "This page records neither your location nor your network address, and sets no cookies."
      )
    case .product: ("商品", "Product")
    case .record: ("查询记录", "Record")
    case .adviceTitleGood: ("请留意", "Good to know")
    case .adviceTitleDoubt: ("您可以这样做", "What you can do")
    case .code: ("编码", "Code")
    case .gtin: ("商品条码", "GTIN")
    case .serial: ("序列号", "Serial")
    case .boxCode: ("箱码", "Box code")
    case .firstCheck: ("首次查询", "First check")
    case .firstCheckNow: ("就是这一次", "This is the first one")
    case .checks: ("查询次数", "Checks so far")
    case .thisCheck: ("本次查询", "This check")
    case .beijingTime: ("北京时间", "UTC+8")
    case .startTitle: ("一物一码，扫码验真", "One item, one code")
    case .startLead:
      (
        "每件商品都有自己的编码：从签发、装箱、发货到售出，全程可查、可证。",
        "Every item has a code of its own: issued, packed, dispatched and sold on a record that can be checked and proved."
      )
    case .startPeople: ("我想查一件商品", "I want to check an item")
    case .startPeopleText:
      (
        "请用手机扫描商品包装上的二维码，即可看到是否正品。",
        "Scan the QR code on the pack with your phone: the page that opens says whether it is genuine."
      )
    case .startSystems: ("系统对接与审计", "For systems and auditors")
    case .linkSignIn: ("工作人员登录", "Sign in (staff and dealers)")
    case .linkAPI: ("接口说明（OpenAPI）", "API description (OpenAPI)")
    case .linkCheckpoint: ("透明日志检查点", "Log checkpoint")
    case .linkKeys: ("封签公钥", "Public keys of the seals")
    case .linkResolver: ("GS1 解析服务说明", "GS1 resolver description")
    case .linkHealth: ("运行状态", "Health")
    case .linkReady: ("就绪状态", "Readiness")
    case .linkMetrics: ("运行指标", "Metrics")
    case .malformedHeadline: ("无法识别的编码", "Not a code that can be read")
    case .malformedLead: ("这个网址里没有完整的商品编码。", "This address holds no complete product code.")
    case .malformedAdvice:
      (
        "请擦净标签、对准整个二维码再扫一次；仍不成功时，请查看标签是否残缺或被替换。",
        "Wipe the label and scan the whole QR code again. If that fails, see whether the label is damaged or was replaced."
      )
    case .busyHeadline: ("请稍后再试", "Please try again")
    case .busyLead: ("查询人数较多，本次没有得出结果。", "Too many people are asking just now; this check gave no result.")
    case .busyAdvice: ("等一会儿再刷新本页。这不说明商品有任何问题。", "Reload this page in a moment. This says nothing about the item.")
    }
  }
}
