extension SQLiteSchema {
  /// Addresses of other systems that are told of alerts and cases, and what is to be told to each. Secrets are sealed
  /// under the keystore; `cursor` is the last event that was looked at for an address.
  static let webhooks = """
    CREATE TABLE webhook (
      id INTEGER PRIMARY KEY NOT NULL CHECK (id > 0),
      url TEXT NOT NULL,
      name TEXT NOT NULL,
      types TEXT NOT NULL CHECK (length(types) > 0),
      enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
      reason TEXT CHECK (reason IN ('failing', 'gone')),
      created INTEGER NOT NULL,
      secret BLOB NOT NULL,
      before BLOB,
      before_until INTEGER,
      cursor INTEGER NOT NULL,
      deliveries INTEGER NOT NULL DEFAULT 0,
      failing_since INTEGER,
      event INTEGER NOT NULL REFERENCES event (id),
      CHECK ((before IS NULL) = (before_until IS NULL)),
      CHECK (reason IS NULL OR enabled = 0)
    ) STRICT;

    CREATE TABLE webhook_delivery (
      webhook INTEGER NOT NULL REFERENCES webhook (id),
      number INTEGER NOT NULL CHECK (number > 0),
      message TEXT NOT NULL,
      type TEXT NOT NULL,
      event INTEGER REFERENCES event (id),
      body BLOB NOT NULL,
      created INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'failed')),
      tries INTEGER NOT NULL,
      next INTEGER,
      tried INTEGER,
      status INTEGER,
      error TEXT,
      PRIMARY KEY (webhook, number),
      CHECK ((state = 'pending') = (next IS NOT NULL)),
      CHECK (status IS NULL OR error IS NULL)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX webhook_delivery_event ON webhook_delivery (webhook, event);
    CREATE INDEX webhook_delivery_due ON webhook_delivery (webhook, next) WHERE state = 'pending';
    """
}
