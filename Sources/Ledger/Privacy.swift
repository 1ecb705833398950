import Codes
import Storage
import TransparencyLog

/// Why a request about personal data was refused.
package enum PrivacyError: Error, Equatable, Sendable, StorageFailing {
  /// Not a code of ours.
  case unknownCode
  /// The ledger failed.
  case ledger(LedgerError)
}

/// What is personal, and how it goes: on schedule, and on request. An event's personal fields are only committed to by
/// the log, each with a salt; value and salt go together, and nothing that was signed or handed out changes by it.
package struct Privacy: Sendable {
  private let ledger: Ledger

  /// Events looked at in one snapshot, and events erased in one transaction: while one is written, no scan is.
  static let passMax = 2_000, erasedMax = 250
  /// Milliseconds of a day.
  static let day: Int64 = 86_400_000

  /// Over the ledger.
  package init(_ ledger: Ledger) { self.ledger = ledger }

  /// The retention in force.
  package func settings() async throws(PrivacyError) -> PrivacySettings {
    try await ledger.read(PrivacyError.self) { try PrivacySettings.read($0) }
  }

  /// Chooses retention anew. What is overdue by it goes with the next pass.
  package func choose(_ settings: PrivacySettings, by actor: Actor) async throws(PrivacyError) {
    let now = ledger.now()
    try await ledger.write(PrivacyError.self) { [ledger] transaction in
      try ledger.append(
        EventDraft(.privacySettings, at: now, by: actor, data: settings.json.object ?? [:]), transaction,
        recorded: now)
      try transaction.set(PrivacySettings.row, to: settings.json.description)
    }
  }

  /// Erases what is overdue at this moment, and has it overwritten in the database file; returns of how many events.
  ///
  /// Steps, and what a crash leaves after each: 1. look for what is overdue, beside the writer: nothing; 2. erase it and
  /// note it as an event, some hundreds a transaction, of what is still overdue there: the rest goes next time;
  /// 3. overwrite the file, the next night: `scrub` stays set, and ``scrub(at:)`` does it.
  @discardableResult
  package func pass(at now: Timestamp) async throws(PrivacyError) -> Int {
    var erased = 0
    var last: EventRow?
    repeat {
      let from = last
      let found = try await ledger.read(PrivacyError.self) { try Sweep($0, now).overdue(after: from) }
      for start in stride(from: 0, to: found.events.count, by: Self.erasedMax) {
        let part = found.events[start...].prefix(Self.erasedMax)
        erased += try await ledger.write(PrivacyError.self) { [ledger] in try Sweep($0, now).erase(part, ledger) }
      }
      last = found.next
    } while last != nil
    if erased > 0 { ledger.store.tail.clear() }
    return erased
  }

  /// Overwrites in the database's files what was erased, if that is to be done now. What somebody asked for is done at
  /// once; a long reader may have stood in the way. What went on schedule waits for the night, because the files are
  /// written anew for it and nothing else is written meanwhile. A duty of every minute.
  package func scrub(at now: Timestamp) async throws(PrivacyError) {
    do {
      let state = try await ledger.store.read { try Scrubbing($0.setting(Sweep.scrubRow)) }
      guard state.isDue(at: now) else { return }
      try await ledger.store.write { try $0.set(Sweep.scrubRow, to: Scrubbing.begun.text) }
      let next = try await ledger.store.scrub() ? Scrubbing.done : state
      try await ledger.store.write { transaction in
        // What was erased meanwhile wants it again: the files may have been written before.
        guard try Scrubbing(transaction.setting(Sweep.scrubRow)) == .begun else { return }
        try transaction.set(Sweep.scrubRow, to: next.text)
      }
    } catch { throw PrivacyError(any: error) }
  }

  /// All that is held about one code: its events with what is personal in them, by a person who is asked for it.
  package func held(of code: String) async throws(PrivacyError) -> [EventRow] {
    try await ledger.read(PrivacyError.self) { [ledger] in try Self.events(of: code, ledger, $0) }
  }

  /// What an erasure at somebody's request did.
  package struct Erased: Sendable {
    /// The event that says so; the events that lost what was personal; how many kept it.
    package let event: Int64, events: [Int64], kept: Int
  }

  /// Erases the places and devices of one code's scans and what people reported of it at the asker's request, except of
  /// scans that an open alert rests on (PIPL Art. 47, 13(3)); those go when it is closed and their time is over.
  package func erase(code: String, by actor: Actor) async throws(PrivacyError) -> Erased {
    let now = ledger.now()
    let result = try await ledger.write(PrivacyError.self) { [ledger] transaction in
      let rows = try Self.events(of: code, ledger, transaction).filter { $0.personal != nil }
      var erased: [Int64] = []
      for row in rows where try !transaction.isHeld(scan: row.id) {
        if try transaction.erasePersonal(ofEvent: row.id) { erased.append(row.id) }
      }
      let event = try ledger.append(
        EventDraft(
          .erasure, at: now, by: actor,
          data: [
            "reason": "request", "events": .array(erased.map(JSONValue.integer)),
            "kept": .integer(Int64(rows.count - erased.count)),
          ]), transaction, recorded: now)
      try transaction.set(Sweep.scrubRow, to: Scrubbing.due.text)
      return Erased(event: event, events: erased, kept: rows.count - erased.count)
    }
    ledger.store.tail.clear()
    try await scrub(at: now)
    return result
  }

  /// The scans of a code, newest first (each names the one before), and what people reported of it.
  private static func events(of code: String, _ ledger: Ledger, _ transaction: Transaction) throws -> [EventRow] {
    let place: (space: Int64, number: Int64)?
    do {
      let spaces = try SpaceTable(transaction)
      switch try ScannedCode(code).subject {
      case .box(let sscc): place = spaces.box(sscc).map { ($0.space, $0.serial) }
      case .item(let gtin, let serial):
        let item = try ledger.recogniser.recognise(gtin: gtin, serial: serial)
        place = spaces.id(.items(gtin, item.epoch)).map { ($0, Int64(item.index)) }
      }
    } catch is CodeError { throw PrivacyError.unknownCode }
    guard let place else { throw PrivacyError.unknownCode }
    var rows: [EventRow] = []
    var next = try transaction.history(space: place.space, number: place.number)?.lastEvent
    while let id = next, let row = try transaction.event(id) {
      rows.append(row)
      next = row.previous.flatMap { $0 < row.id ? $0 : nil }
    }
    return try rows
      + transaction.reportEvents(space: place.space, number: place.number).compactMap { try transaction.event($0) }
  }
}

