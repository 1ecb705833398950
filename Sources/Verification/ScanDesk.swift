import Codes
import Ledger
import Regions
import Storage

/// Takes one scan after the other inside the writer's transaction: binding, history, verdict, event.
struct ScanDesk {
  private let ledger: Ledger
  private let judge: Judge
  private let cache: CatalogueCache
  private var budget = ForgeryBudget()
  private var now = Timestamp(milliseconds: 0)
  private var flows: [Flow: Int64] = [:]

  /// What counts of dealer → region are kept by.
  private struct Flow: Hashable {
    let day: Int64, gtin: Int64, dealer: String, region: String
  }

  init(_ ledger: Ledger) {
    self.ledger = ledger
    judge = Judge(atlas: ledger.atlas)
    cache = CatalogueCache(ledger)
  }

  /// To be called at the start of each transaction.
  mutating func open(_ transaction: Transaction) throws {
    try cache.refresh(transaction)
    now = ledger.now()
    flows.removeAll(keepingCapacity: true)
  }

  /// To be called at the end of each transaction: writes what was added up.
  mutating func close(_ transaction: Transaction) throws {
    // In order, so that the same scans make the same database.
    let sums = flows.sorted {
      ($0.key.day, $0.key.gtin, $0.key.dealer, $0.key.region) < ($1.key.day, $1.key.gtin, $1.key.dealer, $1.key.region)
    }
    for (flow, scans) in sums {
      try transaction.addFlow(
        day: flow.day, gtin: flow.gtin, dealer: flow.dealer, region: flow.region, scans: scans)
    }
    flows.removeAll(keepingCapacity: true)
  }

  /// Judges and records a scan. A refusal (`VerificationError`) comes before anything is written.
  mutating func take(_ scan: ScanRecorder.Waiting, _ transaction: Transaction) throws -> ScanAnswer {
    let request = scan.request
    let at = request.at ?? now
    if at > now.advanced(by: Verification.futureMax) {
      throw VerificationError.invalid(field: "/scannedAt", .future)
    }
    let place = try place(of: scan, transaction)
    if let client = request.clientID, let event = try transaction.reply(key: scan.actor.key, client: client),
      let row = try transaction.event(event)
    {
      return try ScanAnswer(recorded: row) { sscc in
        try SpaceTable(transaction).box(sscc).flatMap { try transaction.batch(ofBox: $0.serial, space: $0.space)?.gtin }
      }
    }
    let subject = try find(scan.reading, transaction)
    let history = try subject.location.flatMap { try transaction.history(space: $0.space, number: $0.number) }
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
    return try record(event, subject, history, transaction)
  }

  private mutating func record(
    _ event: ScanEvent, _ subject: Subject, _ history: HistoryRow?, _ transaction: Transaction
  ) throws -> ScanAnswer {
    let isBudgeted = event.judgement.authenticity == .forged || subject.location == nil
    guard !isBudgeted || budget.take(key: event.actor.key, now) else { return answer(event, nil, subject) }
    let sealed = event.sealed(salts: ledger.salt)
    let number = try transaction.appendEvent(
      kind: EventKind.scan.rawValue, at: event.at.milliseconds, recorded: event.recorded.milliseconds,
      body: sealed.body, personal: sealed.personal, previous: history?.lastEvent)
    if let client = event.request.clientID {
      guard try transaction.claimReply(key: event.actor.key, client: client, event: number) else {
        throw LedgerError.inconsistent("a client scan id was claimed twice in one transaction")
      }
    }
    if let location = subject.location {
      try transaction.countScan(
        space: location.space, number: location.number, at: event.at.milliseconds,
        region: event.place.region?.description, event: number)
    }
    if let dealer = event.life?.dealer, let gtin = subject.gtin, let region = event.place.region {
      flows[Flow(day: event.at.day, gtin: gtin, dealer: dealer, region: region.description), default: 0] += 1
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
    var location: (space: Int64, number: Int64)?
    var version: Int64?
  }

  private func find(_ reading: Reading, _ transaction: Transaction) throws -> Subject {
    switch reading.subject {
    case .nothing:
      return Subject(finding: .foreign(.malformedCode))
    case .unproven(let gtin, let reason):
      let isOurs = try cache.isOurs(gtin, transaction)
      return Subject(
        finding: isOurs ? .forged(reason) : .foreign(.anotherBrand), gtin: isOurs ? Int64(gtin.value) : nil)
    case .item(let item):
      let gtin = Int64(item.gtin.value)
      guard let space = try cache.space(.items(item.gtin, item.epoch), transaction),
        let track = try transaction.track(space: space, number: Int64(item.index)),
        try cache.isIssuedAs(item.profile, Int64(item.index), space: space, transaction)
      else { return Subject(finding: .forged(.neverIssued), gtin: gtin) }
      return Subject(finding: .item, gtin: gtin, location: (space, Int64(item.index)), version: track.version)
    case .box(let sscc, let seal):
      return try find(box: sscc, seal, transaction)
    }
  }

  private func find(box sscc: SSCC, _ seal: ScanReason?, _ transaction: Transaction) throws -> Subject {
    guard let box = try SpaceTable(transaction).box(sscc),
      let track = try transaction.track(space: box.space, number: box.serial)
    else { return Subject(finding: .foreign(.unknownBox)) }
    let finding: Finding =
      switch seal {
      case nil: .unsealedBox
      case .sealValid?: .sealedBox
      case let reason?: .forged(reason)
      }
    let gtin = try transaction.batch(ofBox: box.serial, space: box.space)?.gtin
    return Subject(finding: finding, gtin: gtin, location: (box.space, box.serial), version: track.version)
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
