import Alerting
import Codes
import Issuing
import Ledger
import Regions
import Storage
import Verification

/// Tells the story to the ledger, step by step under the demo's clock, through the same modules as the server's.
struct DemoRunner {
  let ledger: Ledger
  let clock: DemoClock
  let plan: DemoPlan
  let issuing: Issuing
  let verification: Verification
  private let engine: AlertingEngine
  private let sequencer: Sequencer

  private(set) var codes: [Int: BatchCodes] = [:]
  private(set) var dispatched: [Int: Dispatched] = [:]
  private(set) var scans = 0
  private var crew = DemoCrew()

  init(_ ledger: Ledger, _ clock: DemoClock, _ plan: DemoPlan) throws {
    self.ledger = ledger
    self.clock = clock
    self.plan = plan
    issuing = Issuing(ledger)
    verification = Verification(ledger)
    // Every clue is stored at once anyhow; without one a day's work need not be saved.
    engine = AlertingEngine(ledger: ledger, storeEvery: .max)
    sequencer = try Sequencer(ledger)
  }

  /// Sets up and then lives day after day: the detectors look and the log is signed every evening.
  mutating func run(_ progress: @Sendable (DemoProgress) -> Void) async throws {
    progress(DemoProgress(phase: .catalogue, day: 0, days: plan.calendar.days, scans: 0))
    try await setUp()
    var rest = plan.steps[...]
    while let next = rest.first {
      let day = plan.calendar.day(of: next.at)
      let today = rest.prefix { plan.calendar.day(of: $0.at) == day }
      rest = rest.dropFirst(today.count)
      for step in today { try await perform(step) }
      try await closeDay()
      progress(DemoProgress(phase: .trading, day: max(0, day), days: plan.calendar.days, scans: scans))
    }
    clock.advance(to: plan.calendar.now)
    progress(DemoProgress(phase: .closing, day: plan.calendar.days, days: plan.calendar.days, scans: scans))
    try await closeDay()
    try await engine.save()
  }

  private func closeDay() async throws {
    try await engine.catchUp()
    try await sequencer.catchUp()
  }

  private mutating func setUp() async throws {
    crew = try await DemoCrew(ledger)
    for product in plan.products {
      try await issuing.add(
        NewProduct(gtin: product.gtin, zh: product.zh, en: product.en, listPrice: product.listPrice), by: .system)
    }
    for dealer in plan.dealers.all {
      try await issuing.add(
        NewDealer(
          code: dealer.code, name: dealer.name, tier: dealer.tier, parent: dealer.parent,
          territory: dealer.territory), by: .system)
    }
    for store in plan.stores.all {
      try await issuing.add(
        NewTerminal(code: store.code, dealer: store.dealer.code, region: store.spot.region, name: store.name),
        by: .system)
    }
    for policy in try DemoPolicies.all(plan.products, since: clock.now()) {
      try await issuing.put(policy, by: .system)
    }
  }

  private mutating func perform(_ step: DemoStep) async throws {
    clock.advance(to: step.at)
    if case .scan(let scan) = step.action {
      _ = try await verification.verify(request(scan, at: step.at), by: crew.actor(scan.witness))
      scans += 1
    } else {
      try await handle(step.action)
    }
  }
}

extension DemoRunner {
  /// A step of the goods.
  private mutating func handle(_ action: DemoAction) async throws {
    let warehouse = crew.warehouse
    switch action {
    case .issue(let number): try await issue(number)
    case .pack(let batch, let box):
      let perBox = plan.batches[batch].perBox
      let items = try (box * perBox..<(box + 1) * perBox).map { try item(batch, $0) }
      try await issuing.pack(parent: self.box(batch, box), children: items, by: warehouse)
    case .palletise(let pallet, let goods):
      let boxes = try goods.boxes.map { try box(goods.batch, $0) }
      try await issuing.pack(parent: box(pallet.batch, pallet.place), children: boxes, by: warehouse)
    case .dispatch(let number): try await dispatch(number)
    case .receive(let goods, let dealer):
      try await issuing.receive(units(goods), dealer: dealer, by: warehouse)
    case .transfer(let goods, let from, let to):
      try await issuing.transfer(units(goods), from: from, to: to, by: warehouse)
    case .sell(let goods, let dealer): try await issuing.sell(units(goods), dealer: dealer, by: warehouse)
    case .takeBack(let goods, let dealer, let reason):
      try await issuing.takeBack(units(goods), dealer: dealer, reason: reason, by: warehouse)
    case .void(let goods, let reason): try await issuing.void(units(goods), reason: reason, by: warehouse)
    case .scan: break
    }
  }

