/// How the tables are spread over the nodes of a Citus cluster: the statements that do it, and doing it.
///
/// What grows with codes, boxes or scans is distributed, by a column that is in each of its unique keys and that every
/// statement of the hot path names. What people enter is copied to every node. What only the writer needs stays on the
/// coordinator. The sequencer's rows and a code's look-up each lie in one shard.
package enum ClusterPlan {
  /// Where the rows of a table are.
  package enum Place: Equatable, Sendable {
    /// In shards by the hash of a column; together with another table's of the same value, where one is named.
    case distributed(by: String, with: String?)
    /// All of them on every node.
    case everywhere
    /// On the coordinator alone.
    case coordinator
  }

  /// Every table, each before those that refer to it.
  package static let places: [(table: String, place: Place)] = [
    ("product", .everywhere), ("dealer", .everywhere), ("terminal", .everywhere), ("price_policy", .everywhere),
    ("space", .everywhere), ("batch", .everywhere), ("dispatch", .everywhere), ("api_key", .everywhere),
    ("user", .everywhere), ("session", .everywhere), ("alert", .everywhere), ("alert_event", .everywhere),
    ("casefile", .everywhere), ("case_alert", .everywhere), ("case_step", .everywhere), ("penalty", .everywhere),
    ("attachment", .everywhere), ("inspection", .everywhere), ("inspection_scan", .everywhere),
    ("inspection_file", .everywhere), ("webhook", .everywhere),

    ("event", .distributed(by: "span", with: nil)), ("event_private", .distributed(by: "span", with: "event")),
    ("tile", .distributed(by: "number", with: nil)), ("checkpoint", .distributed(by: "size", with: nil)),
    ("time_stamp", .distributed(by: "size", with: "checkpoint")),
    ("cosignature", .distributed(by: "size", with: "checkpoint")),
    ("version", .distributed(by: "id", with: nil)), ("track", .distributed(by: "space", with: nil)),
    ("content", .distributed(by: "parent_space", with: "track")),
    ("dispatch_unit", .distributed(by: "dispatch", with: nil)), ("history", .distributed(by: "number", with: nil)),
    ("reply", .distributed(by: "client", with: nil)), ("flow", .distributed(by: "dealer", with: nil)),
    ("step_reply", .distributed(by: "client", with: "reply")), ("print_job", .distributed(by: "id", with: nil)),
    ("report", .distributed(by: "id", with: "print_job")),
    ("webhook_delivery", .distributed(by: "webhook", with: nil)),

    ("setting", .coordinator), ("mark", .coordinator), ("migration", .coordinator), ("detector", .coordinator),
    ("event_month", .coordinator), ("alert_tally", .coordinator),
  ]

  /// What Citus cannot keep: keys between tables that lie apart, and the trigger on what is distributed.
  private static let given = [
    (table: "track", sql: "ALTER TABLE \"track\" DROP CONSTRAINT IF EXISTS track_version_fkey"),
    (table: "event", sql: "DROP TRIGGER IF EXISTS event_is_kept ON \"event\""),
  ]

  /// The statements, in order; each can be run by itself with `psql` on the coordinator.
  package static var statements: [String] { given.map(\.sql) + places.compactMap { statement($0.table, $0.place) } }

  private static func statement(_ table: String, _ place: Place) -> String? {
    switch place {
    case .coordinator: nil
    case .everywhere: "SELECT create_reference_table('\"\(table)\"')"
    case .distributed(let column, let other):
      "SELECT create_distributed_table('\"\(table)\"', '\(column)', colocate_with => '\(other ?? "none")')"
    }
  }

  /// Whether the tables of this schema are spread over a cluster.
  static func isApplied(_ transaction: Transaction) throws -> Bool {
    guard try transaction.hasTable("pg_catalog.pg_dist_partition") else { return false }
    return try transaction.first(
      "SELECT count(*) FROM pg_dist_partition WHERE logicalrelid = to_regclass('event')"
    ) { $0.int(0) == 1 } ?? false
  }

  /// Makes the schema at the address and spreads its tables, those that are not yet spread. Each statement is a step of
  /// its own: what was done stays done, and running it again goes on.
  /// - Parameter progress: told each statement before it runs.
  /// - Throws: `StorageError.constraint` when the database has no Citus or no worker nodes.
  package static func apply(to url: String, progress: (String) -> Void) throws {
    try PostgresEngine(url: url, durability: .full).close()
    let connection = try PostgresConnection(url)
    let transaction = Transaction(connection)
    func count(_ sql: String) throws -> Int64 { try transaction.first(sql) { $0.int(0) } ?? 0 }
    guard try count("SELECT count(*) FROM pg_extension WHERE extname = 'citus'") == 1 else {
      throw StorageError.constraint("the database has no extension citus")
    }
    guard try count("SELECT count(*) FROM citus_get_active_worker_nodes()") > 0 else {
      throw StorageError.constraint("the cluster has no worker nodes: citus_add_node")
    }
    let done = Set(
      try transaction.all("SELECT logicalrelid::oid::BIGINT FROM pg_dist_partition WHERE partmethod IN ('h', 'n')") {
        $0.int(0)
      })
    for (table, sql) in given where try !isDone(table) { try run(sql) }
    for (table, place) in places {
      guard let statement = statement(table, place), try !isDone(table) else { continue }
      try run(statement)
    }

    func isDone(_ table: String) throws -> Bool {
      try done.contains(count("SELECT '\"\(table)\"'::regclass::oid::BIGINT"))
    }

    func run(_ sql: String) throws {
      progress(sql)
      try connection.command(sql)
      try connection.synchronise()
    }
  }
}

extension Transaction {
  /// On a cluster: brings what the audit joins to the coordinator, as temporary tables that hide the spread ones until
  /// the transaction ends; of events all but their bodies, under the name of ``eventSpine``. Takes their room there.
  func gather() throws {
    for (table, key) in [
      ("track", "space, first"), ("version", "id"), ("content", "parent_space, parent_serial"),
      ("history", "space, number"), ("dispatch_unit", "dispatch"),
    ] {
      try define("CREATE TEMPORARY TABLE \(table) ON COMMIT DROP AS SELECT * FROM \(table)")
      try define("CREATE INDEX ON pg_temp.\(table) (\(key))")
    }
    try define(
      "CREATE TEMPORARY TABLE event_spine ON COMMIT DROP AS SELECT id, kind, at, recorded, previous FROM event")
    try define("CREATE INDEX ON pg_temp.event_spine (id)")
    try define("ANALYZE pg_temp.event_spine, pg_temp.history, pg_temp.track, pg_temp.version")
    isGathered = true
  }

  /// Where statements that join events with other tables find them: id, kind, at, recorded, previous.
  package var eventSpine: String { isGathered ? "event_spine" : "event" }
}
