import Alerting
import Issuing
import Ledger
import TransparencyLog
import Verification

extension Problem {
  /// A refusal of issuing. `pointer` says where in the body a unit stands.
  package init(_ error: IssuingError, pointer: (Int) -> String = { "/units/\($0)" }) {
    switch error {
    case .invalid(let field, let reason): self = .field(field, reason.sentence)
    case .exists(let field, let code):
      self.init(.conflict, "exists", "It exists already", "已存在", detail: code, pointer: field)
    case .unknown(let field, let code):
      self.init(
        .unprocessableContent, "unknown-reference", "A field names nothing known", "引用的对象不存在",
        detail: code, pointer: field)
    case .refused(let refusals):
      self.init(
        .conflict, "refused", "The step is impossible; nothing was changed", "该操作无法执行，未作任何更改",
        detail: refusals.first?.reason.sentence.en, pointer: refusals.first?.unit.map(pointer),
        extra: ["refusals": .array(refusals.prefix(1000).map(\.json)), "refusalCount": .integer(Int64(refusals.count))])
    case .idReused(let id):
      self.init(
        .conflict, "step-id-reused", "Another step was sent under this clientStepId", "该步骤编号已用于另一步骤",
        detail: id, pointer: "/clientStepId")
    case .alreadyPrinted(let print):
      self.init(
        .conflict, "already-printed", "These labels were printed before; printing them again needs a reason",
        "这些标签已打印过，重新打印请填写原因", pointer: "/reason", extra: ["print": print.json])
    case .ledger(let error): self.init(error)
    }
  }

  /// A scan that was not taken.
  package init(_ error: VerificationError) {
    switch error {
    case .invalid(let field, let fault): self = .field(field, fault.sentence)
    case .overloaded:
      self.init(.serviceUnavailable, "overloaded", "Too many scans wait; try again", "扫码请求过多，请稍后重试")
    case .ledger(let error): self.init(error)
    }
  }

  /// A key that could not be made or found.
  package init(_ error: AccessError) {
    switch error {
    case .unknownDealer(let code):
      self.init(
        .unprocessableContent, "unknown-reference", "A field names nothing known", "引用的对象不存在",
        detail: code, pointer: "/dealer")
    case .dealerMissing: self = .field("/dealer", "a dealer's key names its dealer")
    case .unknownKey, .unknownUser: self = .notFound
    case .userExists(let name):
      self.init(.conflict, "exists", "It exists already", "已存在", detail: name, pointer: "/name")
    case .subjectTaken(let subject):
      self.init(.conflict, "exists", "It exists already", "已存在", detail: subject, pointer: "/subject")
    case .invalid(.subject): self = .field("/subject", "must have 1 to 255 visible characters without white space")
    case .invalid(.name): self = .field("/name", "must have 1 to 64 letters, digits or .-_@")
    case .invalid(.password): self = .field("/password", "must have 10 to 200 characters")
    case .invalid(.code): self = .field("/code", "is not the present one-time code")
    case .invalid(.role): self = .field("/role", "is not a role that people carry")
    case .ledger(let error): self.init(error)
    }
  }

  /// Keys that were not rotated or revoked.
  package init(_ error: KeystoreDeskError) {
    switch error {
    case .unknownSealKey: self = .field("/sealKey", "is not a seal key of this installation")
    case .rotatedToday:
      self.init(
        .conflict, "rotated-today", "The key of item codes was rotated within the last day; there are only sixteen",
        "编码密钥在一天内已轮换过；总共只有十六个")
    case .epochsExhausted:
      self.init(.conflict, "epochs-exhausted", "All sixteen keys of item codes are in use", "十六个编码密钥均已使用")
    case .future: self = .field("/since", "lies in the future")
    case .file(let error):
      self.init(
        .serviceUnavailable, "no-keystore", "The keystore cannot be read or written; nothing was changed",
        "密钥库无法读写，未作任何更改")
      cause = error.description
    case .ledger(let error): self.init(error)
    }
  }

  /// A failure beneath the modules: told in one sentence, logged in full by the middleware.
  package init(_ error: LedgerError) {
    if case .storage(.busy) = error {
      self.init(.serviceUnavailable, "busy", "The database is busy; try again", "数据库繁忙，请稍后重试")
    } else if case .storage(.connection) = error {
      self.init(.serviceUnavailable, "no-database", "The database cannot be reached; try again", "数据库暂时无法连接，请稍后重试")
      cause = error.description
    } else if case .keys = error {
      self.init(
        .serviceUnavailable, "no-key", "The installation has no key for this; an administrator must make one",
        "系统没有可用的密钥，须由管理员生成")
      cause = error.description
    } else {
      self = .internal
      cause = error.description
    }
  }

  /// A body that is not JSON.
  package init(_ error: JSONError) {
    self.init(.badRequest, "malformed-json", "The body is not valid JSON", "请求体不是有效的 JSON", detail: "\(error)")
  }
}