  private mutating func issue(_ number: Int) async throws {
    let batch = plan.batches[number]
    let isPrepacked = batch.pallets == 0
    let row = try await issuing.issue(
      NewBatch(
        gtin: plan.products[batch.product].gtin, quantity: Int64(batch.items),
        perBox: isPrepacked ? Int64(batch.perBox) : nil,
        boxes: isPrepacked ? nil : Int64(batch.boxes + batch.pallets), profile: .compact), by: crew.warehouse)
    codes[number] = try await issuing.codes(ofBatch: row.id)
  }

  private mutating func dispatch(_ number: Int) async throws {
    let paper = plan.dispatches[number]
    let units = try paper.pallet.map { [UnitReference.code(try box($0.batch, $0.place))] } ?? units(paper.goods)
    let new = NewDispatch(
      number: paper.number, dealer: paper.dealer.code, territory: paper.dealer.territory, units: units, at: nil)
    dispatched[number] = try await issuing.dispatch([new], by: crew.warehouse).first
  }

  private func units(_ goods: DemoGoods) throws -> [UnitReference] {
    let batch = try batch(goods.batch).batch.id
    let last = Int64(goods.boxes.upperBound - 1)
    return [.range(batch: batch, level: .box, first: Int64(goods.boxes.lowerBound), last: last)]
  }

  /// A batch's codes; the plan names none before it is issued.
  private func batch(_ number: Int) throws -> BatchCodes {
    guard let codes = codes[number] else { throw LedgerError.inconsistent("the demo's batch \(number) is not issued") }
    return codes
  }

  func item(_ number: Int, _ place: Int) throws -> String { try batch(number).item(Int64(place)).uri }

  func box(_ number: Int, _ place: Int) throws -> String {
    let codes = try batch(number)
    return codes.resolver.uri(of: try codes.box(Int64(place)))
  }

  private func request(_ scan: DemoScan, at: Timestamp) throws -> ScanRequest {
    var terminal: String?
    if case .terminal(let store) = scan.witness { terminal = store.code }
    var consent: String?
    if case .consumer = scan.witness { consent = "demo" }
    return ScanRequest(
      code: try text(scan.code), at: at, location: try scan.place.location,
      price: scan.price.flatMap { Money(amount: "\($0).00", currency: "CNY") }, terminal: terminal,
      consent: consent)
  }

  private func text(_ code: DemoScan.Code) throws -> String {
    switch code {
    case .item(let batch, let place): return try item(batch, place)
    case .invented(let product, let serial):
      return ledger.resolver.uri(of: plan.products[product].gtin, serial: serial)
    case .sealedBox(let dispatch, let offset):
      guard let seals = dispatched[dispatch]?.seals, seals.indices.contains(offset) else {
        throw LedgerError.inconsistent("the demo's dispatch \(dispatch) has no seal \(offset)")
      }
      return seals[offset].uri
    }
  }
}

extension DemoScan.Place {
  /// The place as a request says it.
  fileprivate var location: ScanLocation {
    get throws {
      switch self {
      case .unsaid: return .none
      case .phone(let point, let accuracy, let isShifted):
        let datum: Datum = isShifted ? .gcj02 : .wgs84
        return .position(
          try Position(point: datum.fromWGS84(point), accuracyMeters: accuracy, source: .gps, datum: datum))
      case .network(let point): return .position(try Position(point: point, accuracyMeters: nil, source: .ip))
      }
    }
  }
}
