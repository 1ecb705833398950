import Alerting
import Ledger
import Regions
import Storage
import TransparencyLog

/// Compares what the detectors found with what was planted.
struct DemoFindings {
  private let ledger: Ledger
  private let runner: DemoRunner
  private let seed: UInt64
  private var plan: DemoPlan { runner.plan }

  init(_ ledger: Ledger, _ runner: DemoRunner, seed: UInt64) {
    self.ledger = ledger
    self.runner = runner
    self.seed = seed
  }

  /// An alert, as far as it is counted here.
  private struct Found: Sendable {
    let id: AlertID
    let kind: String
    let subject: AlertSubject
  }

  func summary() async throws -> DemoSummary {
    let (alerts, events) = try await ledger.store.read { transaction in
      (try transaction.alerts(after: 0, limit: 100_000).map(Self.found), try transaction.lastEventID())
    }
    let diversions = alerts.filter { $0.kind == AlertKind.diversion.rawValue }
    let planted = try [DemoTrouble.farPallet, .adjacent, .trickle].map { try diversion($0, diversions) }
    let named = Set(planted.flatMap(\.alerts))
    guard let show = plan.parcels(.showcase).first, let paper = runner.dispatched[show.dispatch],
      let box = paper.seals.first, let copied = plan.parcels(.copied).first
    else { throw LedgerError.inconsistent("the demo's newest dispatch was not made") }
    return DemoSummary(
      seed: seed, now: plan.calendar.now, counts: counts(events: Int(events)),
      alerts: Dictionary(grouping: alerts, by: \.kind).mapValues(\.count), diversions: planted,
      unplantedDiversions: diversions.map(\.id.description).filter { !named.contains($0) },
      copiedCode: try runner.item(copied.goods.batch, copied.items.lowerBound), sealedBox: box.uri,
      dispatch: paper.row.number, dealer: paper.row.dealer,
      inside: .init(uri: try runner.item(show.goods.batch, show.items.lowerBound), region: "430102"),
      outside: .init(uri: try runner.item(show.goods.batch, show.items.lowerBound + show.perBox), region: "440106"))
  }

  private static func found(_ row: AlertRow) -> Found {
    let detail = try? JSONValue(parsing: row.detail)
    return Found(id: AlertID(row.id), kind: row.kind, subject: AlertSubject(detail?["subject"]))
  }

  private func counts(events: Int) -> DemoSummary.Counts {
    DemoSummary.Counts(
      products: plan.products.count, dealers: plan.dealers.all.count, terminals: plan.stores.all.count,
      batches: plan.batches.count, items: plan.batches.reduce(0) { $0 + $1.items },
      boxes: plan.batches.reduce(0) { $0 + $1.boxes + $1.pallets }, dispatches: runner.dispatched.count,
      scans: runner.scans, events: events)
  }

  /// A planted diversion and the alerts that name one of its dispatches, or all goods of its dealer, and the right
  /// province.
  private func diversion(_ trouble: DemoTrouble, _ alerts: [Found]) throws -> DemoSummary.Diversion {
    let parcels = plan.parcels(trouble)
    let papers = parcels.compactMap { runner.dispatched[$0.dispatch]?.row }
    let region = try RegionCode(trouble.destination ?? "")
    let holders = Set(parcels.map(\.holder.code))
    let naming = alerts.filter { alert in
      let isOfThese =
        alert.subject.dispatch.map { number in papers.contains { $0.id == number } }
        ?? alert.subject.dealer.map(holders.contains) ?? false
      return isOfThese && alert.subject.region?.province == region.province
    }
    return DemoSummary.Diversion(
      kind: trouble.rawValue, dealer: parcels.first?.holder.code ?? "", dispatches: papers.map(\.number),
      region: region.description, alerts: naming.map(\.id.description))
  }
}
