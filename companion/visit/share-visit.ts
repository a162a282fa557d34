/**
 * The visit after a positive test: with the wearer's consent, recorded on the token, the keys of the
 * last 14 days are published.
 *
 * @module
 */

import { intervalAt, REPLAY_INTERVALS } from "../../protocol/intervals.ts";
import { Failure } from "../failure.ts";
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
  /** Only keys that began at this interval (ENIN) or later, because older ones are published already. */
  readonly since?: number | undefined;
}

/**
 * Publishes a token's keys.
 *
 * @param permission - the looked-up test, which must be positive and not yet used, or a health authority's
 *   code, which is used up only when the keys are at hand
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
  { since = 0, ...options }: ShareOptions = {},
): Promise<Published> {
  if (!consent) {
    throw new Failure(
      "consent-missing",
      "Nothing was published, because the wearer did not consent to publishing the token's keys.",
    );
  }
  if (permission.kind === "registration-token") {
    requirePositive(await server.testResult(permission));
  }
  const { state } = await client.status();
  await client.setClock(now);
  await client.setState(state, true);
  try {
    const keys = (await client.readKeys()).filter(
      (key) => isOver(key, now()) && key.rollingStartIntervalNumber >= since,
    );
    if (keys.length === 0) {
      throw new Failure(
        "no-keys",
        since > 0
          ? "The token has no key of these days that may be published yet; name an earlier day, or come back two hours after midnight UTC."
          : "The token has no key that may be published yet; come back two hours after midnight UTC.",
      );
    }
    return await server.publish(permission, keys, options);
  } finally {
    // Consent was for this once. A lost link withdraws it too: the token does so by itself.
    await client.setState(state, false).catch(() => {});
  }
}

/**
 * Lets a positive test pass, before anything is asked of the token.
 *
 * @throws Failure `test-not-positive`, `already-used`
 */
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

// The token's clock may have been wrong; a key that could still be replayed is never published.
function isOver(key: TokenKey, now: number): boolean {
  const end = key.rollingStartIntervalNumber + key.rollingPeriod;
  return end + REPLAY_INTERVALS <= intervalAt(now);
}
