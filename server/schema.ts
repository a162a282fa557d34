import { createHash } from "node:crypto";
import type { Database } from "./database.ts";

/**
 * All that the server remembers, as the steps that lead to it: step n brings a database of version
 * n - 1 (SQLite's `user_version`) to version n. Steps that were released are never changed.
 *
 * Times are unix seconds, hashes are HMAC-SHA-256 under the server's secret (see secrets.ts).
 * No column joins `temporary_exposure_keys` to a test, a code, a certificate or an attempt, and the
 * tables that could betray an order of arrival are `WITHOUT ROWID`: their rows lie sorted by random
 * bytes.
 */
export const SCHEMA_STEPS: readonly ((db: Database) => void)[] = [
  (db) => db.execute(VERSION_1),
  (db) => {
    db.execute(VERSION_2);
    divideExports(db);
  },
];

/** Bytes of an export file in one row: what is held in memory while it is written or sent. */
export const EXPORT_PART_BYTES = 1024 * 1024;

const VERSION_1 = `
CREATE TABLE tests (
  id INTEGER PRIMARY KEY,
  code_hash BLOB NOT NULL UNIQUE,
  token_hash BLOB UNIQUE,
  status INTEGER NOT NULL CHECK (status BETWEEN 0 AND 4),
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE certificates (
  jti_hash BLOB PRIMARY KEY,
  test_id INTEGER NOT NULL REFERENCES tests (id) ON DELETE CASCADE,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX certificates_test ON certificates (test_id);

CREATE TABLE redeemed_certificates (
  jti_hash BLOB PRIMARY KEY,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE look_ups (
  id INTEGER PRIMARY KEY,
  client_hash BLOB NOT NULL,
  at INTEGER NOT NULL,
  code_known INTEGER NOT NULL CHECK (code_known IN (0, 1))
) STRICT;
CREATE INDEX look_ups_client ON look_ups (client_hash, at);

CREATE TABLE temporary_exposure_keys (
  key_data BLOB PRIMARY KEY CHECK (length(key_data) = 16),
  rolling_start_interval_number INTEGER NOT NULL,
  rolling_period INTEGER NOT NULL CHECK (rolling_period BETWEEN 1 AND 144),
  transmission_risk_level INTEGER NOT NULL CHECK (transmission_risk_level BETWEEN 0 AND 8),
  days_since_onset_of_symptoms INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX keys_created ON temporary_exposure_keys (created_at);

CREATE TABLE exports (
  name TEXT PRIMARY KEY,
  start_timestamp INTEGER NOT NULL,
  zip BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX exports_start ON exports (start_timestamp);
`;

/**
 * Report types and revisions (their numbers are those of export files); codes issued through the
 * admin API, with dates only until they are claimed; certificates without a test; attempts of every
 * kind; export files in parts, so that no more than one is in memory.
 */
const VERSION_2 = `
ALTER TABLE temporary_exposure_keys
  ADD COLUMN report_type INTEGER NOT NULL DEFAULT 1 CHECK (report_type IN (1, 2, 3));
ALTER TABLE temporary_exposure_keys
  ADD COLUMN revised_report_type INTEGER CHECK (revised_report_type IN (1, 2, 5));
ALTER TABLE temporary_exposure_keys ADD COLUMN revised_days_since_onset_of_symptoms INTEGER;
ALTER TABLE temporary_exposure_keys ADD COLUMN revised_at INTEGER;
CREATE INDEX keys_revised ON temporary_exposure_keys (revised_at) WHERE revised_at IS NOT NULL;

CREATE INDEX tests_created ON tests (created_at);

CREATE TABLE verification_codes (
  uuid_hash BLOB PRIMARY KEY,
  code_hash BLOB NOT NULL UNIQUE,
  long_code_hash BLOB NOT NULL UNIQUE,
  test_type TEXT,
  symptom_date TEXT,
  test_date TEXT,
  claimed INTEGER NOT NULL CHECK (claimed IN (0, 1)),
  expires_at INTEGER NOT NULL,
  long_expires_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX verification_codes_created ON verification_codes (created_at);

CREATE TABLE verification_tokens (
  jti_hash BLOB PRIMARY KEY,
  used INTEGER NOT NULL CHECK (used IN (0, 1)),
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE certificates_2 (
  jti_hash BLOB PRIMARY KEY,
  test_id INTEGER REFERENCES tests (id) ON DELETE CASCADE,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO certificates_2 SELECT jti_hash, test_id, expires_at FROM certificates;
DROP TABLE certificates;
ALTER TABLE certificates_2 RENAME TO certificates;
CREATE INDEX certificates_test ON certificates (test_id);

DROP TABLE look_ups;
CREATE TABLE attempts (
  id INTEGER PRIMARY KEY,
  subject_hash BLOB NOT NULL,
  at INTEGER NOT NULL,
  failed INTEGER NOT NULL CHECK (failed IN (0, 1))
) STRICT;
CREATE INDEX attempts_subject ON attempts (subject_hash, at);
CREATE INDEX attempts_at ON attempts (at);

CREATE TABLE export_files (
  name TEXT PRIMARY KEY,
  start_timestamp INTEGER NOT NULL,
  size INTEGER NOT NULL,
  sha256 BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX export_files_start ON export_files (start_timestamp);
CREATE TABLE export_parts (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  part INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  UNIQUE (name, part)
) STRICT;
`;

/** Takes the files out of version 1's `exports`, which had each in one row. */
function divideExports(db: Database): void {
  for (const { name } of db.all<{ name: string }>("SELECT name FROM exports")) {
    const [row] = db.all<{ start_timestamp: number; zip: Uint8Array }>(
      "SELECT start_timestamp, zip FROM exports WHERE name = ?",
      name,
    );
    const { start_timestamp, zip } = row!;
    for (let part = 0; part * EXPORT_PART_BYTES < zip.length; part++) {
      const at = part * EXPORT_PART_BYTES;
      const bytes = zip.subarray(at, at + EXPORT_PART_BYTES);
      db.run("INSERT INTO export_parts (name, part, bytes) VALUES (?, ?, ?)", name, part, bytes);
    }
    db.run(
      "INSERT INTO export_files (name, start_timestamp, size, sha256) VALUES (?, ?, ?, ?)",
      name,
      start_timestamp,
      zip.length,
      createHash("sha256").update(zip).digest(),
    );
  }
  db.execute("DROP TABLE exports");
}
