import Ledger
import Storage
import TransparencyLog

/// A file to be attached.
package struct NewAttachment: Sendable {
  /// Its bytes, a name for people, what it is for, and the hash that the sender took before sending, if it did.
  package let bytes: [UInt8], name: String, purpose: AttachmentPurpose, expected: Digest32?

  /// Made from its parts.
  package init(_ bytes: [UInt8], name: String, purpose: AttachmentPurpose, expected: Digest32? = nil) {
    self.bytes = bytes
    self.name = name
    self.purpose = purpose
    self.expected = expected
  }
}

extension Casework {
  /// Keeps a photo or document of a case. Compliance and inspectors attach while the case is not closed, the dealer
  /// while it may answer or appeal.
  package func attach(
    _ new: NewAttachment, to id: CaseID, by actor: Actor
  ) async throws(CaseError) -> AttachmentRow {
    switch actor.role {
    case .compliance, .admin, .inspector, .dealer: break
    default: throw .notAllowed(actor.role)
    }
    let (hash, type) = try Self.check(new)
    let name = try new.name.asLine("name")
    try await keep(new.bytes, hash) { transaction in
      guard let row = try transaction.casefile(id.number), CaseScope(actor).holds(row) else {
        throw CaseError.noCase(id)
      }
      let docket = Docket(transaction: transaction, actor: actor, now: Timestamp(milliseconds: 0), row: row)
      try Self.checkRoom(docket, hash)
    }
    let row = AttachmentRow(
      file: id.number, sha256: hash.bytes, type: type.rawValue, bytes: Int64(new.bytes.count), name: name,
      purpose: new.purpose.rawValue, event: 0)
    let event = try await act(id, by: actor) { docket in
      try Self.checkRoom(docket, hash)
      return CaseStep(
        kind: .caseAttachment,
        data: [
          "sha256": .string(hash.hex), "type": .string(row.type), "bytes": .integer(row.bytes),
          "purpose": .string(row.purpose),
        ], personal: ["name": .string(name)])
    } after: { docket, event in
      try docket.transaction.addAttachment(row.taken(by: event))
    }
    return row.taken(by: event)
  }

  /// The bytes of an attachment, for somebody who may see the case.
  package func attachment(
    _ hash: Digest32, of id: CaseID, for actor: Actor
  ) async throws(CaseError) -> (row: AttachmentRow, bytes: [UInt8])? {
    let rows = try await view(id, for: actor).attachments
    guard let row = rows.first(where: { $0.sha256 == hash.bytes }), let bytes = store?.get(hash) else { return nil }
    return (row, bytes)
  }

  /// Puts a file on the disk, before the event that names its hash. What would refuse the event is asked before: a
  /// stranger's upload must not fill the disk, and no file stay that nothing names.
  func keep(
    _ bytes: [UInt8], _ hash: Digest32, after check: @escaping @Sendable (Transaction) throws -> Void
  ) async throws(CaseError) {
    guard let store else { throw .storage("this server has no folder for attachments") }
    try await ledger.read(CaseError.self, check)
    do { try store.put(bytes, hash) } catch { throw .storage(error.reason) }
  }

  static func check(_ new: NewAttachment) throws(CaseError) -> (Digest32, AttachmentType) {
    guard new.bytes.count <= CaseLimits.attachmentBytesMax else {
      throw .invalid(field: "", .tooLarge(max: CaseLimits.attachmentBytesMax))
    }
    guard let type = AttachmentType(new.bytes) else { throw .invalid(field: "", .type) }
    let hash = Digest32.sha256(new.bytes)
    if let expected = new.expected, expected != hash { throw .invalid(field: "sha256", .hash) }
    return (hash, type)
  }

  private static func checkRoom(_ docket: Docket, _ hash: Digest32) throws {
    switch docket.actor.role {
    case .dealer: try docket.expect(.notified, .answered, .decided, .penalty, .appeal)
    default: try docket.expect(.open, .notified, .answered, .decided, .penalty, .appeal)
    }
    let known = try docket.transaction.attachments(ofCase: docket.row.id)
    // Each side has room of its own: neither can keep the other from attaching.
    let isBrands = docket.actor.role != .dealer
    guard try known.filter({ try docket.isBrands($0.event) == isBrands }).count < CaseLimits.attachmentsMax else {
      throw CaseError.invalid(field: "", .tooMany(max: CaseLimits.attachmentsMax))
    }
    guard !known.contains(where: { $0.sha256 == hash.bytes }) else { throw CaseError.refused(.attachedBefore) }
  }
}

extension AttachmentRow {
  fileprivate func taken(by event: Int64) -> AttachmentRow {
    AttachmentRow(
      file: file, sha256: sha256, type: type, bytes: bytes, name: name, purpose: purpose, event: event)
  }
}
