import CaseReport
import Ledger
import TransparencyLog

/// The words of a report.
enum StoryWords {
  static func dealer(_ code: String?) -> Bilingual {
    Bilingual(zh: "经销商 \(code ?? "—")", en: "Dealer \(code ?? "—")")
  }

  static func kind(_ word: String) -> Bilingual {
    switch word {
    case "diversion": Bilingual(zh: "疑似窜货", en: "suspected diversion")
    case "price": Bilingual(zh: "低于价格政策", en: "below a price policy")
    case "clone": Bilingual(zh: "疑似复制码", en: "suspected copy of a code")
    case "forgery": Bilingual(zh: "疑似伪造码", en: "suspected forgery")
    case "unsold": Bilingual(zh: "未发货而在售", en: "on sale though never dispatched")
    case "registration": Bilingual(zh: "门店不在登记地", en: "a shop that is not where it is registered")
    case "missing": Bilingual(zh: "编码缺失（疑似刮码）", en: "codes that nobody scans, perhaps removed")
    case "burning": Bilingual(zh: "售前批量扫码", en: "codes scanned in bulk before sale")
    default: Bilingual(word)
    }
  }

  static func severity(_ word: String) -> Bilingual {
    switch word {
    case "serious": Bilingual(zh: "严重", en: "serious")
    case "warning": Bilingual(zh: "警告", en: "warning")
    case "notice": Bilingual(zh: "提示", en: "notice")
    default: Bilingual(word)
    }
  }

  static func outcome(_ word: String) -> Bilingual {
    switch CaseOutcome(rawValue: word) {
    case .confirmed: Bilingual(zh: "认定成立", en: "Confirmed")
    case .ordinaryTransfer: Bilingual(zh: "正常流转", en: "Ordinary transfer")
    case .dataError: Bilingual(zh: "数据错误", en: "Data error")
    case .falseAlarm: Bilingual(zh: "误报", en: "False alarm")
    case .undecidable: Bilingual(zh: "无法认定", en: "Undecidable")
    case nil: Bilingual(word)
    }
  }

  static func penalty(_ data: JSONValue, isReversed: Bool) -> Bilingual {
    let kind: Bilingual =
      switch data["kind"]?.string.flatMap(PenaltyKind.init) {
      case .warning: Bilingual(zh: "书面警告", en: "Written warning")
      case .deposit: Bilingual(zh: "扣减保证金", en: "Deduction from the deposit")
      case .rebate: Bilingual(zh: "扣减返利", en: "Rebate withheld")
      case .supplyLimit: Bilingual(zh: "限制供货", en: "Supply limited")
      case .termination: Bilingual(zh: "终止合作", en: "Contract terminated")
      case nil: Bilingual("—")
      }
    var (zh, en) = (kind.zh, kind.en)
    if let amount = data["amount"]?["amount"]?.string, let currency = data["amount"]?["currency"]?.string {
      zh += " \(amount) \(currency)"
      en += " \(currency) \(amount)"
    }
    if let terms = data["terms"]?.string {
      zh += "；\(terms)"
      en += "; \(terms)"
    }
    if let until = data["until"]?.string {
      zh += "；至 \(until)"
      en += "; until \(until)"
    }
    return Bilingual(zh: zh + (isReversed ? "（已撤销）" : ""), en: en + (isReversed ? " (taken back)" : ""))
  }

  static func certainty(_ fact: StoryMaker.Fact) -> Bilingual {
    let metres = fact.shown?["place"]?["value"]?["accuracyMeters"]?.double.map { Int($0.rounded()) }
    let around = metres.map { " ±\($0) m" } ?? ""
    switch fact.data["place"]?["certainty"]?.string {
    case "measured": return Bilingual(zh: "实测\(around)", en: "measured\(around)")
    case "registered": return Bilingual(zh: "登记地点", en: "where the terminal is registered")
    case "declared": return Bilingual(zh: "扫码者申报", en: "as stated by who scanned")
    case "coarse": return Bilingual(zh: "粗略（网络地址）", en: "coarse (internet address)")
    case let word: return Bilingual(zh: word == "unknown" ? "未知" : word ?? "未知", en: word ?? "unknown")
    }
  }

  /// Who scanned with what, what was taken beside the scan, and the price that was seen.
  static func provenance(_ fact: StoryMaker.Fact, _ visits: [StoryVisit]) -> Bilingual {
    var (zh, en) = ([scanner(fact).zh], [scanner(fact).en])
    if let visit = visits.first(where: { $0.scans.contains(Int64(fact.event)) }) {
      zh.append("稽查 I\(visit.number)")
      en.append("inspection I\(visit.number)")
      for (purpose, files) in visit.files.sorted(by: { $0.key < $1.key }) {
        let words = self.purpose(purpose)
        zh.append("\(words.zh) \(files)")
        en.append("\(words.en) \(files)")
      }
    }
    if let amount = fact.data["price"]?["amount"]?.string, let currency = fact.data["price"]?["currency"]?.string {
      zh.append("售价 \(amount) \(currency)")
      en.append("price \(currency) \(amount)")
    }
    return Bilingual(zh: zh.joined(separator: "，"), en: en.joined(separator: ", "))
  }

