import Foundation
import Ledger
import Storage
import Synchronization
import Testing
import Verification
import YimaCommand

@Suite("A demo", .serialized, .timeLimit(.minutes(5)))
struct DemoFillTests {
  @Test("the same seed and present tell the same story, keys and salts excepted")
  func sameSeed() async throws {
    let one = try await DemoWorld.filled(seed: 7)
    let other = try await DemoWorld.filled(seed: 7)
    #expect(try await one.story() == other.story())
    #expect(one.summary.alerts == other.summary.alerts)
    #expect(one.summary.diversions == other.summary.diversions)
    #expect(one.summary.copiedCode != other.summary.copiedCode, "two installations have the same keys")
  }

  @Test("another seed tells another story")
  func otherSeed() async throws {
    let one = try await DemoWorld.filled(seed: 1)
    let other = try await DemoWorld.filled(seed: 2)
    #expect(try await one.story() != other.story())
  }

  @Test("the audit finds nothing, and a checkpoint covers everything", arguments: [Demo.standardSeed, 3, 4])
  func auditIsClean(seed: UInt64) async throws {
    let world = seed == Demo.standardSeed ? try await .standard() : try await DemoWorld.filled(seed: seed)
    let report = try await Audit(world.ledger).run()
    #expect(report.defects.isEmpty, "seed \(seed)")
    #expect(report.events == Int64(world.summary.counts.events))
    #expect(report.checkpoints > DemoWorld.scale.days / 2)
    let head = try await world.ledger.store.read { try $0.lastCheckpoint() }
    #expect(head?.size == report.events)
  }

  @Test("every planted matter is alerted, and little else", arguments: [Demo.standardSeed, 5, 6])
  func plantedIsFound(seed: UInt64) async throws {
    let world = seed == Demo.standardSeed ? try await .standard() : try await DemoWorld.filled(seed: seed)
    let summary = world.summary
    #expect(summary.diversions.map(\.kind) == ["farPallet", "adjacent", "trickle"])
    for diversion in summary.diversions { #expect(!diversion.alerts.isEmpty, "seed \(seed): \(diversion.kind)") }
    #expect(summary.unplantedDiversions.count <= 1, "seed \(seed)")
    #expect(summary.alerts["clone"] == 1, "seed \(seed)")
    #expect(summary.alerts["forgery"] == 1, "seed \(seed)")
    #expect(summary.alerts["price"] ?? 0 >= 1, "seed \(seed)")
    #expect(summary.alerts["unsold"] == nil, "seed \(seed)")
  }

  @Test("the ledger learns of each event when it happens, in order")
  func recordedAsItHappens() async throws {
    let world = try await DemoWorld.standard()
    var last: Int64 = 0
    for event in try await world.events() {
      #expect(event.recorded >= last)
      last = event.recorded
      if event.kind != EventKind.alert.rawValue { #expect(event.recorded == event.at, "event \(event.id)") }
    }
    #expect(last <= DemoWorld.now.milliseconds)
    #expect(world.clock.now() == DemoWorld.now)
  }

  @Test("the shortest story holds on whatever day of the week, and at whatever hour, it ends", arguments: 0..<7)
  func anyPresent(days: Int64) async throws {
    let now = DemoWorld.now.advanced(by: days * 86_400_000 + days * 3_600_000)
    let world = try await DemoWorld.filled(
      seed: 11, now: now, scale: DemoScale(items: 0, days: 0, scans: 0, stores: 0))
    let found = world.summary.diversions.filter { !$0.alerts.isEmpty }.map(\.kind)
    #expect(found.contains("farPallet"))
    #expect(found.contains("adjacent"))
    #expect(try await Audit(world.ledger).run().isClean)
  }

  @Test("progress only goes forward and ends with all scans")
  func progress() async throws {
    let heard = Mutex<[DemoProgress]>([])
    let world = try await DemoWorld.filled(seed: 8) { step in heard.withLock { $0.append(step) } }
    let steps = heard.withLock { $0 }
    #expect(Set(steps.map(\.phase)) == Set(DemoProgress.Phase.allCases))
    #expect(zip(steps, steps.dropFirst()).allSatisfy { $0.day <= $1.day && $0.scans <= $1.scans })
    #expect(steps.last?.scans == world.summary.counts.scans)
  }

  @Test("an installation that is in use is refused")
  func notEmpty() async throws {
    let world = try await DemoWorld.standard()
    let again = Demo(ledger: world.ledger, clock: world.clock, now: DemoWorld.now, scale: DemoWorld.scale)
    await #expect(throws: DemoError.notEmpty) { try await again.fill() }
  }

  @Test("an installation whose keys are newer than the story is refused")
  func keysTooYoung() async throws {
    let directory = DemoWorld.temporaryDirectory()
    defer { try? FileManager.default.removeItem(atPath: directory) }
    // The first keys reach back half a year, so the installation has to be younger than the story by more than that.
    let ledger = try await DemoWorld.installed(directory) { DemoWorld.now }
    let then = DemoWorld.now.advanced(by: -200 * 86_400_000)
    let clock = DemoClock(endingAt: then, scale: DemoWorld.scale)
    let demo = Demo(ledger: ledger, clock: clock, now: then, scale: DemoWorld.scale)
    await #expect(throws: DemoError.keysTooYoung) { try await demo.fill() }
    #expect(try await ledger.store.read { try $0.products(after: 0, limit: 1).isEmpty }, "something was written")
  }

  @Test("a scale too small for the story is raised")
  func scale() {
    let scale = DemoScale(items: 0, days: -3, scans: -1, stores: 0)
    #expect(scale == DemoScale(items: 25_000, days: 28, scans: 0, stores: 12))
  }
}
