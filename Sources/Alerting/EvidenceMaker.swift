import Codes
import Evidence
import Ledger
import Storage
import TransparencyLog

/// Why no evidence can be made.
package enum EvidenceMakerError: Error, Equatable, Sendable, StorageFailing {
  /// There is no such alert, or it is none of the asker's.
  case noAlert(AlertID)
  /// The newest events are not in the signed log yet: try again in a second.
  case notYetLogged
  /// The events do not give a bundle.
  case evidence(EvidenceError)
  /// The ledger failed.
  case ledger(LedgerError)
}

/// Gathers everything that proves an alert into one bundle: the alert, its scans, the lives of the goods up to the last
/// scan, the proofs that all of it is in the log, and the seals.
package struct EvidenceMaker: Sendable {
  private let ledger: Ledger

  /// Over the ledger.
  package init(_ ledger: Ledger) { self.ledger = ledger }

  /// The bundle of an alert. The same alert under the same checkpoint gives the same bytes; personal fields, other than
  /// the places and devices of consumers, are disclosed as long as they were not erased.
  /// - Parameter enclosures: what the alert's case adds.
  package func bundle(
    for id: AlertID, enclosing enclosures: EvidenceEnclosures? = nil
  ) async throws(EvidenceMakerError) -> [UInt8] {
    do {
      return try EvidenceBundle(try await parts(for: id, enclosing: enclosures), signer: try ledger.logSigner()).bytes
    } catch let error as EvidenceError {
      throw .evidence(error)
    } catch { throw EvidenceMakerError(any: error) }
  }

  /// What goes into the bundle, before it is signed.
  package func parts(
    for id: AlertID, enclosing enclosures: EvidenceEnclosures?
  ) async throws(EvidenceMakerError) -> EvidenceParts {
    do {
      let key = try ledger.logSigner().key.vkey
      var parts = try await ledger.store.read { [ledger] transaction in
        try Gathering(ledger, transaction, alert: id, enclosures).parts(logKey: key)
      }
      // Drawn outside of the transaction: a report takes a while.
      if let pdf = enclosures?.report(parts) { parts.others.append(.init(EvidenceParts.reportPath, pdf)) }
      return parts
    } catch let error as EvidenceError {
      throw .evidence(error)
    } catch { throw EvidenceMakerError(any: error) }
  }
}

/// One bundle being gathered from one snapshot.
private struct Gathering {
  let ledger: Ledger
  let transaction: Transaction
  let alert: AlertRow
  let head: CheckpointRow
  let printer: CodePrinter
  let enclosures: EvidenceEnclosures?

  init(_ ledger: Ledger, _ transaction: Transaction, alert id: AlertID, _ enclosures: EvidenceEnclosures?) throws {
    self.ledger = ledger
    self.transaction = transaction
    guard let alert = try transaction.alert(id.number) else { throw EvidenceMakerError.noAlert(id) }
    // The first checkpoint that covers the alert and its case, not the newest: the bundle stays the same as the log grows.
    let last = max(alert.event, enclosures?.events.last ?? 0, alert.corrections.last ?? 0)
    guard let head = try transaction.attestedCheckpoint(covering: last) else { throw EvidenceMakerError.notYetLogged }
    self.enclosures = enclosures
    self.alert = alert
    self.head = head
    printer = try CodePrinter(ledger, transaction)
  }

  func parts(logKey: String) throws -> EvidenceParts {
    let scans = try transaction.events(ofAlert: alert.id).compactMap { try transaction.event($0) }
    let lastScan = scans.map(\.at).max() ?? alert.raised
    var chain: [String: Set<UInt64>] = [:]
    var seals: [String: String] = [:]
    var products: Set<Int64> = []
    for scan in scans {
      guard let found = try subject(of: scan), chain[found.key] == nil else { continue }
      chain[found.key] = try history(of: found, before: lastScan, &seals)
      if let gtin = found.gtin { products.insert(gtin) }
    }
    let selection = EvidenceClaim.Selection(
      alert: leaf(alert.event), chain: chain, policy: try policy(scans),
      related: try productEvents(products).union((enclosures?.events ?? []).map(leaf))
        .union(alert.corrections.map(leaf)).union(try missedDispatch().map(leaf)))
    return try parts(selection, scans, seals, logKey)
  }

