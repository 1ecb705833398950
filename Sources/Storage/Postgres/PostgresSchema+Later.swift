/// The later migrations, in their order.
extension PostgresSchema {
  static let corrections = """
    ALTER TABLE version ADD COLUMN mark TEXT COLLATE "C";
    """

  static let inspections = """
    CREATE TABLE inspection (
      id BIGINT PRIMARY KEY CHECK (id > 0),
      inspector BIGINT NOT NULL,
      region TEXT COLLATE "C" NOT NULL,
      terminal TEXT COLLATE "C" REFERENCES terminal (code),
      began BIGINT NOT NULL,
      ended BIGINT CHECK (ended >= began),
      event BIGINT NOT NULL REFERENCES event (id),
      closing BIGINT REFERENCES event (id) CHECK (closing > event),
      CHECK ((ended IS NULL) = (closing IS NULL))
    );

    CREATE TABLE inspection_scan (
      scan BIGINT PRIMARY KEY REFERENCES event (id),
      inspection BIGINT NOT NULL REFERENCES inspection (id),
      event BIGINT NOT NULL REFERENCES event (id)
    );
    CREATE INDEX inspection_scan_inspection ON inspection_scan (inspection, scan);

    CREATE TABLE inspection_file (
      inspection BIGINT NOT NULL REFERENCES inspection (id),
      sha256 BYTEA NOT NULL CHECK (length(sha256) = 32),
      type TEXT COLLATE "C" NOT NULL CHECK (type IN ('image/png', 'image/jpeg', 'application/pdf')),
      bytes BIGINT NOT NULL CHECK (bytes > 0),
      purpose TEXT COLLATE "C" NOT NULL CHECK (purpose IN ('photo', 'priceTag', 'receipt', 'document')),
      event BIGINT NOT NULL REFERENCES event (id),
      PRIMARY KEY (inspection, sha256)
    );
    """

  static let checkpoints = """
    ALTER TABLE checkpoint ADD COLUMN previous BIGINT CHECK (previous < size);
    UPDATE checkpoint SET previous = (SELECT max(c.size) FROM checkpoint AS c WHERE c.size < checkpoint.size);
    """
}
