import Foundation
import Storage
import Testing

@Suite("How the tables are spread over a cluster")
struct ClusterPlanTests {
  private static let postgres = [StoreUnderTest.postgres].compactMap { $0 }

  @Test("every table has its place", arguments: postgres)
  func complete(_ engine: StoreUnderTest) async throws {
    let bench = try await Bench.withEvent(engine)
    let tables = try await bench.store.read { transaction in
      try transaction.all(
        """
        SELECT CAST(relname AS TEXT) FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
        """
      ) { $0.text(0) }
    }
    #expect(Set(tables) == Set(ClusterPlan.places.map(\.table)))
    #expect(ClusterPlan.places.count == Set(ClusterPlan.places.map(\.table)).count)
  }

  @Test(
    "the column that a table is distributed by is in each of its unique keys and never changes", arguments: postgres)
  func keys(_ engine: StoreUnderTest) async throws {
    let bench = try await Bench.withEvent(engine)
    for case (let table, .distributed(let column, _)) in ClusterPlan.places {
      let keys = try await bench.store.read { transaction in
        try transaction.all(
          """
          SELECT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey::int2[])
          AND a.attname = ?2 AND a.attnotnull) FROM pg_index i WHERE i.indrelid = to_regclass(?1) AND i.indisunique
          """, [.text("\"\(table)\""), .text(column)]
        ) { $0.int(0) == 1 }
      }
      #expect(!keys.isEmpty && keys.allSatisfy { $0 }, "\(table) by \(column)")
    }
  }

  @Test(
    "a foreign key leads to a copy on every node or to the same shard, or the plan gives it up", arguments: postgres)
  func references(_ engine: StoreUnderTest) async throws {
    let bench = try await Bench.withEvent(engine)
    let places = Dictionary(uniqueKeysWithValues: ClusterPlan.places.map { ($0.table, $0.place) })
    let keys = try await bench.store.read { transaction in
      try transaction.all(
        """
        SELECT CAST(f.relname AS TEXT), CAST(t.relname AS TEXT), CAST(k.conname AS TEXT) FROM pg_constraint k
        JOIN pg_class f ON f.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
        WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace
        """
      ) { (from: $0.text(0), to: $0.text(1), name: $0.text(2)) }
    }
    #expect(keys.count > 20)
    for key in keys where !ClusterPlan.statements.contains(where: { $0.contains(key.name) }) {
      switch (places[key.from], places[key.to]) {
      case (.everywhere?, .everywhere?), (.distributed?, .everywhere?): break
      case (.distributed(_, let with)?, .distributed?): #expect(with == key.to, "\(key)")
      default: Issue.record("\(key)")
      }
    }
  }

  @Test("a table stands after those that it refers to and that it lies with")
  func order() {
    var seen: Set<String> = []
    for (table, place) in ClusterPlan.places {
      if case .distributed(_, let other?) = place { #expect(seen.contains(other)) }
      seen.insert(table)
    }
  }

  @Test("a server without Citus is refused by name, and nothing is changed", arguments: postgres)
  func without(_ engine: StoreUnderTest) async throws {
    let url = try #require(ProcessInfo.processInfo.environment["YIMA_TEST_POSTGRES"])
    #expect(throws: StorageError.constraint("the database has no extension citus")) {
      try ClusterPlan.apply(to: url + "&options=-csearch_path%3Dwithout_citus") { _ in }
    }
  }

  @Test("spreading the tables again does nothing", arguments: [StoreUnderTest.citus].compactMap { $0 })
  func again(_ engine: StoreUnderTest) async throws {
    let bench = try await Bench.withEvent(engine)
    _ = try bench.another()
    #expect(try await bench.store.read { try $0.event(1)?.kind } == "first")
  }
}
