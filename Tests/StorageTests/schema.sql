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
, urgency INTEGER NOT NULL DEFAULT 0, decision TEXT) STRICT;

CREATE TABLE alert_event (
  alert INTEGER NOT NULL REFERENCES alert (id),
  event INTEGER NOT NULL REFERENCES event (id),
  PRIMARY KEY (alert, event)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE case_alert (
  alert INTEGER PRIMARY KEY NOT NULL REFERENCES alert (id),
  file INTEGER NOT NULL REFERENCES casefile (id),
  event INTEGER NOT NULL REFERENCES event (id)
) STRICT;

CREATE TABLE case_step (
  file INTEGER NOT NULL REFERENCES casefile (id),
  event INTEGER NOT NULL REFERENCES event (id),
  PRIMARY KEY (file, event)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE checkpoint (
  size INTEGER PRIMARY KEY NOT NULL CHECK (size >= 0),
  root BLOB NOT NULL CHECK (length(root) = 32),
  signed INTEGER NOT NULL,
  note TEXT NOT NULL
, previous INTEGER CHECK (previous < size)) STRICT;

CREATE TABLE content (
  parent_space INTEGER NOT NULL,
  parent_serial INTEGER NOT NULL,
  space INTEGER NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL CHECK (last >= first),
  PRIMARY KEY (parent_space, parent_serial, space, first)
) STRICT, WITHOUT ROWID;

CREATE TABLE cosignature (
  size INTEGER NOT NULL REFERENCES checkpoint (size),
  witness TEXT NOT NULL,
  at INTEGER NOT NULL,
  line TEXT NOT NULL,
  PRIMARY KEY (size, witness)
) STRICT, WITHOUT ROWID;

CREATE TABLE dealer (
  code TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  tier INTEGER NOT NULL CHECK (tier BETWEEN 1 AND 9),
  parent TEXT REFERENCES dealer (code),
  territories TEXT NOT NULL CHECK (length(territories) > 0),
  event INTEGER NOT NULL REFERENCES event (id),
  CHECK ((tier = 1) = (parent IS NULL))
) STRICT;

CREATE TABLE detector (
  name TEXT PRIMARY KEY NOT NULL,
  cursor INTEGER NOT NULL,
  state BLOB NOT NULL
) STRICT;

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

CREATE TABLE event (
  id INTEGER PRIMARY KEY NOT NULL CHECK (id > 0),
  kind TEXT NOT NULL,
  at INTEGER NOT NULL,
  recorded INTEGER NOT NULL,
  body BLOB NOT NULL,
  private BLOB,
  previous INTEGER CHECK (previous < id)
) STRICT;

CREATE TABLE flow (
  day INTEGER NOT NULL,
  gtin INTEGER NOT NULL,
  dealer TEXT NOT NULL,
  region TEXT NOT NULL,
  scans INTEGER NOT NULL,
  PRIMARY KEY (gtin, day, dealer, region)
) STRICT, WITHOUT ROWID;

CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);

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

CREATE TABLE inspection_file (
  inspection INTEGER NOT NULL REFERENCES inspection (id),
  sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
  type TEXT NOT NULL CHECK (type IN ('image/png', 'image/jpeg', 'application/pdf')),
  bytes INTEGER NOT NULL CHECK (bytes > 0),
  purpose TEXT NOT NULL CHECK (purpose IN ('photo', 'priceTag', 'receipt', 'document')),
  event INTEGER NOT NULL REFERENCES event (id),
  PRIMARY KEY (inspection, sha256)
) STRICT, WITHOUT ROWID;

CREATE TABLE inspection_scan (
  scan INTEGER PRIMARY KEY NOT NULL REFERENCES event (id),
  inspection INTEGER NOT NULL REFERENCES inspection (id),
  event INTEGER NOT NULL REFERENCES event (id)
) STRICT;

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

CREATE TABLE reply (
  key INTEGER NOT NULL,
  client TEXT NOT NULL,
  event INTEGER NOT NULL,
  PRIMARY KEY (key, client)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE session (
  hash BLOB PRIMARY KEY NOT NULL CHECK (length(hash) = 32),
  name TEXT NOT NULL REFERENCES user (name),
  created INTEGER NOT NULL,
  until INTEGER NOT NULL CHECK (until > created)
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
  name TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE space (
  id INTEGER PRIMARY KEY NOT NULL,
  key TEXT NOT NULL UNIQUE,
  next INTEGER NOT NULL CHECK (next >= 0)
) STRICT;

CREATE TABLE step_reply (
  key INTEGER NOT NULL,
  client TEXT NOT NULL,
  request BLOB NOT NULL CHECK (length(request) = 32),
  event INTEGER NOT NULL REFERENCES event (id),
  result INTEGER NOT NULL,
  PRIMARY KEY (key, client)
) STRICT, WITHOUT ROWID;

CREATE TABLE terminal (
  code TEXT PRIMARY KEY NOT NULL,
  dealer TEXT REFERENCES dealer (code),
  region TEXT NOT NULL,
  name TEXT NOT NULL,
  event INTEGER NOT NULL REFERENCES event (id)
) STRICT;

CREATE TABLE tile (
  level INTEGER NOT NULL,
  number INTEGER NOT NULL,
  bytes BLOB NOT NULL CHECK (length(bytes) % 32 = 0 AND length(bytes) BETWEEN 32 AND 8192),
  PRIMARY KEY (level, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE time_stamp (
  size INTEGER NOT NULL REFERENCES checkpoint (size),
  authority TEXT NOT NULL,
  at INTEGER NOT NULL,
  answer BLOB NOT NULL CHECK (length(answer) > 0),
  PRIMARY KEY (size, authority)
) STRICT, WITHOUT ROWID;

CREATE TABLE track (
  space INTEGER NOT NULL,
  first INTEGER NOT NULL CHECK (first >= 0),
  last INTEGER NOT NULL CHECK (last >= first),
  version INTEGER NOT NULL REFERENCES version (id),
  PRIMARY KEY (space, first)
) STRICT, WITHOUT ROWID;

CREATE TABLE user (
  name TEXT PRIMARY KEY NOT NULL,
  salt BLOB NOT NULL,
  password BLOB NOT NULL,
  key INTEGER NOT NULL REFERENCES api_key (id)
, totp BLOB CHECK (length(totp) = 20), totp_step INTEGER NOT NULL DEFAULT 0, subject TEXT, totp_sealed BLOB CHECK (length(totp_sealed) = 48)) STRICT;

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
, mark TEXT) STRICT;

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

CREATE INDEX alert_dealer ON alert (dealer, urgency, id, status, severity, kind, region, gtin);

CREATE INDEX alert_event_event ON alert_event (event, alert);

CREATE INDEX alert_inbox ON alert (urgency, id, status, severity, kind, dealer, region, gtin);

CREATE INDEX alert_kind ON alert (kind, urgency, id, status, severity, dealer, region, gtin);

CREATE INDEX alert_newest_dealer ON alert (dealer, id, status, severity, kind, region, gtin);

CREATE INDEX alert_newest_kind ON alert (kind, id, status, severity, dealer, region, gtin);

CREATE INDEX alert_newest_status ON alert (status, id, severity, kind, dealer, region, gtin);

CREATE INDEX alert_status ON alert (status, urgency, id, severity, kind, dealer, region, gtin);

CREATE INDEX case_alert_file ON case_alert (file, alert);

CREATE INDEX casefile_dealer ON casefile (dealer, id);

CREATE INDEX casefile_state ON casefile (state, id);

CREATE INDEX dealer_parent ON dealer (parent);

CREATE INDEX event_personal ON event (recorded) WHERE private IS NOT NULL;

CREATE INDEX inspection_scan_inspection ON inspection_scan (inspection, scan);

CREATE INDEX penalty_file ON penalty (file, id);

CREATE INDEX print_job_batch ON print_job (batch, id);

CREATE INDEX print_job_dispatch ON print_job (dispatch, id);

CREATE INDEX report_at ON report (at);

CREATE INDEX session_name ON session (name);

CREATE INDEX track_version ON track (version);

CREATE UNIQUE INDEX user_subject ON user (subject);

CREATE INDEX version_dealer ON version (dealer) WHERE dealer IS NOT NULL;

CREATE INDEX webhook_delivery_due ON webhook_delivery (webhook, next) WHERE state = 'pending';

CREATE UNIQUE INDEX webhook_delivery_event ON webhook_delivery (webhook, event);
