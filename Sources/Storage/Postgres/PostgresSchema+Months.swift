extension PostgresSchema {
  /// Events lie in a partition for each month, and what is personal in them in another, which goes when its time is
  /// over; the log's own rows are never changed, which a trigger sees to. A key that must be unique in all months names
  /// the month, so the rows that name an event no longer refer to it by a foreign key; `yima audit` compares them.
  static let months = """
    CREATE TABLE event_month (
      month BIGINT PRIMARY KEY,
      first BIGINT NOT NULL UNIQUE CHECK (first > 0)
    );

    ALTER TABLE event RENAME TO event_before;
    ALTER INDEX event_pkey RENAME TO event_before_pkey;

    CREATE TABLE event (
      id BIGINT NOT NULL CHECK (id > 0),
      span BIGINT NOT NULL,
      kind TEXT COLLATE "C" NOT NULL,
      at BIGINT NOT NULL,
      recorded BIGINT NOT NULL,
      body BYTEA NOT NULL,
      previous BIGINT CHECK (previous < id),
      PRIMARY KEY (id, span)
    ) PARTITION BY RANGE (span);

    CREATE TABLE event_private (
      event BIGINT NOT NULL,
      span BIGINT NOT NULL,
      bytes BYTEA NOT NULL,
      PRIMARY KEY (event, span)
    ) PARTITION BY RANGE (span);
    """

  /// Brings the events of before into their months.
  static func fillMonths(_ transaction: Transaction) throws {
    let keys = try transaction.all(
      """
      SELECT CAST(conrelid::regclass AS TEXT), CAST(conname AS TEXT) FROM pg_constraint
      WHERE contype = 'f' AND confrelid = to_regclass('event_before')
      """
    ) { (table: $0.text(0), name: $0.text(1)) }
    for key in keys { try transaction.define("ALTER TABLE \(key.table) DROP CONSTRAINT \(key.name)") }

    let starts = try EventSpan.starts(in: "event_before", transaction)
    for (place, start) in starts.enumerated() {
      try MonthlyTable.make(month: start.month, transaction)
      try transaction.post(
        "INSERT INTO event_month (month, first) VALUES (?, ?)", [.integer(start.month), .integer(start.first)])
      let end = place + 1 < starts.count ? starts[place + 1].first : Int64.max
      let span = "((\(start.month)::BIGINT << 32) | (id >> \(EventSpan.bits)))"
      try transaction.define(
        """
        INSERT INTO event (id, span, kind, at, recorded, body, previous)
        SELECT id, \(span), kind, at, recorded, body, previous FROM event_before
        WHERE id >= \(start.first) AND id < \(end) ORDER BY id
        """)
      try transaction.define(
        """
        INSERT INTO event_private (event, span, bytes) SELECT id, \(span), private FROM event_before
        WHERE id >= \(start.first) AND id < \(end) AND private IS NOT NULL ORDER BY id
        """)
    }
    try transaction.define("DROP TABLE event_before")
    try transaction.define(
      """
      CREATE FUNCTION event_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      RAISE EXCEPTION 'events are only added' USING ERRCODE = 'integrity_constraint_violation'; END $$
      """)
    try transaction.define(
      "CREATE TRIGGER event_is_kept BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION event_is_kept()")
  }
}
