/// A case as stored: the projection of its events.
package struct CaseRow: Sendable, Equatable {
  /// Row number; what kind of alerts it is about.
  package let id: Int64, kind: String
  /// How far it has come, and what was decided; kept apart.
  package var state: String, outcome: String?
  /// Whom and where it concerns.
  package let dealer: String?, region: String?
  /// Unix milliseconds of opening, and the keys that opened it, work on it and decided it.
  package let opened: Int64, opener: Int64
  package var assignee: Int64?, decider: Int64?
  /// Until when the dealer may answer or appeal, Unix milliseconds; nil when nobody waits.
  package var due: Int64?
  /// The event that opened it.
  package let event: Int64

  /// A case that was just opened.
  package init(
    id: Int64, kind: String, dealer: String?, region: String?, opened: Int64, opener: Int64, event: Int64
  ) {
    self.id = id
    self.kind = kind
    state = "open"
    self.dealer = dealer
    self.region = region
    self.opened = opened
    self.opener = opener
    self.event = event
  }

  init(_ row: SQLRow) {
    self.init(
      id: row.int(0), kind: row.text(1), dealer: row.textOrNil(4), region: row.textOrNil(5), opened: row.int(6),
      opener: row.int(7), event: row.int(11))
    state = row.text(2)
    outcome = row.textOrNil(3)
    assignee = row.intOrNil(8)
    decider = row.intOrNil(9)
    due = row.intOrNil(10)
  }

  static let columns = "id, kind, state, outcome, dealer, region, opened, opener, assignee, decider, due, event"
}

/// An entry of the penalty ledger as stored.
package struct PenaltyRow: Sendable, Equatable {
  /// Row number, case and kind.
  package let id: Int64, file: Int64, kind: String
  /// An amount as a decimal, with its currency.
  package let amount: String?, currency: String?
  /// What it says in words, and until when it lasts (Unix milliseconds).
  package let terms: String?, until: Int64?
  /// The events that decided it, made it and took it back.
  package let decision: Int64, event: Int64, reversal: Int64?

  /// Made from its parts.
  package init(
    id: Int64, file: Int64, kind: String, amount: String?, currency: String?, terms: String?, until: Int64?,
    decision: Int64, event: Int64, reversal: Int64? = nil
  ) {
    self.id = id
    self.file = file
    self.kind = kind
    self.amount = amount
    self.currency = currency
    self.terms = terms
    self.until = until
    self.decision = decision
    self.event = event
    self.reversal = reversal
  }

  init(_ row: SQLRow) {
    self.init(
      id: row.int(0), file: row.int(1), kind: row.text(2), amount: row.textOrNil(3), currency: row.textOrNil(4),
      terms: row.textOrNil(5), until: row.intOrNil(6), decision: row.int(7), event: row.int(8),
      reversal: row.intOrNil(9))
  }

  static let columns = "id, file, kind, amount, currency, terms, until, decision, event, reversal"
}

/// A photo or document of a case as stored; its bytes lie in the data folder, under their hash.
package struct AttachmentRow: Sendable, Equatable {
  /// The case; SHA-256 of the bytes; media type by content; length.
  package let file: Int64, sha256: [UInt8], type: String, bytes: Int64
  /// What the sender calls it, what it is for, and the event that took it in.
  package let name: String, purpose: String, event: Int64

  /// Made from its parts.
  package init(
    file: Int64, sha256: [UInt8], type: String, bytes: Int64, name: String, purpose: String, event: Int64
  ) {
    self.file = file
    self.sha256 = sha256
    self.type = type
    self.bytes = bytes
    self.name = name
    self.purpose = purpose
    self.event = event
  }

  init(_ row: SQLRow) {
    self.init(
      file: row.int(0), sha256: row.blob(1), type: row.text(2), bytes: row.int(3), name: row.text(4),
      purpose: row.text(5), event: row.int(6))
  }

  static let columns = "file, sha256, type, bytes, name, purpose, event"
}

/// Which cases are asked for; nil means any. A region also matches what lies in it.
package struct CaseFilter: Sendable {
  /// State and dealer.
  package var state: String?, dealer: String?
  /// Region code without its trailing zero pairs.
  package var regionPrefix: String?
  /// Only cases whose deadline has passed at this moment, Unix milliseconds.
  package var overdueAt: Int64?
  /// Leaves out those that the dealer was not told of yet.
  package var isToldOnly = false

  /// No condition yet.
  package init() {}
}

extension Transaction {
  /// The number that the next case will have.
  package func nextCaseID() throws -> Int64 { try nextID(of: "casefile") }

  /// The number that the next penalty will have.
  package func nextPenaltyID() throws -> Int64 { try nextID(of: "penalty") }

