import { forgetAttempts } from "./attempt-limit.ts";
import type { UpkeepContext } from "./context.ts";
import { RETENTION } from "./durations.ts";
import { deleteLooseParts } from "./export-store.ts";

/** Rows that one transaction deletes, so that others need not wait for long. */
const ROWS_AT_ONCE = 1000;

/**
 * Deletes whatever is 336 hours old, and certificates, tokens and attempts once they no longer
 * count. An export goes by the start of its batch, so that its oldest key is within the limit too.
 */
export function deleteExpired(context: UpkeepContext): void {
  const { db, now, breathe } = context;
  const limit = now() - RETENTION;
  db.run("DELETE FROM export_files WHERE start_timestamp <= ?", limit);
  deleteLooseParts(db, breathe);
  const keys = `DELETE FROM temporary_exposure_keys WHERE key_data IN (
    SELECT key_data FROM temporary_exposure_keys WHERE created_at <= ? LIMIT ${ROWS_AT_ONCE})`;
  while (db.run(keys, limit) > 0) breathe();
  db.transaction(() => {
    db.run("DELETE FROM tests WHERE created_at <= ?", limit);
    db.run("DELETE FROM verification_codes WHERE created_at <= ?", limit);
    db.run(
      `UPDATE verification_codes SET test_type = NULL, symptom_date = NULL, test_date = NULL
       WHERE test_type IS NOT NULL AND max(expires_at, long_expires_at) <= ?`,
      now(),
    );
    db.run("DELETE FROM verification_tokens WHERE expires_at <= ?", now());
    db.run("DELETE FROM certificates WHERE expires_at <= ?", now());
    db.run("DELETE FROM redeemed_certificates WHERE expires_at <= ?", now());
    forgetAttempts(context);
  });
  db.truncateLog();
}