  private func parts(
    _ selection: EvidenceClaim.Selection, _ scans: [EventRow], _ seals: [String: String], _ logKey: String
  ) throws -> EvidenceParts {
    var wanted = Set(scans.map { leaf($0.id) }).union(selection.related).union([selection.alert])
    for leaves in selection.chain.values { wanted.formUnion(leaves) }
    if let policy = selection.policy { wanted.insert(policy) }
    let events = try wanted.sorted().compactMap { index in
      try transaction.event(Int64(index) + 1).map { row in
        EvidenceParts.Event(index: index, body: row.body, disclosed: Self.isShown(row) ? row.personal : nil)
      }
    }
    var proofs: [UInt64: [UInt8]] = [:]
    let found = try LogReader(ledger).proofs(ofEvents: events.map { Int64($0.index) + 1 }, under: head, transaction)
    for proof in found { proofs[proof.index] = proof.bytes }
    let name = enclosures?.caseID ?? "A\(alert.id)"
    var made = EvidenceParts(
      caseID: name, madeAt: Timestamp(milliseconds: head.signed).description, origin: ledger.origin,
      claim: try EvidenceClaim(caseID: name, selection: selection, events: events).json, events: events,
      proofs: proofs, checkpoint: Array(head.note.utf8), seals: seals, jwks: ledger.keystore.keyRing.jwks(),
      logKey: logKey)
    made.attachments = enclosures?.attachments ?? []
    made.others = try transaction.timeStamps(size: head.size).map {
      .init(EvidenceParts.timeStampPath(size: $0.size, authority: $0.authority), $0.answer)
    }
    return made
  }

  /// Personal fields are shown of corrections, inspections and of the case itself, and of scans by those who scan at
  /// work. Where a consumer stood and with which phone is nobody's business who gets the bundle: its region is in the
  /// scan's public part.
  private static func isShown(_ row: EventRow) -> Bool {
    switch EventKind(rawValue: row.kind) {
    case .scan:
      let role = (try? JSONValue(parsing: row.body))?["by"]?["role"]?.string
      return role != nil && role != Role.consumer.rawValue
    case .correction: return true
    default: return row.kind.hasPrefix("case") || row.kind.hasPrefix("inspection")
    }
  }

  private func leaf(_ event: Int64) -> UInt64 { UInt64(event - 1) }
}

extension Gathering {
  /// A scanned code as stored.
  private struct Subject {
    let key: String
    let space: Int64
    let number: Int64
    let gtin: Int64?
  }

  private func subject(of scan: EventRow) throws -> Subject? {
    guard let code = (try? JSONValue(parsing: scan.body))?["data"]?["code"], let named = EvidenceCode(scanCode: code)
    else { return nil }
    switch named {
    case .item(let gtin, let epoch, let index):
      guard let epoch = UInt8(exactly: epoch).flatMap({ KeyEpoch(rawValue: $0) }),
        let space = printer.spaces.id(.items(gtin, epoch))
      else { return nil }
      return Subject(key: named.key, space: space, number: index, gtin: Int64(gtin.value))
    case .box(let sscc):
      guard let box = printer.spaces.box(sscc) else { return nil }
      let gtin = try transaction.batch(ofBox: box.serial, space: box.space)?.gtin
      return Subject(key: named.key, space: box.space, number: box.serial, gtin: gtin)
    }
  }