  /// Adds a case that was just opened.
  package func addCase(_ row: CaseRow) throws {
    try post(
      "INSERT INTO casefile (\(CaseRow.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      [
        .integer(row.id), .text(row.kind), .text(row.state), .optional(row.outcome), .optional(row.dealer),
        .optional(row.region), .integer(row.opened), .integer(row.opener), .optional(row.assignee),
        .optional(row.decider), .optional(row.due), .integer(row.event),
      ])
  }

  /// Stores how a case stands now.
  package func update(_ row: CaseRow) throws {
    try post(
      "UPDATE casefile SET state = ?2, outcome = ?3, assignee = ?4, decider = ?5, due = ?6 WHERE id = ?1",
      [
        .integer(row.id), .text(row.state), .optional(row.outcome), .optional(row.assignee), .optional(row.decider),
        .optional(row.due),
      ])
  }

  /// The case with this number.
  package func casefile(_ id: Int64) throws -> CaseRow? {
    try first("SELECT \(CaseRow.columns) FROM casefile WHERE id = ?", [.integer(id)]) { CaseRow($0) }
  }

  /// Cases before a row number, newest first.
  package func casefiles(_ filter: CaseFilter, before id: Int64, limit: Int) throws -> [CaseRow] {
    try all(
      """
      SELECT \(CaseRow.columns) FROM casefile WHERE id < ?1 AND (CAST(?2 AS TEXT) IS NULL OR state = ?2)
      AND (CAST(?3 AS TEXT) IS NULL OR dealer = ?3)
      AND (CAST(?4 AS TEXT) IS NULL OR substr(region, 1, length(?4)) = ?4)
      AND (CAST(?5 AS BIGINT) IS NULL OR due < ?5) AND (?6 = 0 OR state <> 'open' AND dealer IS NOT NULL)
      ORDER BY id DESC LIMIT ?7
      """,
      [
        .integer(id), .optional(filter.state), .optional(filter.dealer), .optional(filter.regionPrefix),
        .optional(filter.overdueAt), .integer(filter.isToldOnly ? 1 : 0), .integer(Int64(limit)),
      ]
    ) { CaseRow($0) }
  }

  /// Adds an event to a case's course.
  package func addStep(ofCase id: Int64, event: Int64) throws {
    try post("INSERT INTO case_step VALUES (?, ?)", [.integer(id), .integer(event)])
  }

  /// The events of a case's course, in order.
  package func steps(ofCase id: Int64) throws -> [Int64] {
    try all("SELECT event FROM case_step WHERE file = ? ORDER BY event", [.integer(id)]) { $0.int(0) }
  }

  /// The events of this kind in cases that are not closed.
  package func openSteps(_ kind: String) throws -> [EventRow] {
    try all(
      """
      SELECT s.event FROM case_step s JOIN casefile c ON c.id = s.file JOIN event e ON e.id = s.event
      WHERE c.state <> 'closed' AND e.kind = ? ORDER BY s.event
      """, [.text(kind)]
    ) { $0.int(0) }.compactMap { try event($0) }
  }

  /// Puts an alert into a case; an alert belongs to one case at most.
  package func addAlert(_ alert: Int64, toCase id: Int64, event: Int64) throws {
    try post("INSERT INTO case_alert VALUES (?, ?, ?)", [.integer(alert), .integer(id), .integer(event)])
  }

  /// The alerts of a case, in order.
  package func alerts(ofCase id: Int64) throws -> [Int64] {
    try all("SELECT alert FROM case_alert WHERE file = ? ORDER BY alert", [.integer(id)]) { $0.int(0) }
  }

  /// The case that an alert belongs to.
  package func casefile(ofAlert id: Int64) throws -> Int64? {
    try first("SELECT file FROM case_alert WHERE alert = ?", [.integer(id)]) { $0.int(0) }
  }

  /// Sets how an alert is handled.
  package func setStatus(_ status: String, ofAlert id: Int64) throws {
    try recounting(alert: id) {
      try post("UPDATE alert SET status = ? WHERE id = ?", [.text(status), .integer(id)])
    }
  }

  /// Enters a penalty.
  package func addPenalty(_ row: PenaltyRow) throws {
    try post(
      "INSERT INTO penalty (\(PenaltyRow.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
      [
        .integer(row.id), .integer(row.file), .text(row.kind), .optional(row.amount), .optional(row.currency),
        .optional(row.terms), .optional(row.until), .integer(row.decision), .integer(row.event),
      ])
  }

  /// Takes a penalty back.
  package func reversePenalty(_ id: Int64, event: Int64) throws {
    try post("UPDATE penalty SET reversal = ? WHERE id = ? AND reversal IS NULL", [.integer(event), .integer(id)])
  }

  /// The penalties of a case, in order.
  package func penalties(ofCase id: Int64) throws -> [PenaltyRow] {
    try all("SELECT \(PenaltyRow.columns) FROM penalty WHERE file = ? ORDER BY id", [.integer(id)]) { PenaltyRow($0) }
  }

  /// Adds an attachment; the same bytes are in a case once.
  package func addAttachment(_ row: AttachmentRow) throws {
    try post(
      "INSERT INTO attachment (\(AttachmentRow.columns)) VALUES (?, ?, ?, ?, ?, ?, ?)",
      [
        .integer(row.file), .blob(row.sha256), .text(row.type), .integer(row.bytes), .text(row.name),
        .text(row.purpose), .integer(row.event),
      ])
  }

  /// The attachments of a case, in the order in which they came.
  package func attachments(ofCase id: Int64) throws -> [AttachmentRow] {
    try all("SELECT \(AttachmentRow.columns) FROM attachment WHERE file = ? ORDER BY event", [.integer(id)]) {
      AttachmentRow($0)
    }
  }
}