/// Whether the database's files are still to be overwritten, as a row of settings keeps it.
package enum Scrubbing: Equatable, Sendable {
  /// Nothing is to be done; at once; begun, and not ended unless another row follows; in the night after this moment.
  case done, due, begun, tonight(since: Timestamp)

  /// When it is done: from three to five in Beijing; and at any time once it has waited for two days, on a machine that
  /// is never on at night.
  static let nightHours: Range<Int64> = 3..<5, waitMax = 2 * Privacy.day
  private static let mark = "tonight "

  /// Reads the row; a text that is none of these asks for it at once.
  package init(_ text: String?) {
    switch text {
    case nil, "done"?: self = .done
    case "begun"?: self = .begun
    case let text? where text.hasPrefix(Self.mark):
      self = Timestamp(rfc3339: String(text.dropFirst(Self.mark.count))).map { .tonight(since: $0) } ?? .due
    default: self = .due
    }
  }

  /// The row.
  package var text: String {
    switch self {
    case .done: "done"
    case .due: "due"
    case .begun: "begun"
    case .tonight(let since): "\(Self.mark)\(since)"
    }
  }

  /// Whether it is to be done now.
  package func isDue(at now: Timestamp) -> Bool {
    switch self {
    case .done: return false
    case .due, .begun: return true
    case .tonight(let since):
      let hour = (now.milliseconds - now.day * Privacy.day) / 3_600_000
      return Self.nightHours.contains((hour + 8) % 24) || now.milliseconds - since.milliseconds > Self.waitMax
    }
  }
}

/// One snapshot or transaction of the schedule.
private struct Sweep {
  /// Whether the file is still to be overwritten.
  static let scrubRow = "privacy-scrub"

  private let transaction: Transaction
  private let now: Timestamp
  private let settings: PrivacySettings

