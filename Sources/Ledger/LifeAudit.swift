import Regions
import Storage
import TransparencyLog

/// Proves the lives of the codes against the events: each version is what its event makes of the version before, each
/// event in a code's life names that code, and no code's life leaves out an event that names it.
struct LifeAudit {
  private let transaction: Transaction
  private let spaces: SpaceTable
  private let contents: Contents
  private var effects: [Int64: Effect] = [:]
  private var lives: [Int64: Life] = [:]
  /// For each event, in how many codes' lives it was found.
  private var found: [Int64: Int64] = [:]

  init(_ transaction: Transaction) throws {
    self.transaction = transaction
    spaces = try SpaceTable(transaction)
    contents = Contents(transaction)
  }

  /// Calls `report` for everything that does not hold.
  mutating func run(_ report: (String) -> Void) throws {
    let tracks = try transaction.all("SELECT space, first, last, version FROM track ORDER BY space, first") {
      (run: Run(space: $0.int(0), first: $0.int(1), last: $0.int(2)), version: $0.int(3))
    }
    for track in tracks {
      for problem in try chain(of: track.run, from: track.version) { report(problem) }
    }
    let kinds = Effect.kinds.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")
    for id in try transaction.all("SELECT id FROM event WHERE kind IN (\(kinds)) ORDER BY id", [], { $0.int(0) }) {
      let named = try effect(id)?.count ?? 0
      let lived = found[id, default: 0]
      if named != lived { report("event \(id) names \(named) codes, the lives of \(lived) have it") }
    }
  }

  /// Walks back through the versions of one track.
  private mutating func chain(of run: Run, from newest: Int64) throws -> [String] {
    var problems: [String] = []
    var next: Int64? = newest
    while let id = next {
      guard let life = try version(id) else { return problems + ["version \(id) is missing"] }
      let before = try life.previous.flatMap { try version($0) }
      if let effect = try effect(life.event), let place = effect.place(of: run) {
        found[life.event, default: 0] += run.count
        let isBoxed = try before.map { try contents.box(of: run.first, space: run.space, life: $0) != nil } ?? false
        for field in effect.differences(life, after: before, place, isBoxed: isBoxed) {
          problems.append("version \(id): its \(field) is not what event \(life.event) makes it")
        }
      } else {
        problems.append("space \(run.space): event \(life.event) does not name the run \(run.first)–\(run.last)")
      }
      next = life.previous
    }
    return problems
  }

  private mutating func version(_ id: Int64) throws -> Life? {
    if let known = lives[id] { return known }
    let life = try transaction.version(id).map { try Life($0) }
    lives[id] = life
    return life
  }

  private mutating func effect(_ id: Int64) throws -> Effect? {
    if let known = effects[id] { return known }
    let effect = try transaction.event(id).flatMap { Effect($0, spaces) }
    effects[id] = effect
    return effect
  }
}

/// What one event does to the codes it names, read from its body alone.
private struct Effect {
  /// The kinds that change lives.
  static let kinds: [EventKind] = [
    .batch, .packing, .unpacking, .dispatch, .receipt, .transfer, .sale, .return, .void, .correction,
  ]

  /// Whether a run was named itself or lies in what was named.
  enum Place { case named, inside, changed(CorrectedLife) }

  private let kind: EventKind
  private let data: JSONValue
  private let recorded: String?
  private let named: [Run]
  private let inside: [Run]
  private let parent: Run?
  /// What a correction makes of which codes.
  private let changes: [(runs: [Run], life: CorrectedLife)]

