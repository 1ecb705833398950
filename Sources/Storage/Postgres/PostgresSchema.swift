/// The schema's history on PostgreSQL: the same tables as on SQLite, in PostgreSQL's types; numbered, never edited once
/// released.
///
/// Texts compare by code point (`COLLATE "C"`), so that lists come in the same order on both engines.
enum PostgresSchema {
  /// Taken at the start of every write transaction and given back with its end. Installations in different schemas of
  /// one database do not wait for each other.
  static let writerLock = "SELECT pg_advisory_xact_lock(hashtextextended('yima:' || current_schema(), 0))"

  /// Brings the schema up to date. Several servers may start at once: the lock lets them do it in turn.
  static func migrate(_ connection: PostgresConnection) throws(StorageError) {
    do {
      try connection.command("SET client_min_messages = warning")
      try makeSchema(connection)
      try connection.command("BEGIN")
      try connection.command(writerLock)
      try connection.command("CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY)")
      let transaction = Transaction(connection)
      let done = Set(try transaction.all("SELECT name FROM migration") { $0.text(0) })
      let known = Set(migrations.map(\.name))
      guard done.isSubset(of: known) else {
        throw StorageError.engine(code: -1, message: "the database was made by a newer version of Yima")
      }
      for migration in migrations where !done.contains(migration.name) {
        for statement in migration.sql.split(separator: ";") where statement.contains(where: \.isLetter) {
          try connection.command(String(statement))
        }
        if migration.sql == months { try fillMonths(transaction) }
        try transaction.post("INSERT INTO migration VALUES (?)", [.text(migration.name)])
      }
      try connection.command("COMMIT")
      try connection.synchronise()
    } catch {
      try? connection.abandon()
      throw StorageError(any: error)
    }
  }

  /// Makes the schema that the address names in `search_path` when it is not there: several installations can share a
  /// database, each in a schema of its own.
  private static func makeSchema(_ connection: PostgresConnection) throws {
    let transaction = Transaction(connection)
    let path = try transaction.first("SELECT current_setting('search_path') WHERE current_schema() IS NULL") {
      $0.text(0)
    }
    try connection.synchronise()
    guard let name = path else { return }
    guard name.utf8.allSatisfy({ $0 == UInt8(ascii: "_") || ($0 | 0x20).isLowercaseLetter || $0.isDigit }) else {
      throw StorageError.connection("there is no schema \(name)")
    }
    try connection.command("CREATE SCHEMA IF NOT EXISTS \"\(name)\"")
    try connection.synchronise()
  }

  private static let migrations: [(name: String, sql: String)] = [
    ("001 ledger", ledger), ("002 catalogue", catalogue), ("003 lives", lives), ("004 scans", scans),
    ("005 alerts", alerts), ("006 access", access), ("007 marks", marks), ("008 cases", cases),
    ("009 attestation", attestation), ("010 corrections", corrections), ("011 inspections", inspections),
    ("012 sessions", sessions), ("013 urgency", urgency), ("014 station", station),
    ("015 checkpoints", checkpoints), ("016 webhooks", webhooks), ("017 decisions", decisions),
    ("018 alert tally", alertTally), ("019 sealed codes", sealedCodes),
    ("020 months", months),
  ]

  private static let ledger = """
    CREATE TABLE setting (
      name TEXT COLLATE "C" PRIMARY KEY,
      value TEXT COLLATE "C" NOT NULL
    );

    CREATE TABLE event (
      id BIGINT PRIMARY KEY CHECK (id > 0),
      kind TEXT COLLATE "C" NOT NULL,
      at BIGINT NOT NULL,
      recorded BIGINT NOT NULL,
      body BYTEA NOT NULL,
      private BYTEA,
      previous BIGINT CHECK (previous < id)
    );

    CREATE TABLE tile (
      level BIGINT NOT NULL,
      number BIGINT NOT NULL,
      bytes BYTEA NOT NULL CHECK (length(bytes) % 32 = 0 AND length(bytes) BETWEEN 32 AND 8192),
      PRIMARY KEY (level, number)
    );

    CREATE TABLE checkpoint (
      size BIGINT PRIMARY KEY CHECK (size >= 0),
      root BYTEA NOT NULL CHECK (length(root) = 32),
      signed BIGINT NOT NULL,
      note TEXT COLLATE "C" NOT NULL
    );
    """