  /// What a file is for.
  static func purpose(_ word: String) -> Bilingual {
    switch word {
    case "photo": Bilingual(zh: "照片", en: "photos:")
    case "priceTag": Bilingual(zh: "价签", en: "price tags:")
    case "receipt": Bilingual(zh: "购货小票", en: "receipts:")
    default: Bilingual(zh: "文件", en: "documents:")
    }
  }

  /// What beside scans a decision rests on.
  static func proof(_ data: JSONValue) -> Bilingual {
    let event = data["event"]?.int.map(String.init) ?? "—"
    let kind: Bilingual =
      switch data["kind"]?.string.flatMap(ProofKind.init) {
      case .inspectorVisit: Bilingual(zh: "稽查走访及照片", en: "an inspector's visit with photos")
      case .purchaseReceipt: Bilingual(zh: "购货小票", en: "a receipt of purchase")
      case .dispatchRecord: Bilingual(zh: "发货记录", en: "the dispatch record")
      case .admission: Bilingual(zh: "经销商自认", en: "the dealer's admission")
      case nil: Bilingual("—")
      }
    return Bilingual(zh: "业务证据：\(kind.zh)（事件 \(event)）", en: "Business proof: \(kind.en) (event \(event))")
  }

  private static func scanner(_ fact: StoryMaker.Fact) -> Bilingual {
    let role: Bilingual =
      switch fact.role {
      case "inspector": Bilingual(zh: "稽查员", en: "inspector")
      case "terminal": Bilingual(zh: "登记终端", en: "registered terminal")
      case "consumer": Bilingual(zh: "消费者", en: "consumer")
      case "dealer": Bilingual(zh: "经销商", en: "dealer")
      default: Bilingual(fact.role)
      }
    var (zh, en) = (role.zh, role.en)
    if let terminal = fact.data["terminal"]?.string {
      zh += "，终端 \(terminal)"
      en += ", terminal \(terminal)"
    }
    // A bundle discloses no consumer's.
    if let device = fact.shown?["device"]?["value"]?.string {
      zh += "，设备 \(device)"
      en += ", device \(device)"
    }
    return Bilingual(zh: zh, en: en)
  }

  static func verdict(_ data: JSONValue) -> Bilingual {
    let genuine: Bilingual =
      switch data["authenticity"]?.string {
      case "genuine": Bilingual(zh: "正品", en: "genuine")
      case "forged": Bilingual(zh: "伪造", en: "forged")
      case "suspectedCopy": Bilingual(zh: "疑似复制", en: "suspected copy")
      default: Bilingual(zh: "未证实", en: "unproven")
      }
    switch data["territory"]?.string {
    case "outside": return Bilingual(zh: "\(genuine.zh)，区域外", en: "\(genuine.en), outside")
    case "inside": return Bilingual(zh: "\(genuine.zh)，区域内", en: "\(genuine.en), inside")
    case "uncertain": return Bilingual(zh: "\(genuine.zh)，区域不确定", en: "\(genuine.en), territory uncertain")
    default: return genuine
    }
  }

  /// What an event is in the timeline; nil for what is in the table of scans or only names things.
  static func moment(_ fact: StoryMaker.Fact, _ maker: StoryMaker) -> Bilingual? {
    let dealer = fact.data["dealer"]?.string ?? "—"
    switch EventKind(rawValue: fact.kind) {
    case .batch: return Bilingual(zh: "赋码", en: "Codes issued")
    case .packing: return Bilingual(zh: "装箱", en: "Packed")
    case .unpacking: return Bilingual(zh: "拆箱", en: "Unpacked")
    case .dispatch:
      let regions = (fact.data["territories"]?.array ?? []).compactMap(\.string)
      return Bilingual(
        zh: "加封发货给 \(dealer)，限 \(regions.map { maker.place($0, .zh) }.joined(separator: "、"))",
        en: "Dispatched under seal to \(dealer), for \(regions.map { maker.place($0, .en) }.joined(separator: ", "))")
    case .receipt: return Bilingual(zh: "\(dealer) 收货", en: "Received by \(dealer)")
    case .transfer:
      let (from, to) = (fact.data["from"]?.string ?? "—", fact.data["to"]?.string ?? "—")
      return Bilingual(zh: "\(from) 转给 \(to)", en: "Passed on by \(from) to \(to)")
    case .sale: return Bilingual(zh: "\(dealer) 售出", en: "Sold by \(dealer)")
    case .return: return Bilingual(zh: "退回品牌方", en: "Returned to the brand")
    case .void: return Bilingual(zh: "作废", en: "Made void")
    case .correction: return correction(fact, maker)
    case .alertCorrected:
      let cleared = fact.data["cleared"] == true
      return Bilingual(
        zh: cleared ? "记录更正后预警撤销" : "记录更正，预警的部分扫码不再成立",
        en: cleared ? "Alert cleared by a correction of the record" : "A correction took some scans from the alert")
    case .inspectionBegun:
      return Bilingual(
        zh: "稽查开始：\(maker.place(fact.data["region"]?.string ?? "", .zh))",
        en: "Inspection began: \(maker.place(fact.data["region"]?.string ?? "", .en))")
    case .inspectionScans:
      let count = fact.data["scans"]?.array?.count ?? 0
      return Bilingual(zh: "稽查扫码 \(count) 次", en: "\(count) scans of the inspection")
    case .inspectionFile:
      let hash = fact.data["sha256"]?.string.map { $0.prefix(16) } ?? ""
      return Bilingual(zh: "稽查附件 sha256:\(hash)…", en: "Inspection file sha256:\(hash)…")
    case .inspectionEnded:
      return Bilingual(
        zh: "稽查结束" + (fact.shown?["findings"]?["value"]?.string.map { "：\($0)" } ?? ""),
        en: "Inspection ended" + (fact.shown?["findings"]?["value"]?.string.map { ": \($0)" } ?? ""))
    case .scan: return Bilingual(zh: "扫码：\(verdict(fact.data).zh)", en: "Scanned: \(verdict(fact.data).en)")
    case .alert: return Bilingual(zh: "预警", en: "Alert")
    default: return step(fact)
    }
  }

