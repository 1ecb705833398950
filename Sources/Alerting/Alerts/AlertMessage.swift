/// The catalogue of explanations: what every alert says to a person, in both languages.
///
/// `{name}` stands for a number of the clue or a member of its subject, see `Explanation`. Each says what was seen, how
/// much of it the rule asks for, and what else it may be: a clue is a reason to look, never a finding.
package enum AlertMessage: String, Sendable, CaseIterable {
  case outsideSeveral, outsideInspector, outsideOneShop
  case priceSeveral, priceInspector
  case copyDistance, copyObservers, copyPlaceless
  case forgedBurst, forgedText, forgedProduct
  case unsoldVoided, unsoldReturned, unsoldUndispatched
  /// In the words of the engine of detection, made from the clue's numbers.
  case detection

  /// In Chinese.
  var chinese: String {
    switch self {
    case .detection: "{detection}"
    case .outsideSeveral:
      """
      发货单 {dispatch}（经销商 {dealer}）的货物只准在 {territories} 销售，却在 {region} 被独立扫码 {sightings} 次\
      （终端 {terminals}、消费者 {consumers}、稽查 {inspectors}），规则要求 {needed} 次；{windowDays} 天内该发货单共被看到\
       {dispatchSightings} 次。也可能是旅行、赠礼、网购转寄或终端登记地有误，请核实后再作结论。\
      （由保底规则提出：数据尚少时，同一地区至少三个独立见证。）
      """
    case .outsideInspector:
      """
      稽查人员在 {region} 扫到发货单 {dispatch}（经销商 {dealer}）的货物，该货物只准在 {territories} 销售；\
      同一地区独立扫码共 {sightings} 次（稽查 {inspectors}、终端 {terminals}、消费者 {consumers}）。\
      请结合现场照片、进货凭证与经销商答复再作结论。（由稽查规则提出：稽查人员一次所见即可。）
      """
    case .outsideOneShop:
      """
      “{source}”在 {region} {hours} 小时内扫到发货单 {dispatch}（经销商 {dealer}）的 {codes} 个不同的码（规则要求 {needed} 个），\
      该货物只准在 {territories} 销售。可能是店内存有外区货，也可能是该终端登记地有误，或一次赠礼，请先核对登记地。（由保底规则提出。）
      """
    case .priceSeveral:
      """
      商品 {gtin}（经销商 {dealer}）在 {region} 有 {sightings} 次独立的终端扫码价格低于价格政策 {policy} 第 {policyVersion} 版的\
      限价 {floor}，最低 {lowest}（限价的 {lowestPermilleOfFloor}‰）。可能是临期、破损或录入错误。价格线索不作为窜货依据。
      """
    case .priceInspector:
      """
      稽查人员在 {region} 看到商品 {gtin}（经销商 {dealer}）售价 {lowest}，低于价格政策 {policy} 第 {policyVersion} 版的限价\
       {floor}（为限价的 {lowestPermilleOfFloor}‰）。价格线索不作为窜货依据。
      """
    case .copyDistance:
      """
      同一个码先后在 {fromRegion} 与 {toRegion} 被扫，相距 {kilometers} 公里，间隔 {minutes} 分钟；扣除定位误差\
      （两处合计 {accuracyKilometers} 公里的三倍）并留出 {clockSlackMinutes} 分钟时钟误差后，仍需时速 {kilometersPerHour} 公里，\
      超过可能的 {kilometersPerHourPossible} 公里。该码很可能被复制；也可能是手机位置被伪造。
      """
    case .copyObservers:
      """
      同一个码在 {windowDays} 天内被 {observers} 个互不相干的人或终端扫过，一件商品至多约 {observersPossible} 个。该码很可能被复制。
      """
    case .copyPlaceless:
      """
      同一个码在 {windowDays} 天内被未提供位置的人在 {sessions} 个不同时段扫过，一件商品至多约 {sessionsPossible} 个。\
      该码很可能被复制。
      """
    case .forgedBurst:
      """
      来源“{source}”在 {windowMinutes} 分钟内扫了 {codes} 个不是本品牌签发的码（商品 {gtin}）。可能有人在猜码，或手中有一批假货。
      """
    case .forgedText:
      """
      同一个不是本品牌签发的码（商品 {gtin}）在 {windowDays} 天内出现在 {places} 个地方，最近在 {region}：像是印在多件假货上。
      """
    case .forgedProduct:
      """
      {region} 在 {windowDays} 天内有互不相干的人扫到 {codes} 个不是本品牌签发的码，都自称商品 {gtin}：当地很可能在卖假货。
      """
    case .unsoldVoided:
      """
      已作废的商品 {gtin} 在 {region} 被 {sightings} 次扫码看到（稽查 {inspectors}、终端 {terminals}、消费者 {consumers}）。\
      作废品不应在售，请立即查明去向。
      """
    case .unsoldReturned:
      """
      已退货的商品 {gtin} 在 {region} 被独立扫码 {sightings} 次（稽查 {inspectors}、终端 {terminals}、消费者 {consumers}）。\
      退货品在重新发货前不应在售；也可能是退货登记有误。
      """
    case .unsoldUndispatched:
      """
      从未发货的商品 {gtin} 在 {region} 被独立扫码 {sightings} 次（稽查 {inspectors}、终端 {terminals}、消费者 {consumers}）。\
      可能是仓库流失，也可能是发货尚未录入。
      """
    }
  }

  /// In English.
  var english: String {
    switch self {
    case .detection: "{detection}"
    case .outsideSeveral:
      """
      Goods of dispatch {dispatch} (dealer {dealer}) may be sold only in {territories}, yet {sightings} independent \
      sightings put them in {region} ({terminals} by terminals, {consumers} by consumers, {inspectors} by inspectors); \
      the rule asks for {needed}. Within {windowDays} days the dispatch was seen {dispatchSightings} times in all. It \
      may also be travel, gifts, online resale or a terminal registered in the wrong place: check before concluding. \
      (Raised by the plain rule for the time while data are few: at least three independent witnesses in one region.)
      """
    case .outsideInspector:
      """
      An inspector found goods of dispatch {dispatch} (dealer {dealer}) in {region}; they may be sold only in \
      {territories}. Independent sightings there: {sightings} ({inspectors} by inspectors, {terminals} by terminals, \
      {consumers} by consumers). Weigh photographs, purchase records and the dealer's answer before concluding. \
      (Raised by the inspectors' rule: one sighting of theirs is enough.)
      """
    case .outsideOneShop:
      """
      Within {hours} hours "{source}" scanned {codes} different codes of dispatch {dispatch} (dealer {dealer}) in \
      {region}; the rule asks for {needed}, and the goods may be sold only in {territories}. The shop holds goods of \
      another territory, or it is registered in the wrong place, or it was one gift: check its registration first. \
      (Raised by the plain rule for the time while data are few.)
      """
    case .priceSeveral:
      """
      In {region}, {sightings} independent terminal scans of product {gtin} (dealer {dealer}) show prices below the \
      floor {floor} of price policy {policy}, version {policyVersion}; the lowest is {lowest} \
      ({lowestPermilleOfFloor}‰ of the floor). It may be short-dated or damaged stock, or a slip. A price never is \
      evidence of diversion.
      """
    case .priceInspector:
      """
      In {region}, an inspector saw product {gtin} (dealer {dealer}) at {lowest}, below the floor {floor} of price \
      policy {policy}, version {policyVersion} ({lowestPermilleOfFloor}‰ of it). A price never is evidence of \
      diversion.
      """
    case .copyDistance:
      """
      The same code was scanned in {fromRegion} and then in {toRegion}, {kilometers} km apart, {minutes} minutes \
      later. After taking off three times the accuracy ({accuracyKilometers} km for both) and allowing \
      {clockSlackMinutes} minutes for wrong clocks, it would have travelled at {kilometersPerHour} km/h; \
      {kilometersPerHourPossible} is possible. The code is probably copied; or a phone's position was faked.
      """
    case .copyObservers:
      """
      Within {windowDays} days the same code was scanned by {observers} unrelated people or terminals; one item has \
      about {observersPossible} at most. The code is probably copied.
      """
    case .copyPlaceless:
      """
      Within {windowDays} days people who gave no place scanned the same code in {sessions} separate sessions; one \
      item has about {sessionsPossible} at most. The code is probably copied.
      """
    case .forgedBurst:
      """
      The source "{source}" scanned {codes} codes that were never issued (product {gtin}) within {windowMinutes} \
      minutes. Somebody is guessing codes, or holds a lot of counterfeits.
      """
    case .forgedText:
      """
      One and the same code that was never issued (product {gtin}) turned up at {places} places within {windowDays} \
      days, last in {region}: it seems to be printed on many counterfeits.
      """
    case .forgedProduct:
      """
      In {region}, within {windowDays} days, unrelated people scanned {codes} codes that were never issued and claim \
      to be product {gtin}: counterfeits are probably sold there.
      """
    case .unsoldVoided:
      """
      Voided goods of product {gtin} were seen in {region}; scans: {sightings} ({inspectors} by inspectors, \
      {terminals} by terminals, {consumers} by consumers). Voided goods must not be on sale: find out at once where \
      they came from.
      """
    case .unsoldReturned:
      """
      Returned goods of product {gtin} were seen in {region}; independent scans: {sightings} ({inspectors} by \
      inspectors, {terminals} by terminals, {consumers} by consumers). Before they are dispatched again they should \
      not be on sale; or the return was recorded by mistake.
      """
    case .unsoldUndispatched:
      """
      Goods of product {gtin} that were never dispatched were seen in {region}; independent scans: {sightings} \
      ({inspectors} by inspectors, {terminals} by terminals, {consumers} by consumers). They left the warehouse \
      unrecorded, or their dispatch has not been entered yet.
      """
    }
  }
}
