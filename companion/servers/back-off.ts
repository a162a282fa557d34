/**
 * Trying a call again when its failure may pass.
 *
 * @module
 */
import { Failure } from "../failure.ts";
import { type JsonAnswer, Unreachable } from "./http-exchange.ts";
import { fraction, type Pace, type RandomBytes } from "./pace.ts";
import { errorName } from "./refusals.ts";
import { retryAfterSeconds } from "./retry-after.ts";

/** Seconds before the second attempt, at most; each further pause is twice as long. */
const FIRST_PAUSE = 1;
const LONGEST_PAUSE = 60;

/**
 * What exposure-notifications-server answers with status 400 when its database fails, and when it has a key
 * with another period, which does not pass.
 */
export const NOT_STORED = "internal_error";

/** How a call ended. */
export interface Outcome {
  /** The last attempt's answer, or why it got none that can be used. */
  readonly last: JsonAnswer | Failure;
  /**
   * Whether an attempt without a final answer may have been carried out all the same: its answer was
   * lost, or the server or a proxy failed after it had begun.
   */
  readonly uncertain: boolean;
  /** Seconds after which another attempt would be due; undefined when the last answer is final. */
  readonly pause: number | undefined;
  /** Attempts that failed in passing, with those that went before. */
  readonly failures: number;
}

/** Within what bounds to try. */
export interface Patience {
  readonly pace: Pace;
  readonly random: RandomBytes;
  /** No attempt begins after this time, Unix seconds. */
  readonly until: number;
  /** Attempts at the same end that failed before, from which pauses go on; none unless told. */
  readonly failures?: number | undefined;
  /** Called before each pause, with its seconds. */
  readonly onPause?: ((seconds: number) => void) | undefined;
  /** Once it is aborted, no attempt begins; one that is under way is brought to its end. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes a call, and makes it again while its failure may pass: when the server cannot be reached, has
 * too many calls (429), fails (5xx) or cannot store ({@link NOT_STORED}). Pauses double from one second to a minute, each cut at random by
 * up to half, so that desks do not come back together; a `Retry-After` makes them longer. `send` must
 * send the very same request each time.
 */
export async function tryAgain(
  send: () => Promise<JsonAnswer>,
  { pace, random, until, failures = 0, onPause, signal }: Patience,
): Promise<Outcome> {
  let uncertain = false;
  for (let failed = failures; ; ) {
    const last = await send().catch(orFailure);
    if (!isPassing(last)) return { last, uncertain, pause: undefined, failures: failed };
    uncertain ||= mayBeDone(last);
    const pause = Math.max(pauseAfter(failed++, random), askedPause(last, pace.now()));
    const ended = { last, uncertain, pause, failures: failed };
    if (pace.now() + pause > until || signal?.aborted) return ended;
    onPause?.(pause);
    await pace.wait(pause, signal);
    if (signal?.aborted) return ended;
  }
}

function orFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  throw error;
}

// Whether it may be otherwise later: no connection, too many calls, maintenance, a failing server.
function isPassing(last: JsonAnswer | Failure): boolean {
  if (last instanceof Failure) return last instanceof Unreachable;
  // A setting that is missing at the server stays missing.
  if (errorName(last.json) === "health_authority_missing_region_config") return false;
  return last.status === 429 || last.status >= 500 || errorName(last.json) === NOT_STORED;
}

// Too many calls, maintenance and a missing authority are answered before anything is done.
function mayBeDone(last: JsonAnswer | Failure): boolean {
  if (last instanceof Failure) return last instanceof Unreachable && last.mayHaveArrived;
  return last.status !== 429 && errorName(last.json) !== "unable_to_load_health_authority";
}

function pauseAfter(failures: number, random: RandomBytes): number {
  const longest = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** failures);
  return longest * (1 - fraction(random) / 2);
}

function askedPause(last: JsonAnswer | Failure, now: number): number {
  return last instanceof Failure ? 0 : (retryAfterSeconds(last.headers, now) ?? 0);
}
