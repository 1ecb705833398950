/// The links of the chain that a bundle proves, in the order in which they are checked and shown.
package enum LinkName: String, CaseIterable, Sendable {
  /// The ZIP is, byte for byte, the one way to write these files.
  case container
  /// The manifest lists every file with its right size and hash.
  case manifest
  /// The log's key signed the manifest.
  case manifestSignature
  /// The keys in the bundle are those that the reader trusts.
  case keys
  /// The log's key signed the checkpoint.
  case checkpoint
  /// Authorities that the reader trusts say when the checkpoint existed.
  case timeStamps
  /// Enough witnesses that the reader knows have seen the checkpoint.
  case witnesses
  /// Every event is in the log, under that checkpoint.
  case events
  /// Every personal field shown is the one that its event committed to.
  case disclosures
  /// The brand issued the codes.
  case issued
  /// They were in these boxes when they left.
  case packed
  /// They were dispatched to this dealer, for these territories, before the scans.
  case dispatched
  /// The seals on the boxes say the same.
  case sealed
  /// They were passed on in an unbroken line.
  case transferred
  /// They were scanned there, then.
  case scanned
  /// The alert rests on those scans, and its numbers are theirs.
  case judged
  /// What the case claims is what the alert says.
  case claim
}

extension LinkName {
  /// The name for people.
  package var title: Wording {
    switch self {
    case .container: Wording(zh: "容器", en: "container")
    case .manifest: Wording(zh: "清单", en: "manifest")
    case .manifestSignature: Wording(zh: "清单签名", en: "manifest signature")
    case .keys: Wording(zh: "公钥", en: "keys")
    case .checkpoint: Wording(zh: "检查点", en: "checkpoint")
    case .timeStamps: Wording(zh: "时间戳", en: "time stamps")
    case .witnesses: Wording(zh: "见证人", en: "witnesses")
    case .events: Wording(zh: "账本事件", en: "ledger events")
    case .disclosures: Wording(zh: "披露字段", en: "disclosed fields")
    case .issued: Wording(zh: "赋码", en: "issued")
    case .packed: Wording(zh: "装箱", en: "packed")
    case .dispatched: Wording(zh: "发货", en: "dispatched")
    case .sealed: Wording(zh: "封签", en: "sealed")
    case .transferred: Wording(zh: "流转", en: "transferred")
    case .scanned: Wording(zh: "扫码", en: "scanned")
    case .judged: Wording(zh: "判定", en: "judged")
    case .claim: Wording(zh: "主张", en: "claim")
    }
  }
}
