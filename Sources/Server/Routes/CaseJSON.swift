import Casework
import Ledger
import Storage
import TransparencyLog

/// How cases look in JSON.
extension CaseView {
  /// The case as it is listed.
  func summary(for actor: Actor) -> [String: JSONValue] {
    var members: [String: JSONValue] = [
      "id": .string(id.description), "kind": .string(row.kind), "state": .string(row.state),
      "openedAt": row.opened.time, "alerts": .array(alerts.map { .string("A\($0)") }), "overdue": .bool(isOverdue),
    ]
    members["outcome"] = row.outcome.map(JSONValue.string)
    members["dealer"] = row.dealer.map(JSONValue.string)
    members["region"] = row.region.map(JSONValue.string)
    members["dueAt"] = row.due?.time
    guard actor.role != .dealer else { return members }
    members["openedBy"] = .integer(row.opener)
    members["assignee"] = row.assignee.map(JSONValue.integer)
    members["decidedBy"] = row.decider.map(JSONValue.integer)
    return members
  }

  /// The whole case.
  func json(for actor: Actor) -> JSONValue {
    var members = summary(for: actor)
    members["mayAppeal"] = .bool(mayAppeal)
    members["steps"] = .array(steps.map { $0.json(showsKeys: actor.role != .dealer) })
    members["penalties"] = .array(penalties.map(\.json))
    members["attachments"] = .array(attachments.map(\.json))
    return .object(members)
  }
}

extension CaseMoment {
  fileprivate func json(showsKeys: Bool) -> JSONValue {
    var data = data
    data["case"] = nil
    for name in ["alert", "penalty"] {
      if let number = data[name]?.int { data[name] = .string("\(name == "alert" ? "A" : "P")\(number)") }
    }
    for name in ["alerts", "reversed"] {
      if let list = data[name]?.array {
        data[name] = .array(list.map { .string("\(name == "alerts" ? "A" : "P")\($0.int ?? 0)") })
      }
    }
    var members: [String: JSONValue] = [
      "event": .integer(event), "kind": .string(kind.rawValue), "at": .string(at.description),
      "role": .string(role), "data": .object(data),
    ]
    if showsKeys { members["key"] = key.map(JSONValue.integer) }
    members["text"] = text.map(JSONValue.string)
    return .object(members)
  }
}

extension CaseWorker {
  var json: JSONValue {
    ["key": .integer(key), "name": .string(name), "role": .string(role.rawValue), "active": .bool(isActive)]
  }
}

extension PenaltyRow {
  var json: JSONValue {
    var members: [String: JSONValue] = [
      "id": .string("P\(id)"), "kind": .string(kind), "decision": .integer(decision), "event": .integer(event),
      "reversed": .bool(reversal != nil),
    ]
    if let amount, let currency {
      members["amount"] = ["amount": .string(amount), "currency": .string(currency)]
    }
    members["terms"] = terms.map(JSONValue.string)
    members["until"] = until?.time
    members["reversedBy"] = reversal.map(JSONValue.integer)
    return .object(members)
  }
}

extension AttachmentRow {
  var json: JSONValue {
    [
      "sha256": .string(Digest32(bytes: sha256)?.hex ?? ""), "type": .string(type), "bytes": .integer(bytes),
      "name": .string(name), "purpose": .string(purpose), "event": .integer(event),
    ]
  }
}

extension Problem {
  /// A refusal of casework.
  package init(_ error: CaseError) {
    switch error {
    case .noCase, .noInspection: self = .notFound
    case .notAllowed: self = .forbidden
    case .invalid(let field, let fault): self = .field(field, fault.sentence)
    case .refused(let refusal):
      let sentence = refusal.sentence
      self.init(
        .conflict, "refused", "The step is impossible; nothing was changed", "该操作无法执行，未作任何更改",
        detail: sentence.en,
        extra: [
          "reason": .string(refusal.slug), "message": ["zh": .string(sentence.zh), "en": .string(sentence.en)],
        ])
    case .storage(let reason):
      self.init(.serviceUnavailable, "no-attachments", "Attachments cannot be kept now", "暂时无法保存附件")
      cause = reason
    case .ledger(let error): self.init(error)
    }
  }
}

extension CaseFault {
  var sentence: String {
    switch self {
    case .length(let max): "must have 1 to \(max) characters"
    case .characters: "must not contain control characters"
    case .unknown(let name): "names nothing known here: \(name)"
    case .repeated: "names something twice"
    case .tooMany(let max): "may have at most \(max)"
    case .missing: "is required"
    case .unwanted: "must not be given here"
    case .deadline(let first, let last): "must lie between \(first) and \(last) days from now"
    case .type: "is not a PNG, JPEG or PDF by its content"
    case .tooLarge(let max): "is larger than \(max) bytes"
    case .hash: "is not the SHA-256 of what was sent"
    case .notAProof: "is not what this kind of proof must be, or not of this case"
    case .notAWorker: "is no key of compliance that is in force"
    }
  }
}