  private static let catalogue = """
    CREATE TABLE product (
      gtin BIGINT PRIMARY KEY,
      zh TEXT COLLATE "C" NOT NULL,
      en TEXT COLLATE "C" NOT NULL,
      amount TEXT COLLATE "C",
      currency TEXT COLLATE "C",
      series TEXT COLLATE "C" NOT NULL,
      event BIGINT NOT NULL REFERENCES event (id),
      CHECK ((amount IS NULL) = (currency IS NULL))
    );

    CREATE TABLE dealer (
      code TEXT COLLATE "C" PRIMARY KEY,
      name TEXT COLLATE "C" NOT NULL,
      tier BIGINT NOT NULL CHECK (tier BETWEEN 1 AND 9),
      parent TEXT COLLATE "C" REFERENCES dealer (code),
      territories TEXT COLLATE "C" NOT NULL CHECK (length(territories) > 0),
      event BIGINT NOT NULL REFERENCES event (id),
      CHECK ((tier = 1) = (parent IS NULL))
    );
    CREATE INDEX dealer_parent ON dealer (parent);

    CREATE TABLE terminal (
      code TEXT COLLATE "C" PRIMARY KEY,
      dealer TEXT COLLATE "C" REFERENCES dealer (code),
      region TEXT COLLATE "C" NOT NULL,
      name TEXT COLLATE "C" NOT NULL,
      event BIGINT NOT NULL REFERENCES event (id)
    );

    CREATE TABLE price_policy (
      id TEXT COLLATE "C" NOT NULL,
      version BIGINT NOT NULL,
      gtin BIGINT NOT NULL REFERENCES product (gtin),
      regions TEXT COLLATE "C" NOT NULL,
      amount TEXT COLLATE "C" NOT NULL,
      currency TEXT COLLATE "C" NOT NULL,
      mode TEXT COLLATE "C" NOT NULL CHECK (mode IN ('off', 'advise', 'enforce')),
      basis TEXT COLLATE "C",
      since BIGINT NOT NULL,
      until BIGINT,
      event BIGINT NOT NULL REFERENCES event (id),
      PRIMARY KEY (id, version),
      CHECK (mode <> 'enforce' OR length(basis) > 0),
      CHECK (until IS NULL OR until > since)
    );

    CREATE TABLE space (
      id BIGINT PRIMARY KEY,
      key TEXT COLLATE "C" NOT NULL UNIQUE,
      next BIGINT NOT NULL CHECK (next >= 0)
    );

    CREATE TABLE batch (
      id BIGINT PRIMARY KEY,
      gtin BIGINT NOT NULL REFERENCES product (gtin),
      space BIGINT NOT NULL REFERENCES space (id),
      first BIGINT NOT NULL CHECK (first >= 0),
      count BIGINT NOT NULL CHECK (count > 0),
      profile TEXT COLLATE "C" NOT NULL,
      box_space BIGINT REFERENCES space (id),
      box_first BIGINT,
      box_count BIGINT NOT NULL CHECK (box_count >= 0),
      per_box BIGINT CHECK (per_box > 0),
      created BIGINT NOT NULL,
      event BIGINT NOT NULL REFERENCES event (id),
      UNIQUE (space, first),
      UNIQUE (box_space, box_first),
      CHECK ((box_count = 0) = (box_space IS NULL))
    );
    """

