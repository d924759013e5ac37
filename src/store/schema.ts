/** The tables of a capture file, as numbered migrations. A released one is never edited: the next version is a new entry. */
import type { DatabaseSync } from "node:sqlite";

/**
 * `exchanges` has what lists and filters need, in narrow columns; `messages` has heads and bodies, so that scanning a list never
 * reads them. Two indexes only, as each costs every write: `seq` (what changed since), and the few rows that are open.
 */
const first = `
  CREATE TABLE store (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    seq INTEGER NOT NULL,
    last_wall REAL
  ) STRICT;
  INSERT INTO store (one, seq) VALUES (1, 0);

  CREATE TABLE captures (
    ordinal INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    started REAL NOT NULL,
    ended REAL,
    secrets_kept INTEGER NOT NULL,
    rows INTEGER NOT NULL DEFAULT 0,
    hidden INTEGER NOT NULL DEFAULT 0,
    cleared_to INTEGER NOT NULL DEFAULT 0,
    purged_to INTEGER NOT NULL DEFAULT 0
  ) STRICT;

  CREATE TABLE exchanges (
    key INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    at REAL NOT NULL,
    sent REAL,
    kind TEXT NOT NULL,
    role TEXT NOT NULL,
    method TEXT NOT NULL,
    url TEXT NOT NULL,
    secure INTEGER NOT NULL,
    host TEXT NOT NULL,
    port REAL NOT NULL,
    path TEXT NOT NULL,
    http_version TEXT NOT NULL,
    connection REAL NOT NULL,
    client_address TEXT NOT NULL,
    client_port REAL NOT NULL,
    client_process TEXT,
    state TEXT NOT NULL,
    status REAL,
    reason TEXT,
    request_head REAL NOT NULL,
    request_body REAL NOT NULL,
    response_head REAL NOT NULL,
    response_body REAL NOT NULL,
    request_end REAL,
    server_connected REAL,
    server_tls REAL,
    request_sent REAL,
    response_first REAL,
    response_end REAL,
    delivered REAL,
    hold REAL,
    gap REAL,
    wait REAL,
    content_type TEXT,
    caching TEXT,
    agent TEXT,
    sid TEXT,
    rid REAL,
    event TEXT,
    notes TEXT,
    faults TEXT,
    failed REAL,
    phase TEXT,
    cause TEXT,
    blame TEXT,
    alert REAL,
    detail TEXT,
    comment TEXT,
    mark TEXT
  ) STRICT;
  CREATE INDEX exchanges_seq ON exchanges (seq);
  CREATE INDEX exchanges_open ON exchanges (key) WHERE state = 'pending';

  CREATE TABLE messages (
    key INTEGER PRIMARY KEY REFERENCES exchanges (key) ON DELETE CASCADE,
    request_head TEXT,
    request_body BLOB,
    request_wire REAL,
    request_flags INTEGER,
    request_encoding TEXT,
    request_hash TEXT,
    request_trailers TEXT,
    response_head TEXT,
    response_body BLOB,
    response_wire REAL,
    response_flags INTEGER,
    response_encoding TEXT,
    response_hash TEXT,
    response_trailers TEXT,
    informational TEXT
  ) STRICT;

  CREATE TABLE frames (
    id INTEGER PRIMARY KEY,
    exchange INTEGER NOT NULL REFERENCES exchanges (key) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    at REAL NOT NULL,
    from_client INTEGER NOT NULL,
    opcode INTEGER NOT NULL,
    final INTEGER NOT NULL,
    length REAL NOT NULL,
    body BLOB,
    cut INTEGER NOT NULL,
    UNIQUE (exchange, position)
  ) STRICT;

  CREATE TABLE connections (
    key INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    ended REAL,
    open INTEGER NOT NULL,
    record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX connections_seq ON connections (seq);
  CREATE INDEX connections_open ON connections (key) WHERE open = 1;

  CREATE TABLE deleted (
    key INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL
  ) STRICT;
`;

/** Relations between exchanges, and what WebSocket messages say. */
const second = `
  ALTER TABLE exchanges ADD COLUMN related TEXT;
  ALTER TABLE frames ADD COLUMN event TEXT;
`;

/** What was observed beside the traffic: a block of vitals, a probe, a log file and its lines. `data` is JSON; `first` null = time not known. */
const third = `
  CREATE TABLE observations (
    id INTEGER PRIMARY KEY,
    capture INTEGER NOT NULL REFERENCES captures (ordinal) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    first REAL,
    last REAL,
    agent TEXT,
    file TEXT,
    data TEXT NOT NULL
  ) STRICT;
  CREATE INDEX observations_place ON observations (capture, kind, first);
`;

/** What was concluded: whole records, as nothing filters by their fields. The times are those of the traffic that is kept for good. */
const fourth = `
  CREATE TABLE findings (
    id TEXT PRIMARY KEY,
    capture INTEGER NOT NULL REFERENCES captures (ordinal) ON DELETE CASCADE,
    kept_from REAL NOT NULL,
    kept_until REAL NOT NULL,
    record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX findings_kept ON findings (kept_from, kept_until);
`;

/** Entry n takes a file from version n to n + 1. */
const migrations: readonly string[] = [first, second, third, fourth];

/** The newest version this program knows. */
export const schemaVersion = migrations.length;

/** "Bosh" in ASCII, in the file's header: tells a capture from any other SQLite file. */
export const applicationId = 0x426f7368;

/** Brings the file from `version` to the newest, all or nothing. */
export function migrate(database: DatabaseSync, version: number): void {
  if (version >= schemaVersion) return;
  database.exec("BEGIN IMMEDIATE");
  try {
    for (const step of migrations.slice(version)) database.exec(step);
    database.exec(`PRAGMA user_version = ${schemaVersion}`);
    database.exec(`PRAGMA application_id = ${applicationId}`);
    database.exec("COMMIT");
  } catch (thrown) {
    database.exec("ROLLBACK");
    throw thrown;
  }
}
