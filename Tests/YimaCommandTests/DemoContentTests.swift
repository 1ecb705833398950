import Alerting
import Codes
import Ledger
import Regions
import Storage
import Testing
import TransparencyLog
import Verification
import YimaCommand

@Suite("What a demo holds", .serialized, .timeLimit(.minutes(5)))
struct DemoContentTests {
  @Test("products have valid numbers of the prefix 690, names in both languages, prices, and 6 or 12 a box")
  func products() async throws {
    let world = try await DemoWorld.standard()
    let products = try await world.ledger.store.read { try $0.products(after: 0, limit: 10) }
    #expect((3...5).contains(products.count))
    for product in products {
      let text = String(product.gtin)
      let gtin = try GTIN(String(repeating: "0", count: 14 - text.count) + text)
      #expect(gtin.description.hasPrefix("0690"))
      #expect(product.zh.hasPrefix("砚溪"))
      #expect(product.en.hasPrefix("Yanxi"))
      #expect(product.currency == "CNY")
    }
    let sizes = try await world.data(of: .batch).compactMap { $0["perBox"]?.int }
    #expect(Set(sizes) == [6, 12])
  }

  @Test("dealers come in three tiers, each within its parent's territory, one in each of the 31 provinces")
  func dealers() async throws {
    let world = try await DemoWorld.standard()
    let dealers = try await world.ledger.store.read { try $0.dealers(after: "", limit: 1_000) }
    let byCode = Dictionary(uniqueKeysWithValues: dealers.map { ($0.code, $0) })
    #expect(dealers.count == 60)
    for dealer in dealers {
      #expect(dealer.name.hasSuffix("（演示）"))
      guard let parent = dealer.parent.flatMap({ byCode[$0] }) else {
        #expect(dealer.tier == 1)
        continue
      }
      #expect(dealer.tier == parent.tier + 1)
      #expect(try Territory(dealer.territories).isWithin(Territory(parent.territories)))
    }
    let provinces = Set(dealers.filter { $0.tier == 2 }.map(\.territories))
    #expect(provinces.count == 31)
    #expect(Set(dealers.map(\.name)).count == dealers.count, "two dealers of one name")
  }

  @Test("shops stand in their dealers' territories")
  func stores() async throws {
    let world = try await DemoWorld.standard()
    let (stores, dealers) = try await world.ledger.store.read {
      (try $0.terminals(after: "", limit: 1_000), try $0.dealers(after: "", limit: 1_000))
    }
    let territories = Dictionary(uniqueKeysWithValues: dealers.map { ($0.code, $0.territories) })
    #expect(stores.count == DemoWorld.scale.stores)
    for store in stores {
      let territory = try Territory(territories[store.dealer ?? ""] ?? "")
      #expect(territory.contains(try RegionCode(store.region)), "\(store.code)")
    }
  }

  @Test("one price policy is enforced on a recorded basis, one advises")
  func policies() async throws {
    let world = try await DemoWorld.standard()
    let policies = try await world.ledger.store.read { try $0.policies(after: "", limit: 10) }
    #expect(Set(policies.map(\.mode)) == ["advise", "enforce"])
    #expect(policies.allSatisfy { $0.basis?.isEmpty == false })
  }

  @Test("goods of every kind of step are there, and dispatch numbers say their day in China")
  func steps() async throws {
    let world = try await DemoWorld.standard()
    let kinds = Set(try await world.events().map(\.kind))
    for kind: EventKind in [.batch, .packing, .dispatch, .receipt, .transfer, .return, .void, .sale, .scan, .alert] {
      #expect(kinds.contains(kind.rawValue), "no \(kind)")
    }
    let dispatches = try await world.ledger.store.read { try $0.dispatches(after: 0, limit: 10_000) }
    #expect(dispatches.count == world.summary.counts.dispatches)
    for dispatch in dispatches {
      let day = Timestamp(milliseconds: dispatch.at + 8 * 3_600_000).description.prefix(10).filter { $0 != "-" }
      #expect(dispatch.number.hasPrefix("XS\(day)-"))
    }
    #expect(Set(dispatches.map(\.number)).count == dispatches.count)
  }

  @Test("a realistic share of people scans away from where the goods belong")
  func travellers() async throws {
    let world = try await DemoWorld.standard()
    let measured = try await world.data(of: .scan).filter { $0["place"]?["certainty"]?.string == "measured" }
    let outside = measured.count { $0["territory"]?.string == "outside" }
    let share = Double(outside) / Double(max(1, measured.count))
    #expect((0.04...0.2).contains(share), "\(outside) of \(measured.count)")
  }

  @Test("the examples of the summary do what they promise, and were never scanned before")
  func examples() async throws {
    let world = try await DemoWorld.filled(seed: 9)
    let verification = Verification(world.ledger)
    let summary = world.summary
    func scan(_ code: String, _ region: String) async throws -> ScanAnswer {
      try await verification.verify(
        ScanRequest(code: code, location: .region(try RegionCode(region))), by: Actor(key: 0, role: .inspector))
    }
    let inside = try await scan(summary.inside.uri, summary.inside.region)
    #expect(inside.territory == .inside)
    #expect(inside.overall == .ok)
    #expect(inside.scanCount == 1)
    #expect(inside.dealer == summary.dealer)
    let outside = try await scan(summary.outside.uri, summary.outside.region)
    #expect(outside.territory == .outside)
    #expect(outside.scanCount == 1)
    #expect(try await scan(summary.sealedBox, summary.inside.region).reasons.contains(.sealValid))
    #expect(try await scan(summary.copiedCode, summary.inside.region).authenticity == .suspectedCopy)
  }

  @Test("the summary is kept as a setting, and its alerts are about the planted dispatches")
  func summaryIsKept() async throws {
    let world = try await DemoWorld.standard()
    let stored = try await world.ledger.store.read { try $0.setting(Demo.setting) }
    #expect(stored == world.summary.text)
    let json = try JSONValue(parsing: Array(world.summary.text.utf8))
    #expect(json["counts"]?["scans"]?.int == Int64(world.summary.counts.scans))
    for diversion in world.summary.diversions {
      for text in diversion.alerts {
        let id = try #require(AlertID(text))
        let alert = try await AlertQueries(world.ledger).get(id, for: .system)
        #expect(alert.subject.dealer == diversion.dealer)
        #expect(alert.kind == AlertKind.diversion.rawValue)
      }
    }
  }
}
