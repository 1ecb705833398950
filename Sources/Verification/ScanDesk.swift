import Codes
import Ledger
import Regions
import Storage

/// Takes a group of scans inside the writer's transaction: binding, history, verdict, event.
///
/// What the database knows of the group's codes is read at once, and what the group adds is written at once; between
/// the two, each scan sees what the ones before it in the group did.
struct ScanDesk {
  private let ledger: Ledger
  private let judge: Judge
  private let cache: CatalogueCache
  private var budget = ForgeryBudget()
  private var now = Timestamp(milliseconds: 0)

  init(_ ledger: Ledger) {
    self.ledger = ledger
    judge = Judge(atlas: ledger.atlas)
    cache = CatalogueCache(ledger)
  }

  /// Judges and records scans in their order. A refusal (`VerificationError`) is the answer of its scan alone, which
  /// then leaves nothing.
  mutating func take(
    _ scans: [ScanRecorder.Waiting], _ transaction: Transaction
  ) throws -> [Result<ScanAnswer, VerificationError>] {
    try cache.refresh(transaction)
    now = ledger.now()
    let locations = try scans.map { try location(of: $0.reading, transaction) }
    var group = try ScanGroup(locations.compactMap { $0 }, scans.compactMap(\.clientScan), transaction)
    let answers: [Result<ScanAnswer, VerificationError>] = try zip(scans, locations).map { scan, location in
      do { return .success(try take(scan, at: location, &group, transaction)) } catch let error as VerificationError {
        return .failure(error)
      }
    }
    try group.write(transaction)
    return answers
  }

  private mutating func take(
    _ scan: ScanRecorder.Waiting, at location: CodeLocation?, _ group: inout ScanGroup, _ transaction: Transaction
  ) throws -> ScanAnswer {
    let request = scan.request
    let at = request.at ?? now
    if at > now.advanced(by: Verification.futureMax) {
      throw VerificationError.invalid(field: "/scannedAt", .future)
    }
    let place = try place(of: scan, transaction)
    if let client = scan.clientScan, let row = try group.reply(to: client, transaction) {
      return try ScanAnswer(recorded: row) { sscc in
        try cache.box(sscc, transaction).flatMap { try transaction.batch(ofBox: $0.number, space: $0.space)?.gtin }
      }
    }
    let subject = try find(scan.reading, location, group, transaction)
    let history = subject.location.flatMap { group.history(of: $0) }
    let life = try subject.version.map { try cache.life($0, at: at, transaction) }
    let policy = try policy(request, subject.gtin, place, at, transaction)
    let judgement = judge.judge(
      ScanFacts(
        finding: subject.finding, life: life, place: place, copy: copy(history, place, at), price: request.price,
        policy: policy))
    let event = ScanEvent(
      request: request, actor: scan.actor, at: at, recorded: now, judgement: judgement, place: place,
      reading: scan.reading, life: life, policy: policy.flatMap { request.price == nil ? nil : $0 },
      firstScannedAt: subject.location == nil
        ? nil : min(at, history.map { Timestamp(milliseconds: $0.firstAt) } ?? at),
      scanCount: (history?.scans ?? 0) + (subject.location == nil ? 0 : 1))
    return try record(event, subject, history, scan.clientScan, &group, transaction)
  }

  private mutating func record(
    _ event: ScanEvent, _ subject: Subject, _ history: HistoryRow?, _ client: ClientScan?, _ group: inout ScanGroup,
    _ transaction: Transaction
  ) throws -> ScanAnswer {
    let isBudgeted = event.judgement.authenticity == .forged || subject.location == nil
    guard !isBudgeted || budget.take(key: event.actor.key, now) else { return answer(event, nil, subject) }
    let sealed = event.sealed(salts: ledger.salt)
    let number = try transaction.nextEvent()
    group.add(
      EventRow(
        id: number, kind: EventKind.scan.rawValue, at: event.at.milliseconds, recorded: event.recorded.milliseconds,
        body: sealed.body, personal: sealed.personal, previous: history?.lastEvent), answering: client)
    let region = event.place.region?.description
    if let location = subject.location {
      group.count(location, HistoryRow(history, at: event.at.milliseconds, region: region, event: number))
    }
    if let dealer = event.life?.dealer, let gtin = subject.gtin, let region {
      group.count(ScanGroup.Flow(day: event.at.day, gtin: gtin, dealer: dealer, region: region))
    }
    return answer(event, number, subject)
  }

