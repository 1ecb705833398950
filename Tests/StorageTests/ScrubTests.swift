import Foundation
import Storage
import Testing

@Suite("What was erased is in no file of the database")
struct ScrubTests {
  /// Digits that stand nowhere else; PostgreSQL does not compress so few bytes.
  private static let place = "28.194725183641297"

  @Test(
    "the personal part of an event is found before it is erased and not after", arguments: StoreUnderTest.ofOneMachine)
  func scrub(_ engine: StoreUnderTest) async throws {
    let bench = try Bench(engine)
    let events = try await bench.store.write { transaction in
      try (0..<400).map { number in
        try transaction.appendEvent(
          kind: "scan", at: 1, recorded: 1, body: Array("{}".utf8),
          personal: Array((number == 200 ? Self.place : "elsewhere").utf8), previous: nil)
      }
    }
    #expect(try await Self.isFound(bench))
    #expect(try await bench.store.write { try $0.erasePersonal(ofEvent: events[200]) })
    #expect(try await Self.isFound(bench), "a dead row keeps it")
    #expect(try await bench.store.scrub())
    #expect(try await !Self.isFound(bench))
    #expect(try await bench.store.read { try $0.event(events[199])?.personal } == Array("elsewhere".utf8))
  }

  private static func isFound(_ bench: Bench) async throws -> Bool {
    guard bench.engine.isPostgres else {
      let names = try FileManager.default.contentsOfDirectory(atPath: bench.folder.path)
      return names.contains { name in
        let data = FileManager.default.contents(atPath: "\(bench.folder.path)/\(name)") ?? Data()
        return data.firstRange(of: Data(place.utf8)) != nil
      }
    }
    // The server reads its own files: all of the table's, with its partitions where it has them.
    return try await bench.store.write { transaction in
      try transaction.run("CHECKPOINT")
      return try transaction.integers(
        """
        SELECT CAST(count(*) AS BIGINT) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = current_schema() AND c.relkind IN ('r', 't') AND c.relname LIKE 'event%'
        AND position(convert_to('\(place)', 'UTF8') IN pg_read_binary_file(pg_relation_filepath(c.oid))) > 0
        """) != [0]
    }
  }
}