  /// The events of a code's life up to a moment, and the seals of the units in which it was dispatched.
  private func history(
    of subject: Subject, before last: Int64, _ seals: inout [String: String]
  ) throws -> Set<UInt64> {
    var leaves: Set<UInt64> = []
    for life in try LifeMap(transaction).lives(space: subject.space, number: subject.number)
    where life.at.milliseconds <= last && life.event <= head.size {
      leaves.insert(leaf(life.event))
      guard life.state == .dispatched, let number = life.dispatch, let dispatch = try transaction.dispatch(number),
        dispatch.event == life.event
      else { continue }
      guard let unit = try unit(of: subject, in: dispatch, life, &leaves) else { continue }
      let key = try sealKey(unit)
      let sealed = try printer.sealed(space: unit.space, number: unit.number, by: dispatch)
      let known = seals[key].map { $0.split(separator: "\n").map(String.init) } ?? []
      seals[key] = Set(known + [sealed]).sorted().joined(separator: "\n")
    }
    return leaves
  }

  /// The unit that was named in a dispatch and holds the code: itself, its box, or the pallet around that. On the way
  /// up, how each box came into the next belongs to the code's chain.
  private func unit(
    of subject: Subject, in dispatch: DispatchRow, _ life: Life, _ leaves: inout Set<UInt64>
  ) throws -> (space: Int64, number: Int64)? {
    let units = try transaction.units(ofDispatch: dispatch.id)
    let lives = LifeMap(transaction)
    let contents = Contents(transaction)
    var current = (space: subject.space, number: subject.number)
    var life = life
    for _ in 0...Contents.depthMax {
      if units.contains(where: { $0.space == current.space && ($0.first...$0.last).contains(current.number) }) {
        return current
      }
      guard let box = try contents.box(of: current.number, space: current.space, life: life),
        let above = try lives.lives(space: box.space, number: box.serial).first(where: { $0.event == dispatch.event })
      else { return nil }
      current = (box.space, box.serial)
      life = above
      if !units.contains(where: { $0.space == current.space && ($0.first...$0.last).contains(current.number) }) {
        leaves.formUnion(try packings(of: current, before: dispatch.event))
      }
    }
    return nil
  }

  /// The events that put a box into others, or took it out, before an event.
  private func packings(of box: (space: Int64, number: Int64), before event: Int64) throws -> [UInt64] {
    let kinds = [EventKind.packing, .unpacking, .correction].map(\.rawValue)
    return try LifeMap(transaction).lives(space: box.space, number: box.number).compactMap { life in
      guard life.event < event, let kind = try transaction.event(life.event)?.kind, kinds.contains(kind) else {
        return nil
      }
      return leaf(life.event)
    }
  }

  private func sealKey(_ unit: (space: Int64, number: Int64)) throws -> String {
    switch printer.spaces.space(unit.space) {
    case .boxes(let series): try series.sscc(UInt64(unit.number)).description
    case .items(let gtin, let epoch):
      EvidenceCode.item(gtin: gtin, epoch: Int64(epoch.rawValue), index: unit.number).key
    case nil: throw LedgerError.inconsistent("no space \(unit.space)")
    }
  }

  /// The event of the price policy that the scans were judged by.
  private func policy(_ scans: [EventRow]) throws -> UInt64? {
    guard alert.kind == AlertKind.price.rawValue else { return nil }
    for scan in scans {
      guard let policy = (try? JSONValue(parsing: scan.body))?["data"]?["policy"], let id = policy["id"]?.string,
        let version = policy["version"]?.int, let event = try transaction.policyEvent(id, version: version)
      else { continue }
      return leaf(event)
    }
    return nil
  }

  /// The dispatch of which boxes are missed, scanned or not.
  private func missedDispatch() throws -> [Int64] {
    guard alert.kind == AlertKind.missing.rawValue,
      let number = (try? JSONValue(parsing: alert.detail))?["subject"]?["dispatch"]?.int
    else { return [] }
    return try transaction.dispatch(number).map { [$0.event] } ?? []
  }

  private func productEvents(_ gtins: Set<Int64>) throws -> Set<UInt64> {
    Set(try gtins.compactMap { try transaction.productEvent($0).map(leaf) })
  }
}
