extension PostgresSchema {
  /// Addresses of other systems that are told of alerts and cases, and what is to be told to each. Secrets are sealed
  /// under the keystore; `cursor` is the last event that was looked at for an address.
  static let webhooks = """
    CREATE TABLE webhook (
      id BIGINT PRIMARY KEY CHECK (id > 0),
      url TEXT COLLATE "C" NOT NULL,
      name TEXT COLLATE "C" NOT NULL,
      types TEXT COLLATE "C" NOT NULL CHECK (length(types) > 0),
      enabled BIGINT NOT NULL CHECK (enabled IN (0, 1)),
      reason TEXT COLLATE "C" CHECK (reason IN ('failing', 'gone')),
      created BIGINT NOT NULL,
      secret BYTEA NOT NULL,
      before BYTEA,
      before_until BIGINT,
      cursor BIGINT NOT NULL,
      deliveries BIGINT NOT NULL DEFAULT 0,
      failing_since BIGINT,
      event BIGINT NOT NULL REFERENCES event (id),
      CHECK ((before IS NULL) = (before_until IS NULL)),
      CHECK (reason IS NULL OR enabled = 0)
    );

    CREATE TABLE webhook_delivery (
      webhook BIGINT NOT NULL REFERENCES webhook (id),
      number BIGINT NOT NULL CHECK (number > 0),
      message TEXT COLLATE "C" NOT NULL,
      type TEXT COLLATE "C" NOT NULL,
      event BIGINT REFERENCES event (id),
      body BYTEA NOT NULL,
      created BIGINT NOT NULL,
      state TEXT COLLATE "C" NOT NULL CHECK (state IN ('pending', 'delivered', 'failed')),
      tries BIGINT NOT NULL,
      next BIGINT,
      tried BIGINT,
      status BIGINT,
      error TEXT COLLATE "C",
      PRIMARY KEY (webhook, number),
      CHECK ((state = 'pending') = (next IS NOT NULL)),
      CHECK (status IS NULL OR error IS NULL)
    );
    CREATE UNIQUE INDEX webhook_delivery_event ON webhook_delivery (webhook, event);
    CREATE INDEX webhook_delivery_due ON webhook_delivery (webhook, next) WHERE state = 'pending';
    """
}
