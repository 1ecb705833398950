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
}
