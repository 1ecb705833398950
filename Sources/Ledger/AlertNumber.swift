/// What the numbers of an alert are called, for people: pages and reports say the same (Events.md, "alert", `numbers`).
package struct AlertNumber: Sendable {
  /// Its name in the event.
  package let name: String
  /// What people read.
  package let zh: String, en: String

  /// The number of this name. A dotted name is a part of what stands before the dot: `seen.gps`.
  package init?(_ name: String) {
    let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
    if let words = Self.words[name] {
      (zh, en) = words
    } else if parts.count == 2, let whole = Self.words[parts[0]], let part = Self.channels[parts[1]] {
      (zh, en) = ("\(whole.0)：\(part.0)", "\(whole.1): \(part.1)")
    } else {
      return nil
    }
    self.name = name
  }

  /// The order in which people read numbers: what was seen, what is normal, how the rule weighs it. Unknown ones come last.
  package static func precedes(_ left: String, _ right: String) -> Bool {
    let (first, second) = (place[stem(left)] ?? .max, place[stem(right)] ?? .max)
    return first == second ? left < right : first < second
  }

  private static func stem(_ name: String) -> String {
    words[name] != nil ? name : name.split(separator: ".").first.map(String.init) ?? name
  }

  private static let words = Dictionary(uniqueKeysWithValues: table.map { ($0.0, ($0.1, $0.2)) })
  private static let place = Dictionary(uniqueKeysWithValues: table.enumerated().map { ($1.0, $0) })

  private static let channels = [
    "gps": ("消费者定位", "consumers' positions"), "ip": ("网络地址", "network addresses"),
    "terminal": ("终端", "terminals"), "inspector": ("稽查", "inspectors"), "shop": ("门店", "shops"),
  ]

  private static let table: [(String, String, String)] = [
    ("finding", "发现类型", "Finding"), ("grain", "统计粒度", "Grain"), ("time", "时间（Unix 秒）", "Time (Unix seconds)"),
    ("sightings", "独立扫码", "Independent sightings"), ("seen", "已见", "Seen"),
    ("dispatchSightings", "本发货单扫码总数", "Sightings of this dispatch"), ("inspectors", "其中稽查", "By inspectors"),
    ("terminals", "其中终端", "By terminals"), ("consumers", "其中消费者", "By consumers"),
    ("observers", "扫码人数", "Observers"), ("observersPossible", "可能人数", "Observers possible"),
    ("sessions", "扫码次数（合并同次）", "Sessions"), ("sessionsPossible", "可能次数", "Sessions possible"),
    ("codes", "编码数", "Codes"), ("places", "地点数", "Places"), ("firstAt", "首次", "First"), ("lastAt", "最近", "Last"),
    ("expected", "正常预期", "Normally expected"), ("exposure", "全部扫码量", "All sightings of the goods"),
    ("dealerSightings", "该经销商全部扫码", "Sightings of this dealer's goods"),
    ("dealerSightingsThere", "其中在该地", "Of these, there"), ("rate", "该地正常比率", "Normal rate there"),
    ("rateByDistance", "仅按距离的比率", "Rate by distance alone"), ("kilometers", "相距公里", "Kilometres apart"),
    ("accuracyKilometers", "定位误差（公里）", "Accuracy, kilometres"),
    ("neighbour", "相邻地区（1 是，0 否）", "Neighbours (1 yes, 0 no)"),
    ("history", "历史天数", "Days of history"), ("season", "季节系数", "Season"), ("diffusion", "扩散系数", "Diffusion"),
    ("suspectStores", "登记存疑门店", "Shops whose registration is in doubt"),
    ("onSale", "估计在该地销售占比", "Share on sale there, estimated"),
    ("lots", "该店货批", "Lots in the shop"), ("foreignLots", "其中外区货批", "Of these, foreign"),
    ("foreignLotsOfDealer", "其中该经销商的", "Of these, the dealer's"), ("usualShare", "通常占比", "Usual share"),
    ("minutes", "间隔分钟", "Minutes between"), ("kilometersPerHour", "所需时速", "km/h needed"),
    ("kilometersPerHourPossible", "可能时速", "km/h possible"), ("clockSlackMinutes", "时钟误差（分钟）", "Clock slack, minutes"),
    ("fromRegion", "先见于", "Seen first in"), ("toRegion", "后见于", "Then in"), ("source", "来源", "Source"),
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
    ("windowMinutes", "观察分钟", "Window, minutes"), ("least.any", "至少（折算次数）", "At least, weighted sightings"),
    ("least.shelf", "至少（终端或稽查）", "At least, by terminals or inspectors"),
    ("least.inspector", "至少（稽查）", "At least, by inspectors"),
    ("least.multiple", "至少为预期的倍数", "At least, times the expected"), ("least.lots", "至少货批", "At least, lots"),
    ("least.justUnder", "至少略低于限价", "At least, just under the floor"),
  ]
}
