import Ledger

/// Why a step of a case was not taken. Nothing was changed by it.
package enum CaseError: Error, Equatable, Sendable, StorageFailing {
  /// There is no such case, or it is none of the asker's.
  case noCase(CaseID)
  /// The role has nothing to do with this.
  case notAllowed(Role)
  /// A field cannot be what it is; the pointer names it (RFC 6901).
  case invalid(field: String, CaseFault)
  /// The step is impossible as things stand.
  case refused(CaseRefusal)
  /// The data folder does not take attachments: why, for the log.
  case storage(String)
  /// There is no such inspection, or it is none of the asker's.
  case noInspection
  /// The ledger failed.
  case ledger(LedgerError)
}

/// What is wrong with a field.
package enum CaseFault: Equatable, Sendable {
  /// Empty, or longer than this many characters; or with control characters.
  case length(max: Int), characters
  /// Names something that is not there.
  case unknown(String)
  /// Named twice, or more than this many.
  case repeated, tooMany(max: Int)
  /// Must be given here; must not be given here.
  case missing, unwanted
  /// Not between these, in days from now.
  case deadline(first: Int64, last: Int64)
  /// Not a PNG, JPEG or PDF by its content; larger than this many bytes; another hash than stated.
  case type, tooLarge(max: Int), hash
  /// The proof is not what its kind says.
  case notAProof
  /// The key belongs to nobody who works on cases.
  case notAWorker
}

/// Why a step is impossible as things stand.
package enum CaseRefusal: Equatable, Sendable {
  /// The case is not at a stage for it.
  case state(CaseState)
  /// The alert belongs to a case, or was closed before.
  case alertTaken(String)
  /// Alerts about several dealers in one case.
  case severalDealers
  /// A price alert together with others (Anti-Monopoly Law Art. 18; product.md).
  case priceApart
  /// A penalty that would rest on a price alert (Anti-Monopoly Law Art. 18).
  case pricePenalty
  /// The one who opened, proposed or decided may not decide.
  case samePerson
  /// Confirming needs a business proof beside scans.
  case proofMissing
  /// The case is about nobody who could be told, answer or be penalised.
  case noDealer
  /// The dealer may still answer.
  case answerAwaited(until: Timestamp)
  /// Only a confirmed case has penalties.
  case notConfirmed
  /// The time for it is over.
  case tooLate(Timestamp)
  /// There was an appeal before.
  case appealedBefore
  /// The dealer may still appeal.
  case appealAwaited(until: Timestamp)
  /// A correction of the record cleared every alert of the case, or the one that the penalty would rest on.
  case cleared
  /// The inspection has ended; the scan is none of the inspector's, or of another inspection.
  case inspectionEnded, scanNotOwn(Int64)
  /// These bytes are in the case already.
  case attachedBefore
}

extension CaseRefusal {
  /// The stable word for the reason.
  package var slug: String {
    // The case's own name: arguments stand in parentheses behind it.
    switch self {
    case .state: "wrongState"
    default: String(String(describing: self).prefix { $0 != "(" })
    }
  }

  /// The sentence that people read.
  package var sentence: (zh: String, en: String) {
    switch self {
    case .state(let state): ("案件当前状态（\(state.rawValue)）不允许此操作", "not while the case is \(state.rawValue)")
    case .alertTaken(let id): ("预警 \(id) 已立案或已关闭", "alert \(id) belongs to a case or was closed")
    case .severalDealers: ("一个案件只能涉及一家经销商", "one case is about one dealer")
    case .priceApart:
      (
        "价格预警不得与窜货等其他预警并案：依《反垄断法》第十八条，限定最低转售价格受限，价格线索不得作为窜货处罚的依据",
        "a price alert cannot stand in a case with others: fixing resale prices is restricted (Anti-Monopoly Law Art. 18), "
          + "so a price never feeds a diversion penalty"
      )
    case .pricePenalty:
      (
        "处罚不得以价格预警为依据：依《反垄断法》第十八条，限定最低转售价格受限，低价销售不构成窜货",
        "a penalty cannot rest on a price alert: fixing resale prices is restricted (Anti-Monopoly Law Art. 18), and a low "
          + "price is no diversion"
      )
    case .samePerson:
      ("须由立案人、提议人以外的第二人决定；申诉须由原决定人以外的人决定", "somebody else must decide than who opened, proposed or decided it")
    case .proofMissing:
      (
        "认定窜货除扫码外还须至少一项业务证据（稽查走访及照片、购货小票、发货记录或经销商自认）",
        "confirming needs a business proof beside scans: an inspector's visit with photos, a receipt, the dispatch record "
          + "or the dealer's admission"
      )
    case .noDealer: ("案件不涉及经销商", "the case is about no dealer")
    case .answerAwaited(let until): ("经销商答复期未满（至 \(until)）", "the dealer may answer until \(until)")
    case .notConfirmed: ("只有认定成立的案件才可处罚", "only a confirmed case has penalties")
    case .tooLate(let until): ("期限已过（\(until)）", "the time for it ended at \(until)")
    case .appealedBefore: ("已申诉过一次", "there was an appeal before")
    case .appealAwaited(let until): ("申诉期未满（至 \(until)）", "the dealer may appeal until \(until)")
    case .cleared:
      ("预警依据的记录已更正，预警已撤销，不得据此认定或处罚", "a correction of the record cleared the alert; nothing can rest on it")
    case .inspectionEnded: ("稽查已结束", "the inspection has ended")
    case .scanNotOwn(let scan):
      ("扫码 S\(scan) 不是该稽查员在本次稽查中所扫", "scan S\(scan) is not this inspector's, or belongs to another inspection")
    case .attachedBefore: ("同一文件已在案卷中", "the same file is in the case already")
    }
  }
}
