import GRDB

/// The schema's history: plain SQL, numbered, never edited once released; the next change goes below.
///
/// Times are Unix milliseconds. `space` names a run of integers that codes come from: the indexes of one product
/// and key epoch, or the serial references of one SSCC series; every growing table starts its key with it or with
/// the log's own number, so that each could be distributed by it.
enum SQLiteSchema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("001 ledger") { try $0.execute(sql: ledger) }
    migrator.registerMigration("002 catalogue") { try $0.execute(sql: catalogue) }
    migrator.registerMigration("003 lives") { try $0.execute(sql: lives) }
    migrator.registerMigration("004 scans") { try $0.execute(sql: scans) }
    migrator.registerMigration("005 alerts") { try $0.execute(sql: alerts) }
    migrator.registerMigration("006 access") { try $0.execute(sql: access) }
    migrator.registerMigration("007 cases") { try $0.execute(sql: cases) }
    migrator.registerMigration("008 attestation") { try $0.execute(sql: attestation) }
    migrator.registerMigration("009 corrections") { try $0.execute(sql: corrections) }
    migrator.registerMigration("010 inspections") { try $0.execute(sql: inspections) }
    migrator.registerMigration("011 sessions") { try $0.execute(sql: sessions) }
    migrator.registerMigration("012 urgency") { try $0.execute(sql: urgency) }
    migrator.registerMigration("013 station") { try $0.execute(sql: station) }
    migrator.registerMigration("014 checkpoints") { try $0.execute(sql: checkpoints) }
    migrator.registerMigration("015 webhooks") { try $0.execute(sql: webhooks) }
    migrator.registerMigration("016 decisions") { try $0.execute(sql: decisions) }
    migrator.registerMigration("017 alert tally") { try $0.execute(sql: alertTally) }
    migrator.registerMigration("018 sealed codes") { try $0.execute(sql: sealedCodes) }
    migrator.registerMigration("019 personal events") { try $0.execute(sql: personalEvents) }
    return migrator
  }

  private static let ledger = """
    CREATE TABLE setting (
      name TEXT PRIMARY KEY NOT NULL,
      value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE event (
      id INTEGER PRIMARY KEY NOT NULL CHECK (id > 0),
      kind TEXT NOT NULL,
      at INTEGER NOT NULL,
      recorded INTEGER NOT NULL,
      body BLOB NOT NULL,
      private BLOB,
      previous INTEGER CHECK (previous < id)
    ) STRICT;

    CREATE TABLE tile (
      level INTEGER NOT NULL,
      number INTEGER NOT NULL,
      bytes BLOB NOT NULL CHECK (length(bytes) % 32 = 0 AND length(bytes) BETWEEN 32 AND 8192),
      PRIMARY KEY (level, number)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE checkpoint (
      size INTEGER PRIMARY KEY NOT NULL CHECK (size >= 0),
      root BLOB NOT NULL CHECK (length(root) = 32),
      signed INTEGER NOT NULL,
      note TEXT NOT NULL
    ) STRICT;
    """

  private static let catalogue = """
    CREATE TABLE product (
      gtin INTEGER PRIMARY KEY NOT NULL,
      zh TEXT NOT NULL,
      en TEXT NOT NULL,
      amount TEXT,
      currency TEXT,
      series TEXT NOT NULL,
      event INTEGER NOT NULL REFERENCES event (id),
      CHECK ((amount IS NULL) = (currency IS NULL))
    ) STRICT;

    CREATE TABLE dealer (
      code TEXT PRIMARY KEY NOT NULL,
      name TEXT NOT NULL,
      tier INTEGER NOT NULL CHECK (tier BETWEEN 1 AND 9),
      parent TEXT REFERENCES dealer (code),
      territories TEXT NOT NULL CHECK (length(territories) > 0),
      event INTEGER NOT NULL REFERENCES event (id),
      CHECK ((tier = 1) = (parent IS NULL))
    ) STRICT;
    CREATE INDEX dealer_parent ON dealer (parent);

    CREATE TABLE terminal (
      code TEXT PRIMARY KEY NOT NULL,
      dealer TEXT REFERENCES dealer (code),
      region TEXT NOT NULL,
      name TEXT NOT NULL,
      event INTEGER NOT NULL REFERENCES event (id)
    ) STRICT;

    CREATE TABLE price_policy (
      id TEXT NOT NULL,
      version INTEGER NOT NULL,
      gtin INTEGER NOT NULL REFERENCES product (gtin),
      regions TEXT NOT NULL,
      amount TEXT NOT NULL,
      currency TEXT NOT NULL,
      mode TEXT NOT NULL CHECK (mode IN ('off', 'advise', 'enforce')),
      basis TEXT,
      since INTEGER NOT NULL,
      until INTEGER,
      event INTEGER NOT NULL REFERENCES event (id),
      PRIMARY KEY (id, version),
      CHECK (mode <> 'enforce' OR length(basis) > 0),
      CHECK (until IS NULL OR until > since)
    ) STRICT;

    CREATE TABLE space (
      id INTEGER PRIMARY KEY NOT NULL,
      key TEXT NOT NULL UNIQUE,
      next INTEGER NOT NULL CHECK (next >= 0)
    ) STRICT;

    CREATE TABLE batch (
      id INTEGER PRIMARY KEY NOT NULL,
      gtin INTEGER NOT NULL REFERENCES product (gtin),
      space INTEGER NOT NULL REFERENCES space (id),
      first INTEGER NOT NULL CHECK (first >= 0),
      count INTEGER NOT NULL CHECK (count > 0),
      profile TEXT NOT NULL,
      box_space INTEGER REFERENCES space (id),
      box_first INTEGER,
      box_count INTEGER NOT NULL CHECK (box_count >= 0),
      per_box INTEGER CHECK (per_box > 0),
      created INTEGER NOT NULL,
      event INTEGER NOT NULL REFERENCES event (id),
      UNIQUE (space, first),
      UNIQUE (box_space, box_first),
      CHECK ((box_count = 0) = (box_space IS NULL))
    ) STRICT;
    """

  private static let lives = """
    CREATE TABLE version (
      id INTEGER PRIMARY KEY NOT NULL,
      state INTEGER NOT NULL,
      dealer TEXT,
      dispatch INTEGER,
      territories TEXT,
      parent_space INTEGER,
      parent_serial INTEGER,
      at INTEGER NOT NULL,
      recorded INTEGER NOT NULL,
      event INTEGER NOT NULL REFERENCES event (id),
      previous INTEGER CHECK (previous < id)
    ) STRICT;

    CREATE TABLE track (
      space INTEGER NOT NULL,
      first INTEGER NOT NULL CHECK (first >= 0),
      last INTEGER NOT NULL CHECK (last >= first),
      version INTEGER NOT NULL REFERENCES version (id),
      PRIMARY KEY (space, first)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE content (
      parent_space INTEGER NOT NULL,
      parent_serial INTEGER NOT NULL,
      space INTEGER NOT NULL,
      first INTEGER NOT NULL,
      last INTEGER NOT NULL CHECK (last >= first),
      PRIMARY KEY (parent_space, parent_serial, space, first)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE dispatch (
      id INTEGER PRIMARY KEY NOT NULL,
      number TEXT NOT NULL UNIQUE,
      dealer TEXT NOT NULL REFERENCES dealer (code),
      territories TEXT NOT NULL,
      at INTEGER NOT NULL,
      items INTEGER NOT NULL,
      seal_key TEXT NOT NULL,
      event INTEGER NOT NULL REFERENCES event (id)
    ) STRICT;

    CREATE TABLE dispatch_unit (
      dispatch INTEGER NOT NULL REFERENCES dispatch (id),
      space INTEGER NOT NULL,
      first INTEGER NOT NULL,
      last INTEGER NOT NULL CHECK (last >= first),
      PRIMARY KEY (dispatch, space, first)
    ) STRICT, WITHOUT ROWID;
    """

  private static let scans = """
    CREATE TABLE history (
      space INTEGER NOT NULL,
      number INTEGER NOT NULL,
      first_at INTEGER NOT NULL,
      last_at INTEGER NOT NULL,
      scans INTEGER NOT NULL,
      last_event INTEGER NOT NULL,
      last_region TEXT,
      suspected INTEGER NOT NULL DEFAULT 0,
      PRIMARY KEY (space, number)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE reply (
      key INTEGER NOT NULL,
      client TEXT NOT NULL,
      event INTEGER NOT NULL,
      PRIMARY KEY (key, client)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE flow (
      day INTEGER NOT NULL,
      gtin INTEGER NOT NULL,
      dealer TEXT NOT NULL,
      region TEXT NOT NULL,
      scans INTEGER NOT NULL,
      PRIMARY KEY (gtin, day, dealer, region)
    ) STRICT, WITHOUT ROWID;
    """

  private static let alerts = """
    CREATE TABLE alert (
      id INTEGER PRIMARY KEY NOT NULL,
      identity TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL,
      status TEXT NOT NULL,
      severity TEXT NOT NULL,
      dealer TEXT,
      region TEXT,
      gtin INTEGER,
      raised INTEGER NOT NULL,
      rule TEXT NOT NULL,
      detail BLOB NOT NULL,
      event INTEGER NOT NULL REFERENCES event (id)
    ) STRICT;
    CREATE INDEX alert_kind ON alert (kind, id);
    CREATE INDEX alert_dealer ON alert (dealer, id);
    CREATE INDEX alert_region ON alert (region, id);

    CREATE TABLE alert_event (
      alert INTEGER NOT NULL REFERENCES alert (id),
      event INTEGER NOT NULL REFERENCES event (id),
      PRIMARY KEY (alert, event)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE detector (
      name TEXT PRIMARY KEY NOT NULL,
      cursor INTEGER NOT NULL,
      state BLOB NOT NULL
    ) STRICT;
    """

  private static let access = """
    CREATE TABLE api_key (
      id INTEGER PRIMARY KEY NOT NULL,
      hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
      role TEXT NOT NULL,
      dealer TEXT REFERENCES dealer (code),
      region TEXT,
      name TEXT NOT NULL,
      created INTEGER NOT NULL,
      revoked INTEGER,
      event INTEGER NOT NULL REFERENCES event (id)
    ) STRICT;

    CREATE TABLE user (
      name TEXT PRIMARY KEY NOT NULL,
      salt BLOB NOT NULL,
      password BLOB NOT NULL,
      key INTEGER NOT NULL REFERENCES api_key (id)
    ) STRICT;
    """

  private static let cases = """
    CREATE TABLE casefile (
      id INTEGER PRIMARY KEY NOT NULL CHECK (id > 0),
      kind TEXT NOT NULL,
      state TEXT NOT NULL
        CHECK (state IN ('open', 'notified', 'answered', 'decided', 'penalty', 'appeal', 'closed')),
      outcome TEXT CHECK (outcome IN ('confirmed', 'ordinaryTransfer', 'dataError', 'falseAlarm', 'undecidable')),
      dealer TEXT REFERENCES dealer (code),
      region TEXT,
      opened INTEGER NOT NULL,
      opener INTEGER NOT NULL,
      assignee INTEGER,
      decider INTEGER CHECK (decider <> opener),
      due INTEGER,
      event INTEGER NOT NULL REFERENCES event (id),
      CHECK ((outcome IS NULL) = (state IN ('open', 'notified', 'answered'))),
      CHECK ((outcome IS NULL) = (decider IS NULL))
    ) STRICT;
    CREATE INDEX casefile_dealer ON casefile (dealer, id);
    CREATE INDEX casefile_state ON casefile (state, id);

    CREATE TABLE case_alert (
      alert INTEGER PRIMARY KEY NOT NULL REFERENCES alert (id),
      file INTEGER NOT NULL REFERENCES casefile (id),
      event INTEGER NOT NULL REFERENCES event (id)
    ) STRICT;
    CREATE INDEX case_alert_file ON case_alert (file, alert);

    CREATE TABLE case_step (
      file INTEGER NOT NULL REFERENCES casefile (id),
      event INTEGER NOT NULL REFERENCES event (id),
      PRIMARY KEY (file, event)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE penalty (
      id INTEGER PRIMARY KEY NOT NULL CHECK (id > 0),
      file INTEGER NOT NULL REFERENCES casefile (id),
      kind TEXT NOT NULL CHECK (kind IN ('warning', 'deposit', 'rebate', 'supplyLimit', 'termination')),
      amount TEXT,
      currency TEXT,
      terms TEXT,
      until INTEGER,
      decision INTEGER NOT NULL REFERENCES event (id),
      event INTEGER NOT NULL REFERENCES event (id),
      reversal INTEGER REFERENCES event (id) CHECK (reversal > event),
      CHECK ((amount IS NULL) = (currency IS NULL)),
      CHECK ((amount IS NOT NULL) = (kind IN ('deposit', 'rebate'))),
      CHECK (kind <> 'supplyLimit' OR terms IS NOT NULL),
      CHECK (decision < event)
    ) STRICT;
    CREATE INDEX penalty_file ON penalty (file, id);

    CREATE TABLE attachment (
      file INTEGER NOT NULL REFERENCES casefile (id),
      sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
      type TEXT NOT NULL CHECK (type IN ('image/png', 'image/jpeg', 'application/pdf')),
      bytes INTEGER NOT NULL CHECK (bytes > 0),
      name TEXT NOT NULL,
      purpose TEXT NOT NULL,
      event INTEGER NOT NULL REFERENCES event (id),
      PRIMARY KEY (file, sha256)
    ) STRICT, WITHOUT ROWID;
    """

  private static let attestation = """
    CREATE TABLE time_stamp (
      size INTEGER NOT NULL REFERENCES checkpoint (size),
      authority TEXT NOT NULL,
      at INTEGER NOT NULL,
      answer BLOB NOT NULL CHECK (length(answer) > 0),
      PRIMARY KEY (size, authority)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE cosignature (
      size INTEGER NOT NULL REFERENCES checkpoint (size),
      witness TEXT NOT NULL,
      at INTEGER NOT NULL,
      line TEXT NOT NULL,
      PRIMARY KEY (size, witness)
    ) STRICT, WITHOUT ROWID;
    """

  private static let checkpoints = """
    ALTER TABLE checkpoint ADD COLUMN previous INTEGER CHECK (previous < size);
    UPDATE checkpoint SET previous = (SELECT max(c.size) FROM checkpoint AS c WHERE c.size < checkpoint.size);
    """

  private static let corrections = """
    ALTER TABLE version ADD COLUMN mark TEXT;
    """

  private static let inspections = """
    CREATE TABLE inspection (
      id INTEGER PRIMARY KEY NOT NULL CHECK (id > 0),
      inspector INTEGER NOT NULL,
      region TEXT NOT NULL,
      terminal TEXT REFERENCES terminal (code),
      began INTEGER NOT NULL,
      ended INTEGER CHECK (ended >= began),
      event INTEGER NOT NULL REFERENCES event (id),
      closing INTEGER REFERENCES event (id) CHECK (closing > event),
      CHECK ((ended IS NULL) = (closing IS NULL))
    ) STRICT;

    CREATE TABLE inspection_scan (
      scan INTEGER PRIMARY KEY NOT NULL REFERENCES event (id),
      inspection INTEGER NOT NULL REFERENCES inspection (id),
      event INTEGER NOT NULL REFERENCES event (id)
    ) STRICT;
    CREATE INDEX inspection_scan_inspection ON inspection_scan (inspection, scan);

    CREATE TABLE inspection_file (
      inspection INTEGER NOT NULL REFERENCES inspection (id),
      sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
      type TEXT NOT NULL CHECK (type IN ('image/png', 'image/jpeg', 'application/pdf')),
      bytes INTEGER NOT NULL CHECK (bytes > 0),
      purpose TEXT NOT NULL CHECK (purpose IN ('photo', 'priceTag', 'receipt', 'document')),
      event INTEGER NOT NULL REFERENCES event (id),
      PRIMARY KEY (inspection, sha256)
    ) STRICT, WITHOUT ROWID;
    """
}
