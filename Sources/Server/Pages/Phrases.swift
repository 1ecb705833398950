import Regions

/// Every text of the pages that are open to all (a code's, the start, the report), in both languages; templates name
/// them `{{t.<case>}}`. What people see behind the sign-in has its texts in `Sources/Pages/Resources/phrases`.
enum Phrase: String, CaseIterable {
  case siteName, skip, privacy, product, record, adviceTitleGood, adviceTitleDoubt
  case code, gtin, serial, boxCode, firstCheck, firstCheckNow, checks, thisCheck, beijingTime
  case startTitle, startLead, startPeople, startPeopleText, startSystems
  case linkSignIn, linkAPI, linkCheckpoint, linkKeys, linkResolver, linkHealth, linkReady, linkMetrics
  case reportLink, reportTitle, reportLead, reportText, reportPhoto, reportPlace, reportContact, reportSend, reportDone,
    reportBack
  case reportNumber, reportWhyLocation, reportConsent, reportLocated, reportNotLocated
  case reportTooMany, reportPhotoWrong, reportTextWrong, reportPrivacy
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
    case .reportLink: ("发现问题？告诉品牌方", "Something wrong? Tell the brand")
    case .reportTitle: ("反馈问题", "Report a problem")
    case .reportLead: ("请写下商品的问题，可以附照片。", "Say what is wrong with the item. A photo helps.")
    case .reportText: ("问题", "What is wrong")
    case .reportPhoto: ("照片（可不填）", "Photo (optional)")
    case .reportPlace: ("在哪里购买（可不填）", "Where you bought it (optional)")
    case .reportContact: ("联系方式（可不填，只用于回复您）", "How to reach you (optional, only to answer you)")
    case .reportSend: ("提交", "Send")
    case .reportDone: ("已收到，谢谢", "Thank you, it has arrived")
    case .reportBack: ("返回查询结果", "Back to the result")
    case .reportNumber: ("受理编号", "Your report has the number")
    case .reportWhyLocation:
      (
        "您所在的城市可以帮助品牌方找到问题商品的来源。只保存到地级市，可以不提供。",
        "The city you are in helps the brand to find where the goods come from. Only the city is kept, and you need not give it."
      )
    case .reportConsent: ("同意提供我所在的城市", "I agree to give the city I am in")
    case .reportLocated: ("已附上所在城市。", "Your city will be sent along.")
    case .reportNotLocated: ("没有取得位置，将不附带。", "Your place could not be found; nothing of it is sent.")
    case .reportTooMany: ("今天收到的反馈较多，请明天再试。", "There are many reports today. Please try tomorrow.")
    case .reportPhotoWrong: ("照片须为 JPEG 或 PNG，不超过 5 MB。", "The photo must be JPEG or PNG, and 5 MB at most.")
    case .reportPrivacy:
      (
        "您填写的内容只用于处理这个问题，可以要求删除。本页不使用 Cookie。",
        "What you write is used for this matter alone, and is erased when you ask. This page sets no cookies."
      )
    case .reportTextWrong: ("请填写编码和问题。", "Please give the code and say what is wrong.")
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
