extension SQLiteSchema {
  /// Steps that a client named itself, so that each is taken once; what was printed; what people report of a code;
  /// and the ways from a dealer to the codes that it holds.
  static let station = """
    CREATE TABLE step_reply (
      key INTEGER NOT NULL,
      client TEXT NOT NULL,
      request BLOB NOT NULL CHECK (length(request) = 32),
      event INTEGER NOT NULL REFERENCES event (id),
      result INTEGER NOT NULL,
      PRIMARY KEY (key, client)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE print_job (
      id INTEGER PRIMARY KEY NOT NULL CHECK (id > 0),
      batch INTEGER REFERENCES batch (id),
      dispatch INTEGER REFERENCES dispatch (id),
      level TEXT NOT NULL CHECK (level IN ('item', 'box')),
      first INTEGER,
      last INTEGER CHECK (last >= first),
      format TEXT NOT NULL,
      template TEXT NOT NULL,
      reason TEXT,
      at INTEGER NOT NULL,
      key INTEGER NOT NULL,
      event INTEGER NOT NULL REFERENCES event (id),
      CHECK ((batch IS NULL) <> (dispatch IS NULL)),
      CHECK ((batch IS NULL) = (first IS NULL)),
      CHECK ((batch IS NULL) = (last IS NULL))
    ) STRICT;
    CREATE INDEX print_job_batch ON print_job (batch, id);
    CREATE INDEX print_job_dispatch ON print_job (dispatch, id);

    CREATE TABLE report (
      id INTEGER PRIMARY KEY NOT NULL CHECK (id > 0),
      code TEXT NOT NULL,
      space INTEGER,
      number INTEGER,
      at INTEGER NOT NULL,
      photo BLOB CHECK (length(photo) = 32),
      type TEXT,
      event INTEGER NOT NULL REFERENCES event (id),
      CHECK ((photo IS NULL) = (type IS NULL))
    ) STRICT;
    CREATE INDEX report_at ON report (at);

    CREATE INDEX version_dealer ON version (dealer) WHERE dealer IS NOT NULL;
    CREATE INDEX track_version ON track (version);
    """
}
