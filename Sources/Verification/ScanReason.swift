/// Why a verdict is what it is. The raw values are part of the interface and never change.
package enum ScanReason: String, Sendable, CaseIterable {
  case genuine
  case malformedCode, failedTag, unknownEpoch, neverIssued
  case anotherBrand, unknownBox, boxUnsealed
  case sealValid, sealTampered, sealKeyRevoked, sealKeyUnknown, sealMalformed
  case impossibleTravel, copySuspected
  case voided, returnedGoods, notDispatched, alreadySold
  case regionInside, regionOutside, beyondMap, circleTouchesTerritory, circleLeavesTerritory, ipTooCoarse
  case placeUnknown, regionUnknown, regionCoarserThanTerritory, regionDivided, boundaryNotMapped, territoryUnknown
  case priceBelowFloor, currencyDiffers
  case bindingCorrected, transferRecognised, boxLabelCorrected, labelReplaces, labelReplaced, boxOpened
  case notRecorded

  /// The sentence that people read.
  package var message: (zh: String, en: String) { Self.messages[self] ?? (rawValue, rawValue) }

  private static let messages: [ScanReason: (zh: String, en: String)] = [
    .genuine: ("编码由品牌签发，验证通过", "The code was issued by the brand and authenticates"),
    .malformedCode: ("编码格式不正确", "The code is malformed"),
    .failedTag: ("编码未通过防伪验证", "The code does not authenticate"),
    .unknownEpoch: ("编码所用密钥不存在", "The code names a key that does not exist"),
    .neverIssued: ("该编码从未签发", "This code was never issued"),
    .anotherBrand: ("不是本品牌的编码", "This is not a code of this brand"),
    .unknownBox: ("不是本品牌签发的箱码", "This box code was not issued by this brand"),
    .boxUnsealed: ("箱码没有数字封签，本身不能证明真伪", "The box code carries no seal; by itself it proves nothing"),
    .sealValid: ("箱码封签有效", "The seal is valid"),
    .sealTampered: ("封签被篡改", "The seal was tampered with"),
    .sealKeyRevoked: ("封签所用密钥已吊销", "The seal was made with a revoked key"),
    .sealKeyUnknown: ("封签所用密钥未知", "The seal names an unknown key"),
    .sealMalformed: ("封签格式不正确", "The seal is malformed"),
    .impossibleTravel: ("同一编码在短时间内出现在相距过远的两地", "The same code was seen too far away too short a time ago"),
    .copySuspected: ("该编码疑似被复制，正在核查", "This code is suspected of having been copied"),
    .voided: ("该编码已作废", "This code is void"),
    .returnedGoods: ("该商品已退回品牌方", "These goods were returned to the brand"),
    .notDispatched: ("该商品尚未发货给任何经销商", "These goods were not dispatched to any dealer"),
    .alreadySold: ("该商品已售出", "This item was sold before"),
    .regionInside: ("扫码地点在授权区域内", "The scan was inside the authorised territory"),
    .regionOutside: ("扫码地点在授权区域外", "The scan was outside the authorised territory"),
    .beyondMap: ("扫码地点不在地图范围内，也不在授权区域附近", "The place is off the map and far from the territory"),
    .circleTouchesTerritory: ("定位误差范围触及授权区域，无法确定", "The accuracy circle touches the territory"),
    .circleLeavesTerritory: ("定位误差范围超出授权区域，无法确定", "The accuracy circle reaches over the border"),
    .ipTooCoarse: ("仅有网络地址，定位过于粗略，无法确定", "A network address alone is too coarse to tell"),
    .placeUnknown: ("未提供扫码地点", "The place of the scan is not known"),
    .regionUnknown: ("扫码地点的区划代码不存在", "The region code of the scan does not exist"),
    .regionCoarserThanTerritory: ("扫码地点范围大于授权区域，无法确定", "The place is known less exactly than the territory"),
    .regionDivided: ("扫码地点的旧区划现已拆分，无法确定", "The old region is now partly inside and partly outside"),
    .boundaryNotMapped: ("该处边界没有地图数据，无法确定", "The boundary there is not mapped"),
    .territoryUnknown: ("授权区域为空", "The territory is empty"),
    .priceBelowFloor: ("价格低于价格政策的限价", "The price is below the floor of the price policy"),
    .currencyDiffers: ("价格币种与价格政策不同，未作比较", "The price is in another currency than the policy"),
    .bindingCorrected: ("发货绑定已更正，按更正后的经销商和区域判定", "The binding was corrected; judged by what is now known"),
    .transferRecognised: ("经核准的调货已补登，按接收经销商判定", "An authorised transfer was recorded; judged by the receiving dealer"),
    .boxLabelCorrected: ("箱标互贴（串码）已更正", "The labels of two boxes were exchanged; this was corrected"),
    .labelReplaces: ("该编码是补发的标签，替代损坏的旧码", "This label was issued to replace a damaged one"),
    .labelReplaced: ("该编码已由补发的新标签替代（补码）", "This label was replaced by another one"),
    .boxOpened: ("该箱已拆，箱码不再代表箱内商品", "This box was opened; its code no longer stands for the goods"),
    .notRecorded: ("短时间内伪码过多，本次扫码未记录", "Too many forged codes in a short time; this scan was not recorded"),
  ]
}