  private static let lives = """
    CREATE TABLE version (
      id BIGINT PRIMARY KEY,
      state BIGINT NOT NULL,
      dealer TEXT COLLATE "C",
      dispatch BIGINT,
      territories TEXT COLLATE "C",
      parent_space BIGINT,
      parent_serial BIGINT,
      at BIGINT NOT NULL,
      recorded BIGINT NOT NULL,
      event BIGINT NOT NULL REFERENCES event (id),
      previous BIGINT CHECK (previous < id)
    );

    CREATE TABLE track (
      space BIGINT NOT NULL,
      first BIGINT NOT NULL CHECK (first >= 0),
      last BIGINT NOT NULL CHECK (last >= first),
      version BIGINT NOT NULL REFERENCES version (id),
      PRIMARY KEY (space, first)
    );

    CREATE TABLE content (
      parent_space BIGINT NOT NULL,
      parent_serial BIGINT NOT NULL,
      space BIGINT NOT NULL,
      first BIGINT NOT NULL,
      last BIGINT NOT NULL CHECK (last >= first),
      PRIMARY KEY (parent_space, parent_serial, space, first)
    );

    CREATE TABLE dispatch (
      id BIGINT PRIMARY KEY,
      number TEXT COLLATE "C" NOT NULL UNIQUE,
      dealer TEXT COLLATE "C" NOT NULL REFERENCES dealer (code),
      territories TEXT COLLATE "C" NOT NULL,
      at BIGINT NOT NULL,
      items BIGINT NOT NULL,
      seal_key TEXT COLLATE "C" NOT NULL,
      event BIGINT NOT NULL REFERENCES event (id)
    );

    CREATE TABLE dispatch_unit (
      dispatch BIGINT NOT NULL REFERENCES dispatch (id),
      space BIGINT NOT NULL,
      first BIGINT NOT NULL,
      last BIGINT NOT NULL CHECK (last >= first),
      PRIMARY KEY (dispatch, space, first)
    );
    """

  private static let scans = """
    CREATE TABLE history (
      space BIGINT NOT NULL,
      number BIGINT NOT NULL,
      first_at BIGINT NOT NULL,
      last_at BIGINT NOT NULL,
      scans BIGINT NOT NULL,
      last_event BIGINT NOT NULL,
      last_region TEXT COLLATE "C",
      suspected BIGINT NOT NULL DEFAULT 0,
      PRIMARY KEY (space, number)
    );

    CREATE TABLE reply (
      key BIGINT NOT NULL,
      client TEXT COLLATE "C" NOT NULL,
      event BIGINT NOT NULL,
      PRIMARY KEY (key, client)
    );

    CREATE TABLE flow (
      day BIGINT NOT NULL,
      gtin BIGINT NOT NULL,
      dealer TEXT COLLATE "C" NOT NULL,
      region TEXT COLLATE "C" NOT NULL,
      scans BIGINT NOT NULL,
      PRIMARY KEY (gtin, day, dealer, region)
    );
    """

  private static let alerts = """
    CREATE TABLE alert (
      id BIGINT PRIMARY KEY,
      identity TEXT COLLATE "C" NOT NULL UNIQUE,
      kind TEXT COLLATE "C" NOT NULL,
      status TEXT COLLATE "C" NOT NULL,
      severity TEXT COLLATE "C" NOT NULL,
      dealer TEXT COLLATE "C",
      region TEXT COLLATE "C",
      gtin BIGINT,
      raised BIGINT NOT NULL,
      rule TEXT COLLATE "C" NOT NULL,
      detail BYTEA NOT NULL,
      event BIGINT NOT NULL REFERENCES event (id)
    );
    CREATE INDEX alert_kind ON alert (kind, id);
    CREATE INDEX alert_dealer ON alert (dealer, id);
    CREATE INDEX alert_region ON alert (region, id);

    CREATE TABLE alert_event (
      alert BIGINT NOT NULL REFERENCES alert (id),
      event BIGINT NOT NULL REFERENCES event (id),
      PRIMARY KEY (alert, event)
    );

    CREATE TABLE detector (
      name TEXT COLLATE "C" PRIMARY KEY,
      cursor BIGINT NOT NULL,
      state BYTEA NOT NULL
    );
    """

  private static let access = """
    CREATE TABLE api_key (
      id BIGINT PRIMARY KEY,
      hash BYTEA NOT NULL UNIQUE CHECK (length(hash) = 32),
      role TEXT COLLATE "C" NOT NULL,
      dealer TEXT COLLATE "C" REFERENCES dealer (code),
      region TEXT COLLATE "C",
      name TEXT COLLATE "C" NOT NULL,
      created BIGINT NOT NULL,
      revoked BIGINT,
      event BIGINT NOT NULL REFERENCES event (id)
    );

    CREATE TABLE "user" (
      name TEXT COLLATE "C" PRIMARY KEY,
      salt BYTEA NOT NULL,
      password BYTEA NOT NULL,
      key BIGINT NOT NULL REFERENCES api_key (id)
    );
    """

