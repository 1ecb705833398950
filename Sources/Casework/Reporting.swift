import Codes
import Ledger
import Regions
import Storage
import TransparencyLog

/// What a person reports of a code: something is wrong with the goods.
package struct NewReport: Sendable {
  /// The code as an address or in any form a reader gives, and what is wrong.
  package let code: String, text: String
  /// A way to answer, where the person bought or found the goods; both as the person wrote them.
  package let contact: String?, place: String?
  /// Where the person is, to the prefecture; only with consent.
  package let region: RegionCode?
  /// A photo, PNG or JPEG by its content.
  package let photo: [UInt8]?

  /// Made from its parts.
  package init(code: String, text: String, contact: String?, place: String?, region: RegionCode?, photo: [UInt8]?) {
    self.code = code
    self.text = text
    self.contact = contact
    self.place = place
    self.region = region
    self.photo = photo
  }
}

/// A report with what it says, as far as that has not been erased.
package struct ReportView: Sendable {
  /// As stored.
  package let row: ReportRow
  /// `text`, `contact`, `place`, `region`: what the person wrote.
  package let words: [String: String]
}

extension Casework {
  /// Bytes of a photo, and reports that all people together may send in a day.
  package static let reportPhotoMax = 5 * 1024 * 1024, reportsPerDay: Int64 = 2000
  private static let day: Int64 = 86_400_000

  /// Takes a report; its number, or nil when the day's reports are used up. What the person wrote is personal: the log
  /// commits to it, and it can be erased.
  package func report(_ new: NewReport, by actor: Actor) async throws(CaseError) -> Int64? {
    let personal = try Self.words(of: new)
    let photo = try Self.photo(of: new)
    let now = ledger.now()
    // Asked before the photo is written: a flood must not fill the disk.
    let isFull = try await ledger.read(CaseError.self) { transaction in
      try transaction.reports(since: now.milliseconds - Self.day) >= Self.reportsPerDay
    }
    guard !isFull else { return nil }
    if let photo {
      guard let store else { throw .storage("this server has no folder for attachments") }
      do { try store.put(photo.bytes, photo.hash) } catch { throw .storage(error.reason) }
    }
    return try await ledger.write(CaseError.self) { [ledger] transaction in
      let id = try transaction.nextReportID()
      let code = try CodeName(new.code, ledger, transaction)
      var data: [String: JSONValue] = ["report": .integer(id), "code": .string(code.text)]
      if let photo { data["photo"] = .string(photo.hash.hex) }
      let draft = EventDraft(.report, at: now, by: actor, data: data, personal: personal.mapValues(JSONValue.string))
      let event = try ledger.append(draft, transaction, recorded: now)
      try transaction.addReport(
        ReportRow(
          id: id, code: code.text, space: code.space, number: code.number, at: now.milliseconds,
          photo: photo?.hash.bytes, type: photo?.type.rawValue, event: event))
      return id
    }
  }

  /// Reports before a number, newest first, and where the next page begins. Whoever is bound to a region reads those
  /// whose sender agreed to give a place in it; a report names no dealer, so whoever is bound to one reads none.
  package func reports(
    before id: Int64, limit: Int, for actor: Actor
  ) async throws(CaseError) -> (views: [ReportView], next: Int64?) {
    try await ledger.read(CaseError.self) { transaction in
      let scope = try Scope(actor, transaction)
      let page = try Scope.page(before: id, limit: limit) { before, limit in
        try transaction.reports(before: before, limit: limit).map { try Self.view($0, transaction) }
      } number: {
        $0.row.id
      } holds: {
        Self.holds($0, scope)
      }
      return (page.rows, page.next)
    }
  }

  private static func view(_ row: ReportRow, _ transaction: Transaction) throws -> ReportView {
    let personal = try transaction.event(row.event)?.personal.flatMap { try? JSONValue(parsing: $0) }
    return ReportView(row: row, words: (personal?.object ?? [:]).compactMapValues { $0["value"]?.string })
  }

  private static func holds(_ view: ReportView, _ scope: Scope) -> Bool {
    scope.holds(place: view.words["region"]) && scope.holds(dealer: nil)
  }

  /// A report's photo and its media type, for somebody who may read the report; nil when there is none.
  package func photo(
    ofReport id: Int64, for actor: Actor
  ) async throws(CaseError) -> (bytes: [UInt8], type: String)? {
    let row = try await ledger.read(CaseError.self) { transaction -> ReportRow? in
      guard let row = try transaction.report(id),
        Self.holds(try Self.view(row, transaction), try Scope(actor, transaction))
      else { return nil }
      return row
    }
    guard let row, let hash = row.photo.flatMap({ Digest32(bytes: $0) }), let type = row.type,
      let bytes = store?.get(hash)
    else { return nil }
    return (bytes, type)
  }

  private static func words(of new: NewReport) throws(CaseError) -> [String: String] {
    guard (1...1000).contains(new.code.utf8.count) else { throw .invalid(field: "/code", .length(max: 1000)) }
    var words = ["text": try new.text.asText("/text", max: 2000)]
    if let contact = new.contact { words["contact"] = try contact.asLine("/contact") }
    if let place = new.place { words["place"] = try place.asLine("/place") }
    if let region = new.region { words["region"] = region.description }
    return words
  }

  private static func photo(
    of new: NewReport
  ) throws(CaseError) -> (bytes: [UInt8], hash: Digest32, type: AttachmentType)? {
    guard let given = new.photo else { return nil }
    guard given.count <= reportPhotoMax else { throw .invalid(field: "/photo", .tooLarge(max: reportPhotoMax)) }
    guard let type = AttachmentType(given), type != .pdf else { throw .invalid(field: "/photo", .type) }
    let bytes = type == .jpeg ? JPEG.withoutMetadata(given) : PNG.withoutMetadata(given)
    return (bytes, Digest32.sha256(bytes), type)
  }
}

/// A code as a report names it, and where it lies when it is one of ours.
private struct CodeName {
  let text: String
  var space: Int64?
  var number: Int64?

  init(_ text: String, _ ledger: Ledger, _ transaction: Transaction) throws {
    guard let scanned = try? ScannedCode(text) else {
      self.text = text
      return
    }
    self.text = scanned.subject.description
    let spaces = try SpaceTable(transaction)
    switch scanned.subject {
    case .item(let gtin, let serial):
      guard let item = try? ledger.recogniser.recognise(gtin: gtin, serial: serial),
        let id = spaces.id(.items(gtin, item.epoch))
      else { return }
      space = id
      number = Int64(item.index)
    case .box(let sscc):
      guard let box = spaces.box(sscc) else { return }
      space = box.space
      number = box.serial
    }
  }
}
