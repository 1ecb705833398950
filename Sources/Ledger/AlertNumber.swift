import Foundation
import TransparencyLog

/// One number of an alert as people read it: pages and reports say the same (Events.md, "alert", `numbers`).
package struct AlertNumber: Sendable {
  /// Its name in the event; a dotted name is a part of what stands before the dot: `seen.gps`.
  package let name: String
  /// What people read; nil for a name that has no words.
  package let words: (zh: String, en: String)?
  /// What it is.
  package let value: Value

  /// A number, and how it is written.
  package enum Value: Sendable, Equatable {
    /// As it stands.
    case text(String)
    /// Codes of regions, which have names.
    case regions([String])
    /// A moment.
    case moment(Timestamp)
    /// A word of the engine's, as people say it.
    case words(zh: String, en: String)
  }

  /// All numbers of an alert in the order in which people read them: what was seen, what is normal, how the rule weighs
  /// it. Unknown ones come last.
  package static func all(_ numbers: [String: JSONValue]) -> [AlertNumber] {
    numbers.flatMap { name, value in
      guard case .object(let parts) = value else { return [(name, value)] }
      return parts.map { ("\(name).\($0.key)", $0.value) }
    }
    .sorted { (order($0.0), $0.0) < (order($1.0), $1.0) }
    .map { AlertNumber(name: $0, words: words(for: $0), value: Value($0, $1)) }
  }

  private static func words(for name: String) -> (zh: String, en: String)? {
    if let words = words[name] { return words }
    let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
    guard parts.count == 2, let whole = words[parts[0]], let part = channels[parts[1]] else { return nil }
    return ("\(whole.0)：\(part.0)", "\(whole.1): \(part.1)")
  }

  private static func order(_ name: String) -> Int {
    place[name] ?? name.split(separator: ".").first.flatMap { place[String($0)] } ?? .max
  }

  private static let words = Dictionary(uniqueKeysWithValues: table.map { ($0.0, ($0.1, $0.2)) })
  private static let place = Dictionary(uniqueKeysWithValues: table.enumerated().map { ($1.0, $0) })

  private static let channels = [
    "gps": ("消费者定位", "consumers' positions"), "ip": ("网络地址", "network addresses"),
    "terminal": ("终端", "terminals"), "inspector": ("稽查", "inspectors"), "shop": ("门店", "shops"),
  ]

  private static let table: [(String, String, String)] = [
    ("finding", "发现类型", "Finding"), ("grain", "统计粒度", "Grain"), ("time", "时间", "Time"),
    ("seen", "独立看到", "Seen independently"), ("sightings", "所涉扫码", "Scans concerned"),
    ("inspectors", "其中稽查", "By inspectors"), ("terminals", "其中终端", "By terminals"),
    ("consumers", "其中消费者", "By consumers"),
    ("dispatchSightings", "本发货单扫码总数", "Sightings of this dispatch"),
    ("observers", "扫码人数", "Observers"), ("observersPossible", "可能人数", "Observers possible"),
    ("sessions", "扫码次数（合并同次）", "Sessions"), ("sessionsPossible", "可能次数", "Sessions possible"),
    ("codes", "编码数", "Codes"), ("places", "地点数", "Places"), ("firstAt", "首次", "First"), ("lastAt", "最近", "Last"),
    ("expected", "正常预期", "Normally expected"), ("exposure", "全部扫码量", "All sightings of the goods"),
    ("dealerSightings", "该经销商全部扫码", "Sightings of this dealer's goods"),
    ("dealerSightingsThere", "其中在该地", "Of these, there"), ("rate", "该地正常比率", "Normal rate there"),
    ("rateByDistance", "仅按距离的比率", "Rate by distance alone"), ("kilometers", "相距（公里）", "Kilometres apart"),
    ("accuracyKilometers", "定位误差（公里）", "Accuracy, kilometres"),
    ("neighbour", "相邻地区（1 是，0 否）", "Neighbours (1 yes, 0 no)"),
    ("history", "以往记录系数", "Factor from its own record"), ("season", "季节系数", "Season"),
    ("diffusion", "扩散系数", "Diffusion"),
    ("suspectStores", "登记存疑门店", "Shops whose registration is in doubt"),
    ("onSale", "估计在该地销售占比", "Share on sale there, estimated"),
    ("lots", "该店货批", "Lots in the shop"), ("foreignLots", "其中外区货批", "Of these, foreign"),
    ("foreignLotsOfDealer", "其中该经销商的", "Of these, the dealer's"), ("usualShare", "通常占比", "Usual share"),
    ("minutes", "间隔（分钟）", "Minutes between"), ("kilometersPerHour", "所需时速（公里）", "km/h needed"),
    ("kilometersPerHourPossible", "可能时速（公里）", "km/h possible"),
    ("clockSlackMinutes", "时钟误差（分钟）", "Clock slack, minutes"),
    ("fromRegion", "首次扫码地", "Seen first in"), ("toRegion", "再次扫码地", "Then in"), ("source", "来源", "Source"),
    ("hours", "小时数", "Hours"), ("sales", "售价记录", "Prices seen"), ("justUnder", "略低于限价", "Just under the floor"),
    ("farUnder", "远低于限价", "Far under the floor"), ("lowest", "最低价", "Lowest price"), ("floor", "限价", "Floor"),
    ("lowestOfFloor", "最低价与限价之比", "Lowest price, of the floor"),
    ("lowestPermilleOfFloor", "最低价与限价之比（‰）", "Lowest price, ‰ of the floor"),
    ("policy", "价格政策", "Price policy"), ("policyVersion", "政策版本", "Version of the policy"),
    ("storeSightings", "该店扫码", "Sightings at the shop"), ("fitting", "与登记地相符", "Fitting its registration"),
    ("fittingElsewhere", "与他处相符", "Fitting another place"), ("elsewhere", "他处", "Other place"), ("store", "门店", "Shop"),
    ("state", "状态", "State"), ("authenticity", "真伪", "Authenticity"), ("territories", "授权区域", "Territories"),
    ("evidence", "证据（对数）", "Evidence (log)"), ("threshold", "阈值（对数）", "Threshold (log)"),
    ("fixedThreshold", "固定阈值（对数）", "Fixed threshold (log)"), ("alpha", "误报配额", "Share of false alerts allotted"),
    ("hypothesis", "检验序号", "Number of the test"), ("raisedBefore", "此前预警数", "Alerts before"),
    ("shares", "假设的区外占比", "Shares on sale there, supposed"), ("dispersion", "离散度", "Dispersion"),
    ("needed", "所需次数", "Needed"), ("windowDays", "观察天数", "Window, days"),
    ("windowMinutes", "观察（分钟）", "Window, minutes"), ("least.any", "至少（折算次数）", "At least, weighted sightings"),
    ("least.shelf", "至少（终端或稽查）", "At least, by terminals or inspectors"),
    ("least.inspector", "至少（稽查）", "At least, by inspectors"),
    ("least.multiple", "至少为预期的倍数", "At least, times the expected"), ("least.lots", "至少货批", "At least, lots"),
    ("least.justUnder", "至少略低于限价", "At least, just under the floor"),
    ("devices", "不同手机", "Different phones"), ("devicePlaces", "可区分地点", "Places that can be told apart"),
    ("nextDevice", "真品再遇一部手机的概率", "Chance of one more phone, genuine"),
    ("codeEvidence", "该码证据（对数）", "Evidence of the code (log)"),
    ("lotEvidence", "该批证据（对数）", "Evidence of the lot (log)"),
    ("lotCodes", "该批有复制迹象的码", "Codes of the lot with signs of copies"),
    ("failing", "不存在的编码", "Codes that do not exist"), ("existing", "存在的编码", "Codes that exist"),
    ("network", "按网络统计（1 是，0 否）", "By network (1 yes, 0 no)"), ("phone", "手机（代号）", "Phone (short name)"),
    ("boxes", "发货箱数", "Boxes dispatched"), ("boxesSeen", "已见箱数", "Boxes seen"),
    ("boxesExpected", "预期可见箱数", "Boxes expected to be seen"), ("boxRate", "每箱平均扫码", "Sightings of a box, on average"),
    ("days", "发货后天数", "Days since dispatch"), ("boxesOutside", "先见于区域外的箱", "Boxes first seen outside"),
    ("burstCodes", "连续扫描的编码", "Codes scanned in a row"), ("burstBoxes", "连续扫描的箱", "Boxes scanned in a row"),
    ("seconds", "历时秒数", "Seconds"), ("nextBox", "正常手机再扫一箱的概率", "Chance of one more box, ordinary phone"),
  ]
}