  private static let marks = """
    CREATE TABLE mark (
      name TEXT COLLATE "C" PRIMARY KEY,
      count BIGINT NOT NULL
    );
    INSERT INTO mark VALUES ('catalogue', 0);
    """

  private static let cases = """
    CREATE TABLE casefile (
      id BIGINT PRIMARY KEY CHECK (id > 0),
      kind TEXT COLLATE "C" NOT NULL,
      state TEXT COLLATE "C" NOT NULL
        CHECK (state IN ('open', 'notified', 'answered', 'decided', 'penalty', 'appeal', 'closed')),
      outcome TEXT COLLATE "C"
        CHECK (outcome IN ('confirmed', 'ordinaryTransfer', 'dataError', 'falseAlarm', 'undecidable')),
      dealer TEXT COLLATE "C" REFERENCES dealer (code),
      region TEXT COLLATE "C",
      opened BIGINT NOT NULL,
      opener BIGINT NOT NULL,
      assignee BIGINT,
      decider BIGINT CHECK (decider <> opener),
      due BIGINT,
      event BIGINT NOT NULL REFERENCES event (id),
      CHECK ((outcome IS NULL) = (state IN ('open', 'notified', 'answered'))),
      CHECK ((outcome IS NULL) = (decider IS NULL))
    );
    CREATE INDEX casefile_dealer ON casefile (dealer, id);
    CREATE INDEX casefile_state ON casefile (state, id);

    CREATE TABLE case_alert (
      alert BIGINT PRIMARY KEY REFERENCES alert (id),
      file BIGINT NOT NULL REFERENCES casefile (id),
      event BIGINT NOT NULL REFERENCES event (id)
    );
    CREATE INDEX case_alert_file ON case_alert (file, alert);

    CREATE TABLE case_step (
      file BIGINT NOT NULL REFERENCES casefile (id),
      event BIGINT NOT NULL REFERENCES event (id),
      PRIMARY KEY (file, event)
    );

    CREATE TABLE penalty (
      id BIGINT PRIMARY KEY CHECK (id > 0),
      file BIGINT NOT NULL REFERENCES casefile (id),
      kind TEXT COLLATE "C" NOT NULL
        CHECK (kind IN ('warning', 'deposit', 'rebate', 'supplyLimit', 'termination')),
      amount TEXT COLLATE "C",
      currency TEXT COLLATE "C",
      terms TEXT COLLATE "C",
      until BIGINT,
      decision BIGINT NOT NULL REFERENCES event (id),
      event BIGINT NOT NULL REFERENCES event (id),
      reversal BIGINT REFERENCES event (id) CHECK (reversal > event),
      CHECK ((amount IS NULL) = (currency IS NULL)),
      CHECK ((amount IS NOT NULL) = (kind IN ('deposit', 'rebate'))),
      CHECK (kind <> 'supplyLimit' OR terms IS NOT NULL),
      CHECK (decision < event)
    );
    CREATE INDEX penalty_file ON penalty (file, id);

    CREATE TABLE attachment (
      file BIGINT NOT NULL REFERENCES casefile (id),
      sha256 BYTEA NOT NULL CHECK (length(sha256) = 32),
      type TEXT COLLATE "C" NOT NULL CHECK (type IN ('image/png', 'image/jpeg', 'application/pdf')),
      bytes BIGINT NOT NULL CHECK (bytes > 0),
      name TEXT COLLATE "C" NOT NULL,
      purpose TEXT COLLATE "C" NOT NULL,
      event BIGINT NOT NULL REFERENCES event (id),
      PRIMARY KEY (file, sha256)
    );
    """

  private static let attestation = """
    CREATE TABLE time_stamp (
      size BIGINT NOT NULL REFERENCES checkpoint (size),
      authority TEXT COLLATE "C" NOT NULL,
      at BIGINT NOT NULL,
      answer BYTEA NOT NULL CHECK (length(answer) > 0),
      PRIMARY KEY (size, authority)
    );

    CREATE TABLE cosignature (
      size BIGINT NOT NULL REFERENCES checkpoint (size),
      witness TEXT COLLATE "C" NOT NULL,
      at BIGINT NOT NULL,
      line TEXT COLLATE "C" NOT NULL,
      PRIMARY KEY (size, witness)
    );
    """
}

extension UInt8 {
  fileprivate var isLowercaseLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) }
  fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
