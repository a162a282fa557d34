/**
 * The visit after a positive test: with the wearer's consent, recorded on the token, the keys of the
 * last 14 days are published, today's cut short.
 *
 * @module
 */

import {
  dayOf,
  dayStart,
  INTERVALS_PER_DAY,
  intervalAt,
  REPLAY_INTERVALS,
} from "../../protocol/intervals.ts";
import { Failure } from "../failure.ts";
import { dateOfDay } from "../risk/date-of-day.ts";
import type {
  KeyServerClient,
  Published,
  PublishingPermission,
  PublishOptions,
  TestResult,
} from "../servers/key-server-client.ts";
import type { TokenClient, TokenKey } from "../token/token-client.ts";

/** What a publication has to do with the wearer. */
export interface ShareOptions extends PublishOptions {
  /**
   * First interval (ENIN) of the day of an earlier visit, whose keys are published already: only keys of that day and later
   * ones, but not what was cut short on that day.
   */
  readonly since?: number | undefined;
  /** Called once the keys are read, before a server is asked to take them; what it throws keeps that from happening. */
  readonly beforePublishing?: (() => void) | undefined;
}

/**
 * Publishes a token's keys.
 *
 * @param permission - the looked-up test, which must be positive and not yet used, or a health authority's
 *   code, which is used up only when the keys are at hand; a test that is known to be positive is not
 *   asked for again: a second question would tell a positive visit from chaff
 * @param consent - whether the wearer agrees; without it nothing is asked of the token
 * @param now - the desk's time in Unix seconds
 * @throws Failure `consent-missing`, `test-not-positive`, `already-used`, `no-keys`, and those of token
 *   and server
 */
export async function shareVisit(
  client: TokenClient,
  server: KeyServerClient,
  permission: PublishingPermission,
  consent: boolean,
  now: () => number,
  { since = 0, beforePublishing, ...options }: ShareOptions = {},
): Promise<Published> {
  if (!consent) {
    throw new Failure(
      "consent-missing",
      "Nothing was published, because the wearer did not consent to publishing the token's keys.",
    );
  }
  if (permission.kind === "registration-token" && permission.result !== "positive") {
    requirePositive(await server.testResult(permission));
  }
  const { state } = await client.status();
  await client.setClock(now);
  await client.setState(state, true);
  try {
    const present = intervalAt(now());
    const keys = (await client.readKeys()).filter(
      (key) => isOver(key, present) && isSince(key, since, present),
    );
    if (keys.length === 0) {
      throw new Failure(
        "no-keys",
        since > 0
          ? "The token has no key of these days that may be published; name an earlier day, or come back after midnight UTC."
          : "The token has no key that may be published: it sent nothing in the last 14 days, or its time was wrong; if it did send today, come back after midnight UTC.",
      );
    }
    beforePublishing?.();
    return await server.publish(permission, keys, options).catch((error: unknown) => {
      throw since === dayStart(present) ? refusedOn(since, error) : error;
    });
  } finally {
    // Consent was for this once. A lost link withdraws it too: the token does so by itself.
    await client.setState(state, false).catch(() => {});
  }
}

/** Lets a positive test pass, before anything is asked of the token. @throws Failure `test-not-positive`, `already-used` */
export function requirePositive(result: TestResult): void {
  if (result === "positive") return;
  throw result === "redeemed"
    ? new Failure(
        "already-used",
        "Keys were published with this test before; nothing more is needed.",
      )
    : new Failure(
        "test-not-positive",
        "Nothing was published, because the laboratory has not reported a positive test.",
      );
}

// The key that was cut short at a visit of the same day is handed out again until the day is over, and what the token sends
// from then on only afterwards: whoever asked for the keys since today cannot be told to ask for those of another day.
function refusedOn(today: number, error: unknown): unknown {
  if (!(error instanceof Failure) || error.code !== "keys-already-published") return error;
  return new Failure(
    error.code,
    `Today's key was published at an earlier visit today, and nothing was published now; come back after midnight UTC, and share with --since ${dateOfDay(dayOf(today))} then.`,
  );
}

// A key of a whole day must be over, whatever the token says. One that was cut short is not used any more; it ends with the
// present interval, or with one that lies ahead by as much as this visit has set the clock back, at most two hours. What
// begins tomorrow servers refuse. They keep each to themselves until two hours after its end, when nobody can replay it any
// more.
function isOver(key: TokenKey, present: number): boolean {
  const start = key.rollingStartIntervalNumber;
  const ahead = key.rollingPeriod < INTERVALS_PER_DAY ? 1 + REPLAY_INTERVALS : 0;
  return start <= present && start + key.rollingPeriod <= present + ahead;
}

// The part of a day that a visit cut off was published then; today's may be this visit's own.
function isSince(key: TokenKey, since: number, present: number): boolean {
  const start = key.rollingStartIntervalNumber;
  if (start !== since) return start > since;
  return key.rollingPeriod === INTERVALS_PER_DAY || since === dayStart(present);
}
