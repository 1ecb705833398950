/// An inspector's visit to a place, as stored.
package struct InspectionRow: Sendable, Equatable {
  /// Row number and the inspector's key.
  package let id: Int64, inspector: Int64
  /// Where: the region, and the registered shop if it is one.
  package let region: String, terminal: String?
  /// From when until when, Unix milliseconds; nil while it goes on.
  package let began: Int64, ended: Int64?
  /// The events that began and ended it.
  package let event: Int64, closing: Int64?

  /// Made from its fields.
  package init(
    id: Int64, inspector: Int64, region: String, terminal: String?, began: Int64, ended: Int64? = nil, event: Int64,
    closing: Int64? = nil
  ) {
    self.id = id
    self.inspector = inspector
    self.region = region
    self.terminal = terminal
    self.began = began
    self.ended = ended
    self.event = event
    self.closing = closing
  }

  init(_ row: SQLRow) {
    self.init(
      id: row.int(0), inspector: row.int(1), region: row.text(2), terminal: row.textOrNil(3), began: row.int(4),
      ended: row.intOrNil(5), event: row.int(6), closing: row.intOrNil(7))
  }
}

/// A photo or document of an inspection; its bytes are kept under their hash.
package struct InspectionFileRow: Sendable, Equatable {
  /// The inspection; SHA-256, media type, length and purpose of the file; the event that names it.
  package let inspection: Int64, sha256: [UInt8], type: String, bytes: Int64, purpose: String, event: Int64

  /// Made from its fields.
  package init(inspection: Int64, sha256: [UInt8], type: String, bytes: Int64, purpose: String, event: Int64) {
    self.inspection = inspection
    self.sha256 = sha256
    self.type = type
    self.bytes = bytes
    self.purpose = purpose
    self.event = event
  }

  init(_ row: SQLRow) {
    self.init(
      inspection: row.int(0), sha256: row.blob(1), type: row.text(2), bytes: row.int(3), purpose: row.text(4),
      event: row.int(5))
  }
}

extension Transaction {
  private static let inspectionColumns = "id, inspector, region, terminal, began, ended, event, closing"
  private static let fileColumns = "inspection, sha256, type, bytes, purpose, event"

  /// The number that the next inspection gets.
  package func nextInspectionID() throws -> Int64 { try nextID(of: "inspection") }

  /// Adds an inspection that begins.
  package func addInspection(_ row: InspectionRow) throws {
    try post(
      "INSERT INTO inspection (id, inspector, region, terminal, began, event) VALUES (?, ?, ?, ?, ?, ?)",
      [
        .integer(row.id), .integer(row.inspector), .text(row.region), .optional(row.terminal), .integer(row.began),
        .integer(row.event),
      ])
  }

  /// Ends an inspection.
  package func endInspection(_ id: Int64, at: Int64, event: Int64) throws {
    try post(
      "UPDATE inspection SET ended = ?, closing = ? WHERE id = ?", [.integer(at), .integer(event), .integer(id)])
  }

  /// The inspection with this number.
  package func inspection(_ id: Int64) throws -> InspectionRow? {
    try first("SELECT \(Self.inspectionColumns) FROM inspection WHERE id = ?", [.integer(id)]) { InspectionRow($0) }
  }

  /// Inspections before a number, newest first; of one inspector unless nil.
  package func inspections(of inspector: Int64?, before id: Int64, limit: Int) throws -> [InspectionRow] {
    try all(
      """
      SELECT \(Self.inspectionColumns) FROM inspection WHERE id < ?1
      AND (CAST(?2 AS BIGINT) IS NULL OR inspector = ?2) ORDER BY id DESC LIMIT ?3
      """, [.integer(id), .optional(inspector), .integer(Int64(limit))]
    ) { InspectionRow($0) }
  }

  /// Puts a scan under an inspection.
  package func addScan(_ scan: Int64, toInspection id: Int64, event: Int64) throws {
    try post("INSERT INTO inspection_scan VALUES (?, ?, ?)", [.integer(scan), .integer(id), .integer(event)])
  }

  /// The scans of an inspection, in order.
  package func scans(ofInspection id: Int64) throws -> [Int64] {
    try all("SELECT scan FROM inspection_scan WHERE inspection = ? ORDER BY scan", [.integer(id)]) { $0.int(0) }
  }

  /// The inspection in which a scan was taken.
  package func inspection(ofScan scan: Int64) throws -> Int64? {
    try first("SELECT inspection FROM inspection_scan WHERE scan = ?", [.integer(scan)]) { $0.int(0) }
  }

  /// Adds a file of an inspection.
  package func addFile(_ row: InspectionFileRow) throws {
    try post(
      "INSERT INTO inspection_file (\(Self.fileColumns)) VALUES (?, ?, ?, ?, ?, ?)",
      [
        .integer(row.inspection), .blob(row.sha256), .text(row.type), .integer(row.bytes), .text(row.purpose),
        .integer(row.event),
      ])
  }

  /// The files of an inspection, in the order in which they came.
  package func files(ofInspection id: Int64) throws -> [InspectionFileRow] {
    try all("SELECT \(Self.fileColumns) FROM inspection_file WHERE inspection = ? ORDER BY event", [.integer(id)]) {
      InspectionFileRow($0)
    }
  }

  /// The files of the inspection in which a scan was taken.
  package func inspectionFiles(ofScan scan: Int64) throws -> [InspectionFileRow] {
    try inspection(ofScan: scan).map { try files(ofInspection: $0) } ?? []
  }

  /// The events of an inspection, in order.
  package func events(ofInspection id: Int64) throws -> [Int64] {
    try all(
      """
      SELECT event FROM inspection WHERE id = ?1 UNION SELECT closing FROM inspection WHERE id = ?1 AND closing IS NOT NULL
      UNION SELECT event FROM inspection_scan WHERE inspection = ?1 UNION SELECT event FROM inspection_file
      WHERE inspection = ?1 ORDER BY 1
      """, [.integer(id)]
    ) { $0.int(0) }
  }

  /// The hashes of all files that are to be kept: attachments of cases and of inspections and photos of reports, as long
  /// as what is personal in the event that names one has not been erased. The file goes with its name.
  package func keptFiles() throws -> Set<[UInt8]> {
    // On PostgreSQL what is personal lies in a table of its own, and goes from it.
    let personal = isPostgres ? "event_private" : "(SELECT id AS event FROM event WHERE private IS NOT NULL)"
    return Set(
      try all(
        """
        SELECT a.sha256 FROM attachment a JOIN \(personal) p ON p.event = a.event
        UNION SELECT f.sha256 FROM inspection_file f JOIN \(personal) p ON p.event = f.event
        UNION SELECT r.photo FROM report r JOIN \(personal) p ON p.event = r.event WHERE r.photo IS NOT NULL
        """
      ) { $0.blob(0) })
  }

  /// Whether an inspection is still needed whole: an alert that rests on one of its scans is not closed.
  package func isHeld(inspection id: Int64) throws -> Bool {
    try first(
      """
      SELECT 1 FROM inspection_scan s JOIN alert_event e ON e.event = s.scan JOIN alert a ON a.id = e.alert
      WHERE s.inspection = ? AND a.status <> 'closed' LIMIT 1
      """, [.integer(id)]
    ) { _ in true } ?? false
  }
}