extension AlertNumber.Value {
  init(_ name: String, _ value: JSONValue) {
    switch value {
    case .string(let text) where name.hasSuffix("At"):
      self = Timestamp(rfc3339: text).map(Self.moment) ?? .text(text)
    case .integer(let seconds) where name == "time": self = .moment(Timestamp(milliseconds: seconds &* 1000))
    case .string(let code) where name.lowercased().hasSuffix("region"): self = .regions([code])
    case .array(let codes) where name == "territories": self = .regions(codes.compactMap(\.string))
    case .string(let word) where name == "finding" || name == "grain":
      self = Self.said[word].map { .words(zh: $0.0, en: $0.1) } ?? .text(word)
    default: self = .text(Self.text(value))
    }
  }

  private static let said = [
    "diversion": ("窜货", "diversion"), "clone": ("复制码", "copied code"), "price": ("低价", "price under the floor"),
    "counterfeit": ("猜码", "guessed codes"), "missing": ("缺码", "missing codes"), "burning": ("提前扫码", "burnt codes"),
    "registration": ("门店登记", "misplaced shop"), "lotPrefecture": ("一张发货单、一个地级市", "one dispatch, one prefecture"),
    "lotProvince": ("一张发货单、一个省", "one dispatch, one province"),
    "dealerPrefecture": ("一个经销商、一个地级市", "one dealer, one prefecture"),
    "dealerProvince": ("一个经销商、一个省", "one dealer, one province"), "store": ("一家门店", "one shop"),
    "code": ("一个编码", "one code"), "lot": ("一个批次", "one lot"), "device": ("一部手机", "one phone"),
  ]

  private static func text(_ value: JSONValue) -> String {
    switch value {
    case .string(let text): text
    case .number(let number): measure(number)
    case .array(let parts): parts.map(text).joined(separator: "; ")
    default: value.description
    }
  }

  /// Three digits behind the point; of what is less than one, the first three that say something.
  private static func measure(_ number: Double) -> String {
    guard abs(number) >= 1e-9 else { return "0" }
    let digits = abs(number) < 1 ? 2 - Int(log10(abs(number)).rounded(.down)) : 3
    let scale = pow(10, Double(digits))
    return String((number * scale).rounded() / scale)
  }
}
