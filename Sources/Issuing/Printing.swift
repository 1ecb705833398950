import Ledger
import Storage
import TransparencyLog

/// A print of labels to be recorded, before it goes to the printer.
package struct NewPrint: Sendable {
  /// What is labelled.
  package enum Subject: Sendable {
    /// Places of a batch, counted from 0, both ends included.
    case batch(Int64, first: Int64, last: Int64)
    /// The sealed labels of a dispatch.
    case dispatch(Int64)
  }

  /// What is labelled, and at which level.
  package let subject: Subject, level: UnitReference.Level
  /// How it is printed.
  package let format: String, template: String
  /// Why labels that had been printed are printed again.
  package let reason: String?

  /// Made from its parts.
  package init(_ subject: Subject, level: UnitReference.Level, format: String, template: String, reason: String?) {
    self.subject = subject
    self.level = level
    self.format = format
    self.template = template
    self.reason = reason
  }
}

extension Issuing {
  /// Records a print. Labels that were printed before are refused without a reason: a code on two packs looks like a
  /// forgery to everyone who scans it.
  package func record(_ new: NewPrint, by actor: Actor, id: StepID? = nil) async throws(IssuingError) -> PrintRow {
    let reason = try new.reason.map { text throws(IssuingError) in try text.asName("/reason") }
    let now = ledger.now()
    return try await ledger.write(IssuingError.self) { [ledger] transaction in
      if let before = try id?.result(for: actor, transaction), let row = try transaction.printJob(before) { return row }
      if let earlier = try Self.earlier(new, transaction), reason == nil { throw IssuingError.alreadyPrinted(earlier) }
      let number = try transaction.nextPrintID()
      let draft = EventDraft(.print, at: now, by: actor, data: new.json(number, reason))
      let event = try ledger.append(draft, transaction, recorded: now)
      let row = new.row(number, reason, now, actor, event)
      try transaction.addPrint(row)
      try id?.keep(number, event: event, for: actor, transaction)
      return row
    }
  }

  /// Checks that what is to be printed is there; the newest print that met it.
  private static func earlier(_ new: NewPrint, _ transaction: Transaction) throws -> PrintRow? {
    switch new.subject {
    case .batch(let id, let first, let last):
      guard let batch = try transaction.batch(id) else {
        throw IssuingError.unknown(field: "/batch", code: "B\(id)")
      }
      let count = new.level == .item ? batch.count : batch.boxCount
      guard first >= 0, first <= last, last < count else {
        throw IssuingError.invalid(field: "/last", .range(max(first, 0), count - 1))
      }
      return try transaction.newestPrint(ofBatch: id, level: new.level.rawValue, first: first, last: last)
    case .dispatch(let id):
      guard try transaction.dispatch(id) != nil else {
        throw IssuingError.unknown(field: "/dispatch", code: "D\(id)")
      }
      return try transaction.newestPrint(ofDispatch: id, level: new.level.rawValue)
    }
  }
}

extension NewPrint {
  fileprivate func json(_ number: Int64, _ reason: String?) -> [String: JSONValue] {
    var data: [String: JSONValue] = [
      "print": .integer(number), "level": .string(level.rawValue), "format": .string(format),
      "template": .string(template),
    ]
    switch subject {
    case .batch(let id, let first, let last):
      data["batch"] = .integer(id)
      data["first"] = .integer(first)
      data["last"] = .integer(last)
    case .dispatch(let id): data["dispatch"] = .integer(id)
    }
    if let reason { data["reason"] = .string(reason) }
    return data
  }

  fileprivate func row(_ id: Int64, _ reason: String?, _ now: Timestamp, _ actor: Actor, _ event: Int64) -> PrintRow {
    let range: (batch: Int64?, dispatch: Int64?, first: Int64?, last: Int64?)
    switch subject {
    case .batch(let batch, let first, let last): range = (batch, nil, first, last)
    case .dispatch(let dispatch): range = (nil, dispatch, nil, nil)
    }
    return PrintRow(
      id: id, batch: range.batch, dispatch: range.dispatch, first: range.first, last: range.last,
      level: level.rawValue, format: format, template: template, reason: reason, at: now.milliseconds,
      key: actor.key, event: event)
  }
}
