extension PostgresSchema {
  /// Steps that a client named itself, so that each is taken once; what was printed; what people report of a code;
  /// and the ways from a dealer to the codes that it holds.
  static let station = """
    CREATE TABLE step_reply (
      key BIGINT NOT NULL,
      client TEXT COLLATE "C" NOT NULL,
      request BYTEA NOT NULL CHECK (length(request) = 32),
      event BIGINT NOT NULL REFERENCES event (id),
      result BIGINT NOT NULL,
      PRIMARY KEY (key, client)
    );

    CREATE TABLE print_job (
      id BIGINT PRIMARY KEY CHECK (id > 0),
      batch BIGINT REFERENCES batch (id),
      dispatch BIGINT REFERENCES dispatch (id),
      level TEXT COLLATE "C" NOT NULL CHECK (level IN ('item', 'box')),
      first BIGINT,
      last BIGINT CHECK (last >= first),
      format TEXT COLLATE "C" NOT NULL,
      template TEXT COLLATE "C" NOT NULL,
      reason TEXT COLLATE "C",
      at BIGINT NOT NULL,
      key BIGINT NOT NULL,
      event BIGINT NOT NULL REFERENCES event (id),
      CHECK ((batch IS NULL) <> (dispatch IS NULL)),
      CHECK ((batch IS NULL) = (first IS NULL)),
      CHECK ((batch IS NULL) = (last IS NULL))
    );
    CREATE INDEX print_job_batch ON print_job (batch, id);
    CREATE INDEX print_job_dispatch ON print_job (dispatch, id);

    CREATE TABLE report (
      id BIGINT PRIMARY KEY CHECK (id > 0),
      code TEXT COLLATE "C" NOT NULL,
      space BIGINT,
      number BIGINT,
      at BIGINT NOT NULL,
      photo BYTEA CHECK (length(photo) = 32),
      type TEXT COLLATE "C",
      event BIGINT NOT NULL REFERENCES event (id),
      CHECK ((photo IS NULL) = (type IS NULL))
    );
    CREATE INDEX report_at ON report (at);

    CREATE INDEX version_dealer ON version (dealer) WHERE dealer IS NOT NULL;
    CREATE INDEX track_version ON track (version);
    """
}
