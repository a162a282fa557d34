import { ApiError } from "./api-error.ts";
import type { ServerContext } from "./context.ts";
import { HOUR } from "./durations.ts";

/** Attempts within any hour; undefined where there is no limit. */
export interface HourlyLimits {
  /** Of one address. */
  readonly address: number | undefined;
  /** Of one address, counting only those that named an unknown or unusable code or certificate. */
  readonly failedByAddress: number;
  /** For one code or certificate, from wherever. */
  readonly code: number;
  /** How Retry-After is written. */
  readonly retryAfter: "seconds" | "date";
}

/**
 * A clerk mistypes now and then; someone who guesses among 10^10 codes gets 240 guesses a day. A
 * code is looked up when its wearer asks, perhaps every two hours, not by a crowd.
 */
export const LOOK_UP_LIMITS: HourlyLimits = {
  address: 60,
  failedByAddress: 10,
  code: 20,
  retryAfter: "seconds",
};

/**
 * Codes of 8 digits live for 15 minutes. Many telephones may share one address. Only what failed is
 * counted.
 */
export const VERIFY_LIMITS: HourlyLimits = {
  address: undefined,
  failedByAddress: 60,
  code: 10,
  retryAfter: "date",
};

/** A certificate that was refused for its keys is made anew. Only what failed is counted. */
export const PUBLISH_LIMITS: HourlyLimits = {
  address: undefined,
  failedByAddress: 60,
  code: 10,
  retryAfter: "seconds",
};

/**
 * Counts attempts for each client address and for each code over a sliding hour. Kept in the
 * database, so that a restart does not reset it; addresses and codes are stored as HMAC and only for
 * that hour. Refused calls are not counted: waiting as long as Retry-After says is always enough.
 */
export class AttemptLimit {
  readonly #context: ServerContext;
  readonly #name: string;
  readonly #limits: HourlyLimits;

  /** @param name tells the counts of different interfaces apart */
  constructor(context: ServerContext, name: string, limits: HourlyLimits) {
    this.#context = context;
    this.#name = name;
    this.#limits = limits;
  }

  /** @throws ApiError 429 `too_many_attempts` with Retry-After */
  checkAddress(address: string): void {
    const { address: all, failedByAddress } = this.#limits;
    this.#check("address", address, all, failedByAddress);
  }

  /** @throws ApiError as {@link checkAddress} */
  checkCode(code: string): void {
    this.#check("code", code, this.#limits.code, undefined);
  }

  #check(kind: SubjectKind, subject: string, all: number | undefined, failed: number | undefined) {
    const { db, secrets, now, metrics } = this.#context;
    const rows = secrets
      .hashes("client", this.#subject(kind, subject))
      .flatMap((hash) =>
        db.all<{ at: number; failed: number }>(
          "SELECT at, failed FROM attempts WHERE subject_hash = ? AND at > ? ORDER BY at DESC",
          hash,
          now() - HOUR,
        ),
      )
      .sort((a, b) => b.at - a.at);
    // The newest N attempts count: the next one fits in when the oldest of them is an hour old.
    const freeAt = (attempts: typeof rows, limit: number | undefined) =>
      limit === undefined ? 0 : (attempts[limit - 1]?.at ?? -HOUR) + HOUR;
    const failures = rows.filter((row) => row.failed === 1);
    const wait = Math.max(freeAt(rows, all), freeAt(failures, failed)) - now();
    if (wait > 0) {
      metrics.limited(`${this.#name}_${kind}`);
      throw new ApiError(429, "too_many_attempts", "Too many attempts; try again later.", {
        "retry-after":
          this.#limits.retryAfter === "seconds"
            ? String(wait)
            : new Date((now() + wait) * 1000).toUTCString(),
      });
    }
  }

  /**
   * Remembers one attempt.
   *
   * @param code what is not known is not remembered: everything could be a code
   */
  record(address: string, code: string | undefined, failed: boolean): void {
    forgetAttempts(this.#context);
    this.#insert("address", address, failed);
    if (code !== undefined) this.#insert("code", code, failed);
  }

  #insert(kind: SubjectKind, subject: string, failed: boolean): void {
    const { db, secrets, now } = this.#context;
    db.run(
      "INSERT INTO attempts (subject_hash, at, failed) VALUES (?, ?, ?)",
      secrets.hash("client", this.#subject(kind, subject)),
      now(),
      failed ? 1 : 0,
    );
  }

  #subject(kind: SubjectKind, subject: string): string {
    return `${this.#name} ${kind} ${subject}`;
  }
}

type SubjectKind = "address" | "code";

/** Deletes the attempts that no longer count. */
export function forgetAttempts({ db, now }: Pick<ServerContext, "db" | "now">): void {
  db.run("DELETE FROM attempts WHERE at <= ?", now() - HOUR);
}