  private func answer(_ event: ScanEvent, _ number: Int64?, _ subject: Subject) -> ScanAnswer {
    let judgement = event.judgement
    return ScanAnswer(
      event: number, at: event.at, overall: judgement.overall, authenticity: judgement.authenticity,
      state: judgement.state, territory: judgement.territory, price: judgement.price,
      reasons: judgement.reasons + (number == nil ? [.notRecorded] : []), gtin: subject.gtin,
      dealer: event.life?.dealer, firstScannedAt: event.firstScannedAt, scanCount: event.scanCount)
  }
}

extension ScanDesk {
  /// A read code as the database knows it.
  struct Subject {
    var finding: Finding
    var gtin: Int64?
    var location: CodeLocation?
    var version: Int64?
  }

  /// Where a code would live if it was issued.
  private func location(of reading: Reading, _ transaction: Transaction) throws -> CodeLocation? {
    switch reading.subject {
    case .nothing, .unproven: nil
    case .item(let item):
      try cache.space(.items(item.gtin, item.epoch), transaction).map {
        CodeLocation(space: $0, number: Int64(item.index))
      }
    case .box(let sscc, _): try cache.box(sscc, transaction)
    }
  }

  private func find(
    _ reading: Reading, _ location: CodeLocation?, _ group: ScanGroup, _ transaction: Transaction
  ) throws -> Subject {
    switch reading.subject {
    case .nothing:
      return Subject(finding: .foreign(.malformedCode))
    case .unproven(let gtin, let reason):
      let isOurs = try cache.isOurs(gtin, transaction)
      return Subject(
        finding: isOurs ? .forged(reason) : .foreign(.anotherBrand), gtin: isOurs ? Int64(gtin.value) : nil)
    case .item(let item):
      let gtin = Int64(item.gtin.value)
      guard let location, let track = group.track(of: location),
        try cache.isIssuedAs(item.profile, location.number, space: location.space, transaction)
      else { return Subject(finding: .forged(.neverIssued), gtin: gtin) }
      return Subject(finding: .item, gtin: gtin, location: location, version: track.version)
    case .box(_, let seal):
      guard let location, let track = group.track(of: location) else {
        return Subject(finding: .foreign(.unknownBox))
      }
      let finding: Finding =
        switch seal {
        case nil: .unsealedBox
        case .sealValid?: .sealedBox
        case let reason?: .forged(reason)
        }
      let gtin = try transaction.batch(ofBox: location.number, space: location.space)?.gtin
      return Subject(finding: finding, gtin: gtin, location: location, version: track.version)
    }
  }

  /// Where the scan was: as said, or where its terminal is registered.
  private func place(of scan: ScanRecorder.Waiting, _ transaction: Transaction) throws -> Place {
    guard let code = scan.request.terminal else { return scan.place ?? .unknown }
    guard let terminal = try cache.terminal(code, transaction) else {
      throw VerificationError.invalid(field: "/terminal", .unknownTerminal(code))
    }
    if let dealer = scan.actor.dealer, scan.actor.role == .terminal, terminal.dealer != dealer {
      throw VerificationError.invalid(field: "/terminal", .foreignTerminal(code))
    }
    if let place = scan.place { return place }
    guard let region = try? RegionCode(terminal.region) else { return .unknown }
    return .registered(region)
  }

  /// The policy in force for the product there and then. A version is in force from its beginning until its end or the
  /// beginning of the next version of the same policy.
  private func policy(
    _ request: ScanRequest, _ gtin: Int64?, _ place: Place, _ at: Timestamp, _ transaction: Transaction
  ) throws -> PricePolicy? {
    guard request.price != nil, let gtin, let region = place.region else { return nil }
    var decided: Set<String> = []
    for policy in try cache.policies(gtin, transaction) where policy.since <= at {
      guard decided.insert(policy.id).inserted, policy.until.map({ at < $0 }) ?? true else { continue }
      if policy.mode != "off", policy.regions.contains(region) { return policy }
    }
    return nil
  }

  /// Why the code may have a copy: an alert says so, or it would have had to travel faster than an aeroplane since the
  /// scan before. Regions are taken as circles, and only the distance between their rims counts.
  private func copy(_ history: HistoryRow?, _ place: Place, _ at: Timestamp) -> ScanReason? {
    guard let history else { return nil }
    if history.suspected { return .copySuspected }
    guard place.certainty != .coarse, let region = place.region, let last = history.lastRegion,
      last != region.description, let from = (try? RegionCode(last)).flatMap(cache.disc), let to = cache.disc(region)
    else { return nil }
    let rims = from.center.distanceMeters(to: to.center) - from.radiusMeters - to.radiusMeters
    let hours = Double(abs(at.milliseconds - history.lastAt)) / 3_600_000
    return rims / 1000 > Verification.speedMax * max(hours, 0.05) ? .impossibleTravel : nil
  }
}
