import { forgetAttempts } from "./attempt-limit.ts";
import type { UpkeepContext } from "./context.ts";
import { RETENTION } from "./durations.ts";
import { deleteLooseParts } from "./export-store.ts";
import { scrub } from "./scrub.ts";

/** Rows that one transaction deletes, so that others need not wait for long. */
const ROWS_AT_ONCE = 1000;

/**
 * Deletes whatever is 336 hours old, and certificates, tokens and attempts once they no longer
 * count, and overwrites what may be left of it. An export goes by the start of its batch, so that
 * its oldest key is within the limit too.
 */
export function deleteExpired(context: UpkeepContext): void {
  const { db, now, breathe } = context;
  const limit = now() - RETENTION;
  db.run("DELETE FROM export_files WHERE start_timestamp <= ?", limit);
  deleteLooseParts(db, breathe);
  deleteUpTo(context, "temporary_exposure_keys", "key_data", "created_at", limit);
  deleteUpTo(context, "tests", "id", "created_at", limit);
  deleteUpTo(context, "verification_codes", "uuid_hash", "created_at", limit);
  deleteUpTo(context, "verification_tokens", "jti_hash", "expires_at", now());
  deleteUpTo(context, "certificates", "jti_hash", "expires_at", now());
  deleteUpTo(context, "redeemed_certificates", "jti_hash", "expires_at", now());
  db.run(
    `UPDATE verification_codes SET test_type = NULL, symptom_date = NULL, test_date = NULL
     WHERE test_type IS NOT NULL AND max(expires_at, long_expires_at) <= ?`,
    now(),
  );
  forgetAttempts(context);
  scrub(context);
  db.truncateLog();
}

function deleteUpTo(
  { db, breathe }: UpkeepContext,
  table: string,
  key: string,
  column: string,
  limit: number,
): void {
  const sql = `DELETE FROM ${table} WHERE ${key} IN (
    SELECT ${key} FROM ${table} WHERE ${column} <= ? LIMIT ${ROWS_AT_ONCE})`;
  while (db.run(sql, limit) > 0) breathe();
}
