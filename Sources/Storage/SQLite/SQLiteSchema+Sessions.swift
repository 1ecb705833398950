extension SQLiteSchema {
  /// A session's token is kept as its SHA-256; `totp` is the shared secret of RFC 6238, `subject` the name at the
  /// identity provider.
  static let sessions = """
    ALTER TABLE user ADD COLUMN totp BLOB CHECK (length(totp) = 20);
    ALTER TABLE user ADD COLUMN totp_step INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE user ADD COLUMN subject TEXT;
    CREATE UNIQUE INDEX user_subject ON user (subject);

    CREATE TABLE session (
      hash BLOB PRIMARY KEY NOT NULL CHECK (length(hash) = 32),
      name TEXT NOT NULL REFERENCES user (name),
      created INTEGER NOT NULL,
      until INTEGER NOT NULL CHECK (until > created)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX session_name ON session (name);
    """

  /// Severity first, then value at risk: see `AlertUrgency`.
  static let urgency = """
    ALTER TABLE alert ADD COLUMN urgency INTEGER NOT NULL DEFAULT 0;
    UPDATE alert SET urgency = 281474976710656 * CASE severity WHEN 'serious' THEN 2 WHEN 'warning' THEN 1 ELSE 0 END;
    CREATE INDEX alert_urgency ON alert (urgency, id);
    CREATE INDEX alert_status ON alert (status, urgency, id);
    """

  /// What people decided stands in a column of its own, to be counted from an index; so do the alerts of each sort.
  static let decisions = """
    ALTER TABLE alert ADD COLUMN decision TEXT;
    UPDATE alert SET decision = json_extract(CAST(detail AS TEXT), '$.decision.decision') WHERE status = 'closed';
    CREATE INDEX alert_decision ON alert (kind, rule, decision) WHERE decision IS NOT NULL;
    CREATE INDEX alert_sort ON alert (kind, status, severity, dealer, region);
    """

  /// Events that hold something personal: every day what is overdue is sought among them.
  static let personalEvents = "CREATE INDEX event_personal ON event (recorded) WHERE private IS NOT NULL"

  /// The secret of one-time codes, sealed: nonce, ciphertext and tag. `totp` holds those of before until they are.
  static let sealedCodes = "ALTER TABLE user ADD COLUMN totp_sealed BLOB CHECK (length(totp_sealed) = 48)"

  /// The inbox is filtered within an index, by status, dealer and kind in one that begins with it, in either order. The
  /// alerts that rest on an event are asked for each scan whose time of retention is over. How many alerts there are of
  /// each sort is kept beside them; '' stands for none.
  static let alertTally = """
    CREATE INDEX alert_event_event ON alert_event (event, alert);
    DROP INDEX alert_kind;
    DROP INDEX alert_dealer;
    DROP INDEX alert_region;
    DROP INDEX alert_urgency;
    DROP INDEX alert_status;
    DROP INDEX alert_decision;
    DROP INDEX alert_sort;
    CREATE INDEX alert_inbox ON alert (urgency, id, status, severity, kind, dealer, region, gtin);
    CREATE INDEX alert_status ON alert (status, urgency, id, severity, kind, dealer, region, gtin);
    CREATE INDEX alert_dealer ON alert (dealer, urgency, id, status, severity, kind, region, gtin);
    CREATE INDEX alert_kind ON alert (kind, urgency, id, status, severity, dealer, region, gtin);
    CREATE INDEX alert_newest_status ON alert (status, id, severity, kind, dealer, region, gtin);
    CREATE INDEX alert_newest_dealer ON alert (dealer, id, status, severity, kind, region, gtin);
    CREATE INDEX alert_newest_kind ON alert (kind, id, status, severity, dealer, region, gtin);
    CREATE TABLE alert_tally (
      kind TEXT NOT NULL,
      rule TEXT NOT NULL,
      status TEXT NOT NULL,
      severity TEXT NOT NULL,
      decision TEXT NOT NULL,
      dealer TEXT NOT NULL,
      region TEXT NOT NULL,
      n INTEGER NOT NULL,
      PRIMARY KEY (kind, rule, status, severity, decision, dealer, region)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO alert_tally
    SELECT kind, rule, status, severity, coalesce(decision, ''), coalesce(dealer, ''), coalesce(region, ''), count(*)
    FROM alert GROUP BY 1, 2, 3, 4, 5, 6, 7;
    """
}
