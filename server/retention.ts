import type { ServerContext } from "./context.ts";
import { RETENTION } from "./durations.ts";
import { LookUpLimit } from "./look-up-limit.ts";

/**
 * Deletes whatever is 336 hours old, and certificates and look-ups once they no longer count. An
 * export goes by the start of its batch, so that its oldest key is within the limit too.
 */
export function deleteExpired(context: ServerContext): void {
  const { db, now } = context;
  const limit = now() - RETENTION;
  db.transaction(() => {
    db.run("DELETE FROM exports WHERE start_timestamp <= ?", limit);
    db.run("DELETE FROM temporary_exposure_keys WHERE created_at <= ?", limit);
    db.run("DELETE FROM tests WHERE created_at <= ?", limit);
    db.run("DELETE FROM certificates WHERE expires_at <= ?", now());
    db.run("DELETE FROM redeemed_certificates WHERE expires_at <= ?", now());
    new LookUpLimit(context).forget();
  });
  db.truncateLog();
}
