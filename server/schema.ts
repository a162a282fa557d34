/** Version kept in SQLite's `user_version`; a file with another version is not opened. */
export const SCHEMA_VERSION = 1;

/**
 * All that the server remembers. Times are unix seconds, hashes are HMAC-SHA-256 under the
 * server's secret (see secrets.ts).
 *
 * No column joins `temporary_exposure_keys` to a test, a certificate or a look-up, and the tables
 * that could betray an order of arrival are `WITHOUT ROWID`: their rows lie sorted by random bytes.
 */
export const SCHEMA = `
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
