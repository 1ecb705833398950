import Storage
import Testing

/// A statement that the schema must refuse, whatever the code above it does.
struct Forbidden: Sendable, CustomTestStringConvertible {
  let what: String
  let sql: String
  /// The one engine that refuses it: events have no foreign keys where they lie in partitions, and are not changed there.
  var only: String?
  /// The one engine that does not: a cluster has no triggers.
  var except: String?
  var testDescription: String { what }

  static let all: [Forbidden] = [
    Forbidden(what: "event 0", sql: "INSERT INTO event (id, kind, at, recorded, body) VALUES (0, 'k', 0, 0, x'')"),
    Forbidden(
      what: "an event without a body",
      sql: "INSERT INTO event (id, kind, at, recorded, body) VALUES (9, 'k', 0, 0, NULL)"),
    Forbidden(
      what: "a time as text", sql: "INSERT INTO event (id, kind, at, recorded, body) VALUES (9, 'k', 'noon', 0, x'')"),
    Forbidden(what: "a root of 31 bytes", sql: "INSERT INTO checkpoint VALUES (1, zeroblob(31), 0, '', NULL)"),
    Forbidden(what: "a negative size", sql: "INSERT INTO checkpoint VALUES (-1, zeroblob(32), 0, '', NULL)"),
    Forbidden(what: "an amount without currency", sql: "INSERT INTO product VALUES (9, '', '', '1', NULL, '', 1)"),
    Forbidden(
      what: "a product of no event", sql: "INSERT INTO product VALUES (9, '', '', NULL, NULL, '', 99)",
      only: "SQLite"),
    Forbidden(what: "a second product", sql: "INSERT INTO product VALUES (5, '', '', NULL, NULL, '', 1)"),
    Forbidden(what: "tier 0", sql: "INSERT INTO dealer VALUES ('X', '', 0, NULL, '43', 1)"),
    Forbidden(what: "tier 10", sql: "INSERT INTO dealer VALUES ('X', '', 10, 'A', '43', 1)"),
    Forbidden(what: "tier 1 below another", sql: "INSERT INTO dealer VALUES ('X', '', 1, 'A', '43', 1)"),
    Forbidden(what: "tier 2 below nobody", sql: "INSERT INTO dealer VALUES ('X', '', 2, NULL, '43', 1)"),
    Forbidden(what: "a parent that is not there", sql: "INSERT INTO dealer VALUES ('X', '', 2, 'Z', '43', 1)"),
    Forbidden(what: "a dealer without territory", sql: "INSERT INTO dealer VALUES ('X', '', 1, NULL, '', 1)"),
    Forbidden(what: "a terminal of nobody", sql: "INSERT INTO terminal VALUES ('T', 'Z', '43', '', 1)"),
    Forbidden(
      what: "a policy enforced without a basis",
      sql: "INSERT INTO price_policy VALUES ('P', 1, 5, '', '1', 'CNY', 'enforce', '', 0, NULL, 1)"),
    Forbidden(
      what: "a policy that ends before it begins",
      sql: "INSERT INTO price_policy VALUES ('P', 1, 5, '', '1', 'CNY', 'off', NULL, 5, 5, 1)"),
    Forbidden(
      what: "a policy of another mode",
      sql: "INSERT INTO price_policy VALUES ('P', 1, 5, '', '1', 'CNY', 'must', NULL, 0, NULL, 1)"),
    Forbidden(what: "a space that gave back numbers", sql: "UPDATE space SET next = -1"),
    Forbidden(what: "a second space of a key", sql: "INSERT INTO space VALUES (2, 'i', 0)"),
    Forbidden(
      what: "an empty batch", sql: "INSERT INTO batch VALUES (9, 5, 1, 0, 0, 'c', NULL, NULL, 0, NULL, 0, 1)"),
    Forbidden(
      what: "boxes from no space", sql: "INSERT INTO batch VALUES (9, 5, 1, 0, 5, 'c', NULL, NULL, 3, NULL, 0, 1)"),
    Forbidden(
      what: "a space of boxes without boxes",
      sql: "INSERT INTO batch VALUES (9, 5, 1, 0, 5, 'c', 1, 0, 0, NULL, 0, 1)"),
    Forbidden(
      what: "two batches that begin at one number",
      sql: "INSERT INTO batch VALUES (9, 5, 1, 7, 5, 'c', NULL, NULL, 0, NULL, 0, 1)"),
    Forbidden(
      what: "a dispatch to nobody", sql: "INSERT INTO dispatch VALUES (1, 'N', 'Z', '43', 0, 0, 'K', 1)"),
    Forbidden(what: "units of no dispatch", sql: "INSERT INTO dispatch_unit VALUES (9, 1, 0, 0)"),
    Forbidden(what: "contents upside down", sql: "INSERT INTO content VALUES (1, 1, 1, 5, 4)"),
    Forbidden(what: "an alert's event that is not there", sql: "INSERT INTO alert_event VALUES (1, 99)"),
    Forbidden(what: "an event changed", sql: "UPDATE event SET at = at + 1", only: "PostgreSQL"),
    Forbidden(what: "an event changed", sql: "UPDATE event SET at = at + 1", only: "PostgreSQL"),
    Forbidden(
      what: "a user without a key",
      sql: "INSERT INTO \"user\" (name, salt, password, key) VALUES ('li', x'', x'', 9)"),
    Forbidden(what: "a referenced event deleted", sql: "DELETE FROM event WHERE id = 1", except: "Citus"),
    Forbidden(what: "a referenced dealer deleted", sql: "DELETE FROM dealer WHERE code = 'A'"),
  ]
}

@Suite("The database refuses what must not be")
struct ConstraintTests {
  @Test("a constraint refuses", arguments: StoreUnderTest.all, Forbidden.all)
  func refused(_ engine: StoreUnderTest, _ forbidden: Forbidden) async throws {
    guard forbidden.only == nil || forbidden.only == engine.name, forbidden.except != engine.name else { return }
    let bench = try await Bench.withEvent(engine)
    try await bench.store.write { transaction throws in
      for sql in [
        "INSERT INTO product VALUES (5, '', '', NULL, NULL, '', 1)",
        "INSERT INTO dealer VALUES ('A', '', 1, NULL, '430000', 1)",
        "INSERT INTO dealer VALUES ('B', '', 2, 'A', '430100', 1)",
        "INSERT INTO space VALUES (1, 'i', 12)",
        "INSERT INTO batch VALUES (1, 5, 1, 7, 5, 'c', NULL, NULL, 0, NULL, 0, 1)",
      ] { try transaction.run(sql) }
    }
    let error = await #expect(throws: StorageError.self) {
      try await bench.store.write { try $0.run(engine.dialect(forbidden.sql)) }
    }
    #expect(isConstraint(error), "\(String(describing: error))")
  }
}
