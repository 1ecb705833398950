/// Every sentence that explains a finding, in both languages. Numbers come in braces.
enum Phrase: String, CaseIterable {
  case seen, seenStore, seenOnSale, seenDays, normal, normalStore, origin, originSparse, history, unlikely, share
  case weighed, travelHigh, travelPlain, onlineHigh, onlinePlain, onlineDealer, storesSuspect, storesPlain, borderNear,
    borderFar
  case settleGoods, settleInspect, settleStore, storeAlternatives
  case copySeen, copyAway, copyHere, copyFast, copyNormal, copyLot, copyAlternatives, copySettle
  case priceSeen, priceNormal, priceAlternatives, priceSettle
  case guessSeen, guessNormal, guessAlternatives, guessSettle, device, network
  case missingSeen, missingNormal, missingOutside, missingAlternatives, missingSettle
  case burningSeen, burningNormal, burningAlternatives, burningSettle
  case registrationSeen, registrationMeaning, registrationSettle
  case gps, ip, terminal, inspector, shop, under

  /// Chinese, then English.
  var texts: (zh: String, en: String) {
    switch self {
    case .gps: ("消费者定位 {n} 次", "{n} by consumers' positions")
    case .ip: ("消费者网络地址 {n} 次", "{n} by consumers' network addresses")
    case .terminal: ("门店终端 {n} 次", "{n} by terminals")
    case .inspector: ("稽查 {n} 次", "{n} by inspectors")
    case .shop: ("消费者在售点内 {n} 次", "{n} by consumers at a point of sale")
    case .under: ("不到 {n}", "Under {n}")
    case .seen:
      (
        "经销商 {dealer} 的货在授权区域外的 {region} 被独立看到 {n} 次（{sources}）{lot}。",
        "Goods of dealer {dealer} were seen {n} times independently in {region}, outside their territory ({sources}){lot}."
      )
    case .seenDays: ("，批次 {lot}", ", lot {lot}")
    case .seenOnSale:
      ("其中 {n} 次就在售点上，说明货在那里出售。", "At a point of sale among these: {n}; the goods were for sale there.")
    case .seenStore:
      (
        "门店 {store}（{region}）出现的 {lots} 个批次中，{foreign} 个属于未获该区域授权的经销商，其中 {mine} 个属于 {dealer}。",
        "Of {lots} lots seen in store {store} ({region}), {foreign} belong to dealers without that territory, {mine} of them to {dealer}."
      )
    case .normal: ("正常情况下预计 {expected} 次。", "{expected} would be normal.")
    case .normalStore: ("当地门店这一比例通常为 {usual}。", "The usual share in stores there is {usual}.")
    case .origin:
      (
        "这一正常值来自该经销商的 {all} 次扫码（其中 {there} 次在该地）以及所有经销商在同等距离（约 {km} 公里）的记录：每次定位扫码落在该地的概率为 {rate}（仅按距离和人口为 {plain}）。",
        "That comes from {all} sightings of this dealer's goods, {there} of them there, and from all dealers' goods at such a distance (about {km} km): the chance that one position is there is {rate}, by distance and inhabitants alone {plain}."
      )
    case .originSparse:
      (
        "该经销商的记录还少（{all} 次），正常值主要来自其他经销商在同等距离（约 {km} 公里）的记录：概率 {rate}。",
        "This dealer's record is short ({all} sightings); the normal number rests mostly on other dealers at such a distance (about {km} km): a chance of {rate}."
      )
    case .history:
      ("这两地之间以往的记录使正常值乘以 {factor}。", "The record of this pair of places multiplies the normal number by {factor}.")
    case .unlikely:
      (
        "证据比为 {odds} 比 1；按可接受的误报比例，至少需要 {needed} 比 1。",
        "The evidence is {odds} to 1; the accepted share of false alerts asks for {needed} to 1."
      )
    case .share: ("估计约 {share} 的货在那里。", "About {share} of the goods are there, by this estimate.")
    case .weighed: ("已考虑的其他解释：", "Other explanations weighed: ")
    case .travelHigh:
      (
        "出行——近日区域外的扫码总量是各地正常值合计的 {factor} 倍，已计入；",
        "travel: all goods together are seen outside {factor} times as often as their rates say these days, which is counted in; "
      )
    case .travelPlain: ("出行——近日区域外的扫码总量与正常值相当，已计入；", "travel: no more than the rates say these days, counted in; ")
    case .onlineHigh:
      (
        "电商——该批货在其他外地也偏多（{factor} 倍），已计入；",
        "online sale: the lot is also seen elsewhere outside, {factor} times the normal, counted in; "
      )
    case .onlinePlain: ("电商——该批货在其他外地并不偏多；", "online sale: the lot is not seen more than normal elsewhere; ")
    case .onlineDealer:
      (
        "电商——该经销商的货在各外地的常有数量已计入正常值；",
        "online sale: what of this dealer's goods is usual everywhere outside is in the normal number; "
      )
    case .storeAlternatives:
      (
        "已考虑的其他解释：门店登记错误——其货物并不更适合其他地区；未登记的调拨——不能排除。",
        "Other explanations weighed: misregistered store: its goods fit no other place better; an unrecorded transfer: not excluded."
      )
    case .storesSuspect:
      ("门店登记错误——该地有登记可疑的门店，其 {n} 次扫码未计入；", "misregistered store: {n} scans of suspect stores there were left out; ")
    case .storesPlain: ("门店登记错误——该地没有登记可疑的门店；", "misregistered store: none is suspect there; ")
    case .borderNear:
      (
        "边界——两地相邻（{km} 公里），正常往来按此距离计入。",
        "border trade: the places are neighbours ({km} km), and what is normal so near is counted in."
      )
    case .borderFar: ("边界——相距 {km} 公里，并不相邻。", "border trade: not neighbours, {km} km apart.")
    case .settleGoods:
      (
        "核实办法：请经销商提供该批次的出货单；核对是否有未登记的调拨。",
        "To settle it: the dealer's delivery notes for these goods; whether a transfer went unrecorded."
      )
    case .settleInspect:
      ("派稽查到该地售点查看同批次箱码。", "An inspector at the points of sale there, for box codes of the same lots.")
    case .settleStore:
      (
        "核实办法：到该门店查看进货凭证和箱码，并核对门店登记地址。",
        "To settle it: the store's purchase records and box codes, and its registered address."
      )
    case .copySeen:
      (
        "编码 {code} 被 {devices} 部不同手机扫过，可区分的地点 {places} 处。",
        "Code {code} was scanned by {devices} different phones; places that can be told apart: {places}."
      )
    case .copyAway: ("最近一次离以前最近的地点 {km} 公里。", "The latest is {km} km from the nearest earlier one.")
    case .copyHere: ("最近一次就在以前扫过的地点。", "The latest is where an earlier one was.")
    case .copyFast: ("同一件商品需以每小时 {speed} 公里移动。", "One item would have had to travel at {speed} km/h.")
    case .copyNormal:
      ("真品再被另一部手机扫到的概率通常只有 {chance}。", "A genuine code meets one more phone with a chance of {chance}.")
    case .copyLot:
      ("同一批次有 {n} 个编码有复制迹象，合并证据。", "{n} codes of the same lot show copies; their evidence counts together.")
    case .copyAlternatives:
      (
        "已考虑的其他解释：展示品（同一地点多人扫码）、转赠、定位误差（已扣除三倍精度）、网络地址不准。",
        "Other explanations weighed: an item on display (many phones in one place), a gift, errors of position (three times the accuracy is subtracted), inexact network addresses."
      )
    case .copySettle:
      (
        "核实办法：请扫码人提供包装照片，比对防伪特征；稽查购买样品。",
        "To settle it: photographs of the packages from those who scanned, compared feature by feature; samples bought by an inspector."
      )
    case .priceSeen:
      (
        "门店 {store} 的 {sales} 次售价记录中有 {under} 次略低于限价（最低为限价的 {lowest}）。",
        "Of {sales} prices of store {store}, {under} were just under the floor, the lowest {lowest} of it."
      )
    case .priceNormal:
      ("正常门店约每 1,000 次有 1 至 2 次。", "One or two in 1,000 are normal for a store.")
    case .priceAlternatives:
      (
        "已考虑的其他解释：录入错误——远低于限价的 {absurd} 次几乎不计；临期促销未知。价格提示不作为窜货处罚依据。",
        "Other explanations weighed: typing errors ({absurd} prices far under the floor hardly count); a permitted promotion is not known here. A price never feeds a diversion penalty."
      )
    case .priceSettle: ("核实办法：查看小票和促销审批。", "To settle it: receipts and approvals of promotions.")
    case .device: ("手机", "Phone")
    case .network: ("网络", "Network")
    case .guessSeen:
      (
        "{what} {device} 扫了 {failing} 个不存在的编码，{genuine} 个存在的编码。",
        "{what} {device} scanned {failing} codes that do not exist and {genuine} that do."
      )
    case .guessNormal: ("正常情况下每 100 次约有 2 次无法识别。", "Normally about 2 in 100 fail.")
    case .guessAlternatives:
      ("已考虑的其他解释：标签破损、误扫其他品牌的编码。", "Other explanations weighed: damaged labels, other brands' codes.")
    case .guessSettle:
      ("核实办法：限制该来源；查看编码是否印在商品上。", "To settle it: limit the source; see whether the codes are printed on goods.")
    case .missingSeen:
      (
        "批次 {lot}（经销商 {dealer}）发货 {days} 天后，{boxes} 箱中只有 {seen} 箱被扫到过。",
        "{days} days after dispatch, {seen} of {boxes} boxes of lot {lot} (dealer {dealer}) were ever scanned."
      )
    case .missingNormal:
      ("同产品的其他批次此时平均有 {expected} 箱。", "At the rate of the product's other lots it would be {expected} by then.")
    case .missingOutside:
      ("被扫到的箱中有 {n} 箱最先在区域外被扫到。", "Boxes first scanned outside the territory: {n}.")
    case .missingAlternatives:
      (
        "已考虑的其他解释：销售较慢或扫码较少的批次（按批次间差异计入）；库存未售未知。",
        "Other explanations weighed: a lot that sells or is scanned less (the spread between lots is counted in); whether it is unsold in a warehouse is not known."
      )
    case .missingSettle:
      ("核实办法：盘点该经销商库存；稽查时留意编码被刮除的商品。", "To settle it: count the dealer's stock; look for goods with scraped codes.")
    case .burningSeen:
      (
        "手机 {device} 在 {seconds} 秒内扫了 {boxes} 箱中的 {codes} 个不同编码。",
        "Phone {device} scanned {codes} different codes of {boxes} boxes within {seconds} seconds."
      )
    case .burningNormal:
      ("正常手机继续扫另一箱的概率只有 {chance}。", "An ordinary phone goes on to another box with a chance of {chance}.")
    case .burningAlternatives:
      (
        "已考虑的其他解释：团购或礼品分发（通常在同一箱内）；门店盘点应使用终端。",
        "Other explanations weighed: a group purchase (mostly of one box); a store's stock-taking, which would use its terminal."
      )
    case .burningSettle:
      (
        "核实办法：查明该手机由谁使用；这些编码的首次扫码不应作为消费者扫码。",
        "To settle it: who uses the phone; first scans of these codes are not consumers'."
      )
    case .registrationSeen:
      (
        "门店 {store} 登记在 {region}，但其 {all} 次扫码中只有 {fit} 次的货属于该地，{other} 次的货属于 {elsewhere}。",
        "Store {store} is registered in {region}, but of {all} scans there {fit} are of goods that belong there and {other} of goods that belong in {elsewhere}."
      )
    case .registrationMeaning:
      (
        "更可能是登记有误，而不是窜货；在更正之前，该门店的扫码不作为窜货证据。",
        "The registration is more likely wrong than the goods: until it is corrected, the store's scans are no evidence of diversion."
      )
    case .registrationSettle: ("核实办法：核对门店地址。", "To settle it: the store's address.")
    }
  }
}
