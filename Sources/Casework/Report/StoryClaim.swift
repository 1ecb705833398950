import CaseReport
import Regions
import TransparencyLog

/// What is claimed, in one paragraph: each kind of alert says something else of the same events.
struct StoryClaim {
  private let claim: JSONValue
  private let scans: [StoryMaker.Fact]
  private let maker: StoryMaker

  init(_ claim: JSONValue, _ scans: [StoryMaker.Fact], _ maker: StoryMaker) {
    self.claim = claim
    self.scans = scans
    self.maker = maker
  }

  /// The paragraph: goods, what they were to be, what was seen, and which rule said so. It reports a suspicion.
  var sentence: Bilingual {
    let seen = seen
    let kind = StoryWords.kind(claim["kind"]?.string ?? "")
    let rule = claim["rule"]?.string ?? ""
    return Bilingual(
      zh: "\(bound.zh)\(seen.zh)规则 \(rule) 据此提示：\(kind.zh)。",
      en: "\(bound.en) \(seen.en) Rule \(rule) reported: \(kind.en).")
  }

  private func name(_ language: String) -> String {
    let goods = claim["goods"]?.array?.first
    return goods?["name"]?[language]?.string ?? goods?["gtin"]?.string ?? "—"
  }

  /// Whose goods these are, and where they may be sold.
  private var bound: Bilingual {
    guard let dealer = claim["dealer"]?.string else {
      return Bilingual(zh: "“\(name("zh"))”（不涉及经销商）：", en: "Goods \"\(name("en"))\", of no dealer:")
    }
    let territories = (claim["territories"]?.array ?? []).compactMap(\.string)
    guard !territories.isEmpty else {
      return Bilingual(zh: "经销商 \(dealer) 的“\(name("zh"))”：", en: "Goods \"\(name("en"))\" of dealer \(dealer):")
    }
    return Bilingual(
      zh: "经销商 \(dealer) 领取的“\(name("zh"))”，约定仅在\(maker.places(territories, .zh))销售：",
      en: "Goods \"\(name("en"))\" of dealer \(dealer), to be sold in \(maker.places(territories, .en)) only:")
  }

  private var seen: Bilingual {
    let (from, to) = (claim["window"]?["from"]?.string ?? "—", claim["window"]?["to"]?.string ?? "—")
    let place = claim["region"]?.string.map { [$0] } ?? []
    let (zh, en) = (maker.places(place, .zh), maker.places(place, .en))
    let count = scans.count
    let period = Bilingual(zh: "\(from) 至 \(to) 间", en: "between \(from) and \(to)")
    switch claim["kind"]?.string {
    case "price":
      return Bilingual(
        zh: "\(period.zh)在\(zh)以低于价格政策的价格出现 \(count) 次\(lowest.zh)。",
        en: "seen \(count) times in \(en) \(period.en) at prices below the policy\(lowest.en).")
    case "clone":
      return Bilingual(
        zh: "编码 \(code) 于\(period.zh)被扫 \(count) 次，最近在\(zh)，同一件商品不可能如此出现。",
        en: "code \(code) was scanned \(count) times \(period.en), last in \(en), as no single item can be.")
    case "forgery":
      return Bilingual(
        zh: "\(period.zh)扫到 \(count) 次不能证实的编码，最近在\(zh)。",
        en: "codes that do not prove genuine were scanned \(count) times \(period.en), last in \(en).")
    case "unsold":
      return Bilingual(
        zh: "未发货或已作废的商品于\(period.zh)在\(zh)被扫码 \(count) 次。",
        en: "never dispatched or void, they were scanned \(count) times in \(en) \(period.en).")
    case "registration":
      return Bilingual(
        zh: "门店 \(claim["numbers"]?["store"]?.string ?? "—") 于\(period.zh)的 \(count) 次扫码与其登记地不符，最近在\(zh)。",
        en: "\(count) scans \(period.en) by shop \(claim["numbers"]?["store"]?.string ?? "—") do not fit where it is "
          + "registered, the last in \(en).")
    case "missing":
      let (all, found) = (number("boxes"), number("boxesSeen"))
      return Bilingual(
        zh: "发货 \(number("days")) 天后，\(all) 箱中只有 \(found) 箱被扫到过。",
        en: "\(number("days")) days after dispatch \(found) of \(all) boxes were ever scanned.")
    case "burning":
      return Bilingual(
        zh: "\(period.zh)，一部手机连续扫描了 \(number("burstBoxes")) 箱中的 \(number("burstCodes")) 个编码，最近在\(zh)。",
        en: "one phone scanned \(number("burstCodes")) codes of \(number("burstBoxes")) boxes in a row \(period.en), "
          + "the last in \(en).")
    default:
      return Bilingual(
        zh: "\(period.zh)在\(zh)被扫码 \(count) 次。", en: "scanned \(count) times in \(en) \(period.en).")
    }
  }

  private func number(_ name: String) -> String { claim["numbers"]?[name]?.int.map(String.init) ?? "—" }

  private var code: String { scans.compactMap(\.code).first ?? "—" }

  /// The lowest price that was seen, beside the floor.
  private var lowest: Bilingual {
    let prices = scans.compactMap { scan -> (value: Double, text: String)? in
      guard let amount = scan.data["price"]?["amount"]?.string, let value = Double(amount) else { return nil }
      return (value, "\(amount) \(scan.data["price"]?["currency"]?.string ?? "")")
    }
    guard let price = prices.min(by: { $0.value < $1.value })?.text else { return Bilingual(zh: "", en: "") }
    guard let floor = claim["numbers"]?["floor"]?.string else {
      return Bilingual(zh: "，最低 \(price)", en: ", the lowest \(price)")
    }
    return Bilingual(zh: "，最低 \(price)，政策限价 \(floor)", en: ", the lowest \(price) against a floor of \(floor)")
  }
}
