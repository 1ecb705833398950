import Codes
import Ledger
import Regions
import Storage
import TransparencyLog

/// Items of one product that one dealer holds, as the codes tell it.
package struct StockLine: Sendable, Equatable {
  /// Who holds them, for which territories (canonical text).
  package let dealer: String, territories: String
  /// What, and whether it is on its way or received.
  package let gtin: GTIN, state: LifeState
  /// How many items.
  package let items: Int64
}

/// Goods on their way to a dealer under one event.
package struct IncomingGoods: Sendable {
  /// The dispatch or transfer.
  package let event: EventRow
  /// Where they may be sold (canonical text), and how many items are still to be received.
  package let territories: String, items: Int64
  /// The units to be received, as a receipt takes them, and the first of them as URIs.
  package let units: [UnitReference], samples: [String]

  /// How many units there are.
  package var unitCount: Int64 {
    units.reduce(0) { sum, unit in
      if case .range(_, _, let first, let last) = unit { sum + last - first + 1 } else { sum + 1 }
    }
  }
}

extension Issuing {
  /// Runs looked at of one arrival, and URIs listed of it.
  private static let runsMax = 10_000, samplesMax = 100

  /// The dealers from one downwards, itself first; empty for an unknown one.
  package func network(of dealer: String) async throws(IssuingError) -> [DealerRow] {
    try await ledger.read(IssuingError.self) { transaction in
      let codes = try transaction.dealers(from: dealer)
      return try codes.sorted { ($0 == dealer ? 0 : 1, $0) < ($1 == dealer ? 0 : 1, $1) }.compactMap {
        try transaction.dealer($0)
      }
    }
  }

  /// What a dealer and those below it hold, by dealer, product, state and territories.
  package func stock(of dealer: String) async throws(IssuingError) -> [StockLine] {
    try await ledger.read(IssuingError.self) { transaction in
      let spaces = try SpaceTable(transaction)
      return try transaction.dealers(from: dealer).flatMap { code -> [StockLine] in
        var counts: [StockKey: Int64] = [:]
        for row in try transaction.holdings(of: code, states: Self.heldStates.map(\.rawValue)) {
          guard case .items(let gtin, _) = spaces.space(row.space), let state = LifeState(rawValue: row.state) else {
            continue
          }
          counts[StockKey(gtin: gtin, state: state, territories: row.territories), default: 0] += row.count
        }
        return counts.sorted { $0.key < $1.key }.map { key, items in
          StockLine(dealer: code, territories: key.territories, gtin: key.gtin, state: key.state, items: items)
        }
      }
    }
  }

  private static let heldStates: [LifeState] = [.dispatched, .received]

  /// What is on its way to a dealer, oldest first.
  package func incoming(to dealer: String) async throws(IssuingError) -> [IncomingGoods] {
    try await ledger.read(IssuingError.self) { [ledger] transaction in
      let printer = try CodePrinter(ledger, transaction)
      let rows = try transaction.holdings(of: dealer, states: [LifeState.dispatched.rawValue])
      let byEvent = Dictionary(grouping: rows, by: \.event)
      return try byEvent.keys.sorted().compactMap { number -> IncomingGoods? in
        guard let event = try transaction.event(number), let rows = byEvent[number], let first = rows.first else {
          return nil
        }
        let items = rows.filter { printer.spaces.space($0.space)?.holdsItems == true }.reduce(0) { $0 + $1.count }
        let runs = try Self.outermost(heldBy: dealer, by: number, transaction)
        let units = try runs.flatMap { try Self.ranges(of: $0, printer.spaces, transaction) }
        var samples: [String] = []
        for run in runs {
          let free = Int64(Self.samplesMax - samples.count)
          guard free > 0 else { break }
          for place in run.first...min(run.last, run.first + free - 1) {
            samples.append(printer.uri(space: run.space, number: place))
          }
        }
        return IncomingGoods(
          event: event, territories: first.territories, items: items, units: units, samples: samples)
      }
    }
  }

  /// The runs on their way that lie in no box: what the dealer takes into its hands.
  private static func outermost(
    heldBy dealer: String, by event: Int64, _ transaction: Transaction
  ) throws -> [Run] {
    let (lives, contents) = (LifeMap(transaction), Contents(transaction))
    let rows = try transaction.runs(
      heldBy: dealer, state: LifeState.dispatched.rawValue, event: event, limit: runsMax)
    return try rows.compactMap { row in
      guard let life = try lives.life(space: row.space, number: row.first) else { return nil }
      let box = try contents.box(of: row.first, space: row.space, life: life)
      return box == nil ? Run(space: row.space, first: row.first, last: row.last) : nil
    }
  }

  /// A run as places of its batches.
  private static func ranges(
    of run: Run, _ spaces: SpaceTable, _ transaction: Transaction
  ) throws -> [UnitReference] {
    let isBox = spaces.space(run.space)?.holdsItems == false
    var result: [UnitReference] = []
    var next = run.first
    while next <= run.last {
      let found =
        try isBox
        ? transaction.batch(ofBox: next, space: run.space) : transaction.batch(ofItem: next, space: run.space)
      guard let batch = found else { throw LedgerError.inconsistent("no batch has \(next) of space \(run.space)") }
      let (base, count) = isBox ? (batch.boxFirst, batch.boxCount) : (batch.first, batch.count)
      let last = min(run.last, base + count - 1)
      result.append(.range(batch: batch.id, level: isBox ? .box : .item, first: next - base, last: last - base))
      next = last + 1
    }
    return result
  }

  /// The price policies in their newest version that concern a dealer: in force, or announced, in a region of its own.
  package func policies(for dealer: String) async throws(IssuingError) -> [PolicyRow] {
    let now = ledger.now().milliseconds
    return try await ledger.read(IssuingError.self) { transaction in
      guard let own = try transaction.dealer(dealer).map({ try Territory.stored($0.territories) }) else { return [] }
      var result: [PolicyRow] = []
      var after = ""
      while true {
        let page = try transaction.policies(after: after, limit: 1000)
        for row in page where row.mode != "off" && (row.until ?? .max) > now {
          if try !Territory.stored(row.regions).intersection(own).isEmpty { result.append(row) }
        }
        guard page.count == 1000, let last = page.last else { return result }
        after = last.id
      }
    }
  }
}

/// What one line of stock is about.
private struct StockKey: Hashable, Comparable {
  let gtin: GTIN, state: LifeState, territories: String

  static func < (left: StockKey, right: StockKey) -> Bool {
    (left.gtin.value, left.state.rawValue, left.territories)
      < (right.gtin.value, right.state.rawValue, right.territories)
  }
}