  /// nil when the event changes no life or its body cannot be read.
  init?(_ event: EventRow, _ spaces: SpaceTable) {
    guard let body = try? JSONValue(parsing: event.body, limits: Audit.bodyLimits), let data = body["data"],
      let kind = body["kind"]?.string.flatMap(EventKind.init(rawValue:)), Self.kinds.contains(kind)
    else { return nil }
    self.kind = kind
    self.data = data
    recorded = body["recorded"]?.string
    func runs(_ name: String) -> [Run] {
      let value = data[name]
      let list = value?.array ?? value.map { [$0] } ?? []
      return list.compactMap { spaces.run($0) }.sorted { ($0.space, $0.first) < ($1.space, $1.first) }
    }
    named =
      Run.joined(
        ["items", "boxes", "children", "units"].flatMap { name in
          name == "items" && kind != .batch ? [] : runs(name)
        }) ?? []
    inside = runs("contents")
    parent = runs("parent").first
    changes = (data["changes"]?.array ?? []).compactMap { change in
      guard let life = CorrectedLife(change, spaces) else { return nil }
      let codes = (change["codes"]?.array ?? []).compactMap { spaces.run($0) }
      return (codes.sorted { ($0.space, $0.first) < ($1.space, $1.first) }, life)
    }
  }

  /// How many codes are named.
  var count: Int64 { (named + inside + changes.flatMap(\.runs)).reduce(0) { $0 + $1.count } }

  /// Where the event names all of a run; nil when it does not.
  func place(of run: Run) -> Place? {
    if let change = changes.first(where: { Self.covers($0.runs, run) }) { return .changed(change.life) }
    if Self.covers(named, run) { return .named }
    return Self.covers(inside, run) ? .inside : nil
  }

  private static func covers(_ runs: [Run], _ run: Run) -> Bool {
    var low = 0
    var high = runs.count
    while low < high {
      let middle = (low + high) / 2
      if (runs[middle].space, runs[middle].first) <= (run.space, run.first) { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return false }
    return runs[low - 1].space == run.space && runs[low - 1].last >= run.last
  }

  /// The fields of a life that are not what this event makes of the life before.
  func differences(_ life: Life, after before: Life?, _ place: Place, isBoxed: Bool) -> [String] {
    guard let expected = expected(before, place, isBoxed: isBoxed) else { return ["life before"] }
    var fields: [String] = []
    if life.state != expected.state { fields.append("state") }
    if life.dealer != expected.dealer { fields.append("dealer") }
    if life.dispatch != expected.dispatch { fields.append("dispatch") }
    if life.territory != expected.territory { fields.append("territory") }
    if life.enclosure != expected.enclosure { fields.append("box") }
    if life.mark != expected.mark { fields.append("mark") }
    if life.recorded.description != recorded { fields.append("time of recording") }
    return fields
  }

  private func expected(_ before: Life?, _ place: Place, isBoxed: Bool) -> Life? {
    if kind == .batch {
      let never = Timestamp(milliseconds: 0)
      return before == nil ? Life(state: .issued, at: never, recorded: never, event: 0) : nil
    }
    guard var life = before else { return nil }
    if case .changed(let corrected) = place { return corrected.applied(to: life) }
    switch kind {
    case .packing:
      guard let parent else { return nil }
      life.state = .packed
      life.enclosure = .box(space: parent.space, serial: parent.first)
      life.mark = nil
      return life
    case .unpacking:
      if life.state == .packed { life.state = .issued }
      life.enclosure = .none
      return life
    case .dispatch: bind(&life)
    case .receipt: life.state = .received
    case .sale: life.state = .sold
    case .transfer:
      life.state = .dispatched
      life.dealer = data["to"]?.string
      life.territory = territory.flatMap { life.territory?.intersection($0) }
    case .return:
      life.mark = nil
      life.state = .returned
      (life.dealer, life.dispatch, life.territory) = (nil, nil, nil)
    default: life.state = .voided
    }
    if case .named = place, isBoxed { life.enclosure = .none }
    return life
  }

  private func bind(_ life: inout Life) {
    life.state = .dispatched
    life.mark = nil
    life.dealer = data["dealer"]?.string
    life.dispatch = data["dispatch"]?.int
    life.territory = territory
  }

  private var territory: Territory? {
    try? data["territories"]?.array.map { try Territory($0.compactMap(\.string).joined(separator: ",")) }
  }
}
