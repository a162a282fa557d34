import { ApiError } from "./api-error.ts";
import type { ServerContext } from "./context.ts";
import { HOUR } from "./durations.ts";

/** Look-ups of codes that one client address may make within any hour. */
const MAX_LOOK_UPS = 60;

/**
 * Look-ups of codes that nobody registered, within any hour. A clerk mistypes now and then; someone
 * who guesses among 10^10 codes gets 240 guesses a day.
 */
const MAX_UNKNOWN_CODES = 10;

/**
 * Counts look-ups for each client address over a sliding hour. Kept in the database, so that a
 * restart does not reset it; addresses are stored as HMAC and only for that hour. Refused calls are
 * not counted: waiting as long as Retry-After says is always enough.
 */
export class LookUpLimit {
  readonly #context: ServerContext;

  constructor(context: ServerContext) {
    this.#context = context;
  }

  /** @throws ApiError 429 `too_many_attempts` with Retry-After in seconds */
  check(address: string): void {
    const { db, secrets, now } = this.#context;
    const rows = db.all<{ at: number; code_known: number }>(
      "SELECT at, code_known FROM look_ups WHERE client_hash = ? AND at > ? ORDER BY at DESC",
      secrets.hash("client", address),
      now() - HOUR,
    );
    const unknown = rows.filter((row) => row.code_known === 0);
    // The newest N attempts count: the next one fits in when the oldest of them is an hour old.
    const freeAt = Math.max(
      (rows[MAX_LOOK_UPS - 1]?.at ?? -HOUR) + HOUR,
      (unknown[MAX_UNKNOWN_CODES - 1]?.at ?? -HOUR) + HOUR,
    );
    const wait = freeAt - now();
    if (wait > 0) {
      throw new ApiError(429, "too_many_attempts", "Too many look-ups; try again later.", {
        "retry-after": String(wait),
      });
    }
  }

  /** Remembers one look-up. */
  record(address: string, codeKnown: boolean): void {
    const { db, secrets, now } = this.#context;
    this.forget();
    db.run(
      "INSERT INTO look_ups (client_hash, at, code_known) VALUES (?, ?, ?)",
      secrets.hash("client", address),
      now(),
      codeKnown ? 1 : 0,
    );
  }

  /** Deletes what no longer counts. */
  forget(): void {
    this.#context.db.run("DELETE FROM look_ups WHERE at <= ?", this.#context.now() - HOUR);
  }
}