extension IssuingError {
  /// The refusal as a dealer may see it: that others hold the goods, but not who.
  func seen(by actor: Actor) -> IssuingError {
    guard actor.dealer != nil, case .refused(let refusals) = self else { return self }
    return .refused(
      refusals.map { refusal in
        switch refusal.reason {
        case .heldBy, .alreadyDispatched:
          Refusal(request: refusal.request, unit: refusal.unit, code: refusal.code, .heldBy(dealer: "…"))
        default: refusal
        }
      })
  }
}

extension [UnitReference] {
  /// Where a unit stands in the body that was sent: codes come first, under `units`, then `ranges`.
  func pointer(_ place: Int) -> String {
    let codes = prefix { if case .code = $0 { true } else { false } }.count
    return place < codes ? "/units/\(place)" : "/ranges/\(place - codes)"
  }
}

extension InvalidField {
  var sentence: String {
    switch self {
    case .length(let max): "must have 1 to \(max) characters"
    case .characters(let allowed): "may only have \(allowed)"
    case .range(let low, let high): "must lie between \(low) and \(high)"
    case .code(let slug): "is not a valid code: \(slug)"
    case .territory(let code): code.isEmpty ? "names no region" : "is not a known region: \(code)"
    case .beyondParent(let territory): "reaches beyond the dealer above, which may sell in \(territory)"
    case .tier(let expected): "must be \(expected), one below the dealer above"
    case .basisMissing: "an enforced price floor needs its legal basis (Anti-Monopoly Law Art. 18)"
    case .endsBeforeItBegins: "ends before it begins"
    case .future: "lies in the future"
    case .tooMany(let max): "may have at most \(max)"
    }
  }
}

extension VerificationError.Fault {
  var sentence: String {
    switch self {
    case .length(let max): "must have 1 to \(max) bytes"
    case .pseudonym(let max): "must be a pseudonym of 1 to \(max) of A-Z a-z 0-9 . _ : -"
    case .future: "lies in the future"
    case .unknownTerminal(let code): "no terminal \(code)"
    case .consentMissing: "must name the wording that the consumer consented to, or no place may be sent"
    case .foreignTerminal(let code): "terminal \(code) belongs to another dealer than the key"
    case .unknownRegion(let code): "is not a known region: \(code)"
    }
  }
}

extension Refusal {
  /// The refusal as JSON.
  var json: JSONValue {
    let sentence = reason.sentence
    var object: [String: JSONValue] = [
      "reason": .string(reason.slug), "message": ["zh": .string(sentence.zh), "en": .string(sentence.en)],
      "request": .integer(Int64(request)),
    ]
    if let unit { object["unit"] = .integer(Int64(unit)) }
    if let code { object["code"] = .string(code) }
    return .object(object)
  }
}

extension RefusalReason {
  /// The sentence that people read.
  var sentence: (zh: String, en: String) {
    switch self {
    case .notOurs(let slug): ("不是本系统的编码（\(slug)）", "not a code of ours (\(slug))")
    case .notIssued: ("该编码从未签发", "this code was never issued")
    case .namedTwice: ("同一单元出现两次", "the same unit is named twice")
    case .wrongLevel: ("层级不符：此处需要箱码", "a box code is needed here")
    case .nesting: ("箱子不能装入自身，或嵌套过深", "a box cannot hold itself, or boxes are nested too deeply")
    case .alreadyPacked(let box): ("已装入箱 \(box)", "already packed in \(box)")
    case .notInBox: ("不在该箱内", "not in this box")
    case .packedInside(let box): ("仍在箱 \(box) 内，请先拆箱", "still packed in \(box); unpack it first")
    case .voided: ("编码已作废", "the code is void")
    case .alreadyDispatched(let dealer): ("已发货给经销商 \(dealer)", "already dispatched to dealer \(dealer)")
    case .heldBy(let dealer): ("货物在经销商 \(dealer) 处", "the goods are with dealer \(dealer)")
    case .notDispatched: ("货物尚未发给任何经销商", "the goods are not with any dealer")
    case .notInTransit: ("货物不在途：已收货或已售出", "the goods are not in transit: received or sold before")
    case .numberTaken: ("发货单号已存在", "a dispatch of this number exists")
    case .notAuthorised(let regions): ("经销商未获授权在 \(regions) 销售", "the dealer may not sell in \(regions)")
    case .notBelow(let dealer): ("经销商 \(dealer) 不是下级", "dealer \(dealer) is not below the giving one")
    case .beforePrevious(let at): ("早于该货物的上一事件（\(at)）", "earlier than the event before it (\(at))")
    case .empty: ("没有指定任何单元", "nothing is named")
    case .unknownDealer(let code): ("没有经销商 \(code)", "no dealer \(code)")
    case .invalid(let field): ("字段无效：\(field.sentence)", "a field \(field.sentence)")
    }
  }
}