  private static func correction(_ fact: StoryMaker.Fact, _ maker: StoryMaker) -> Bilingual {
    let kind: Bilingual =
      switch fact.data["correction"]?.string.flatMap(CorrectionKind.init) {
      case .binding: Bilingual(zh: "绑定更正", en: "binding corrected")
      case .boxLabel: Bilingual(zh: "箱标互贴更正（串码）", en: "exchanged box labels corrected")
      case .replacedLabel: Bilingual(zh: "补发标签（补码）", en: "label replaced")
      case .openedBox: Bilingual(zh: "拆箱", en: "box opened")
      case .transfer: Bilingual(zh: "补登核准调货", en: "authorised transfer recorded late")
      case nil: Bilingual("—")
      }
    let to = fact.data["changes"]?.array?.compactMap { $0["dealer"]?.string }.first
    let reason = fact.text.map { "：\($0)" } ?? ""
    return Bilingual(
      zh: "记录更正：\(kind.zh)\(to.map { "，\($0)" } ?? "")\(reason)",
      en: "Record corrected: \(kind.en)\(to.map { ", \($0)" } ?? "")\(reason)")
  }

  private static func step(_ fact: StoryMaker.Fact) -> Bilingual? {
    switch EventKind(rawValue: fact.kind) {
    case .caseOpened: return Bilingual(zh: "立案", en: "Case opened")
    case .caseAlert: return Bilingual(zh: "并入预警", en: "A further alert added")
    case .caseNotified: return Bilingual(zh: "通知经销商", en: "Dealer notified")
    case .caseAnswered:
      let late = fact.data["late"] == true
      return Bilingual(zh: late ? "经销商答复（逾期）" : "经销商答复", en: late ? "Dealer answered (late)" : "Dealer answered")
    case .caseAttachment:
      let hash = fact.data["sha256"]?.string.map { $0.prefix(16) } ?? ""
      return Bilingual(zh: "附件 sha256:\(hash)…", en: "Attachment sha256:\(hash)…")
    case .caseDecided:
      let outcome = outcome(fact.data["outcome"]?.string ?? "")
      return Bilingual(zh: "决定：\(outcome.zh)", en: "Decision: \(outcome.en)")
    case .casePenalty:
      let said = penalty(fact.data, isReversed: false)
      return Bilingual(zh: "处罚：\(said.zh)", en: "Penalty: \(said.en)")
    case .caseAppealed: return Bilingual(zh: "经销商申诉", en: "Dealer appealed")
    case .caseAppealDecided:
      let upheld = fact.data["result"]?.string == AppealOutcome.upheld.rawValue
      return Bilingual(zh: upheld ? "申诉成立" : "申诉驳回", en: upheld ? "Appeal upheld" : "Appeal rejected")
    case .caseReminded:
      let isOver = fact.data["overdue"] == true
      return Bilingual(zh: isOver ? "期限届满提醒" : "期限将至提醒", en: isOver ? "Reminder: overdue" : "Reminder: due soon")
    case .caseCorrected:
      let cleared = fact.data["cleared"] == true
      return Bilingual(
        zh: cleared ? "记录更正，预警撤销" : "记录更正，部分扫码不再成立",
        en: cleared ? "Record corrected: alert cleared" : "Record corrected: some scans no longer stand")
    case .caseClosed: return Bilingual(zh: "结案", en: "Case closed")
    default: return nil
    }
  }
}