  init(_ transaction: Transaction, _ now: Timestamp) throws {
    self.transaction = transaction
    self.now = now
    settings = try PrivacySettings.read(transaction)
  }

  /// The next events with personal fields that are overdue, and from where to look on; nil: there are no more.
  func overdue(after last: EventRow?) throws -> (events: [Int64], next: EventRow?) {
    let shortest = (settings.placeDays.values + [settings.caseDays]).min() ?? 1
    let rows = try transaction.personalEvents(
      after: last, recordedBefore: cutoff(shortest), limit: Privacy.passMax)
    return (try rows.filter(isOverdue).map(\.id), rows.count == Privacy.passMax ? rows.last : nil)
  }

  /// Erases those of these events that are overdue now: since they were found an alert may have come to rest on one.
  func erase(_ events: ArraySlice<Int64>, _ ledger: Ledger) throws -> Int {
    var erased: [Int64] = []
    for id in events {
      guard let row = try transaction.event(id), row.personal != nil, try isOverdue(row) else { continue }
      if try transaction.erasePersonal(ofEvent: row.id) { erased.append(row.id) }
      try eraseCopies(of: row)
    }
    if !erased.isEmpty {
      try ledger.append(
        EventDraft(
          .erasure, at: now, by: .system,
          data: ["reason": "retention", "events": .array(erased.map(JSONValue.integer))]), transaction,
        recorded: now)
      if try [.done, .begun].contains(Scrubbing(transaction.setting(Self.scrubRow))) {
        try transaction.set(Self.scrubRow, to: Scrubbing.tonight(since: now).text)
      }
    }
    return erased.count
  }

  private func cutoff(_ days: Int64) -> Int64 { now.milliseconds - days * Privacy.day }

  /// Whether the time of what is personal in an event is over. What an open case rests on waits for its end.
  private func isOverdue(_ row: EventRow) throws -> Bool {
    let data = try? JSONValue(parsing: row.body)["data"]
    switch EventKind(rawValue: row.kind) {
    case .scan:
      guard let word = (try? JSONValue(parsing: row.body))?["by"]?["role"]?.string, let role = Role(rawValue: word),
        let days = settings.placeDays[role], row.recorded < cutoff(days)
      else { return false }
      return try !transaction.isHeld(scan: row.id)
    case .caseNotified, .caseAnswered, .caseAttachment, .caseProposed, .caseDecided, .caseAppealed,
      .caseAppealDecided, .caseClosed:
      guard row.recorded < cutoff(settings.caseDays), let file = data?["case"]?.int else { return false }
      return try transaction.casefile(file)?.state == "closed"
    case .alertDecision:
      guard row.recorded < cutoff(settings.caseDays), let alert = data?["alert"]?.int else { return false }
      return try transaction.casefile(ofAlert: alert).map { try transaction.casefile($0)?.state == "closed" } ?? true
    case .correction:
      guard row.recorded < cutoff(settings.caseDays) else { return false }
      return try !transaction.openSteps(EventKind.caseCorrected.rawValue).contains { step in
        (try? JSONValue(parsing: step.body))?["data"]?["correction"]?.int == row.id
      }
    case .inspectionBegun, .inspectionEnded, .inspectionFile:
      guard row.recorded < cutoff(settings.caseDays), let id = data?["inspection"]?.int else { return false }
      return try !transaction.isHeld(inspection: id)
    case .report: return row.recorded < cutoff(settings.caseDays)
    // Names of dealers, shops and keys are business data and stay as long as these do.
    default: return false
    }
  }

  /// What a row beside the event repeats of it.
  private func eraseCopies(of row: EventRow) throws {
    if row.kind == EventKind.caseAttachment.rawValue { try transaction.eraseName(ofAttachmentEvent: row.id) }
    guard row.kind == EventKind.alertDecision.rawValue,
      let id = (try? JSONValue(parsing: row.body))?["data"]?["alert"]?.int, let alert = try transaction.alert(id),
      var detail = try? JSONValue(parsing: alert.detail), detail["decision"] != nil
    else { return }
    detail["decision"]?["reason"] = nil
    try transaction.setAlert(id, status: alert.status, detail: detail.canonicalBytes)
  }
}
