/**
 * Sets a token's clock by the desk's.
 *
 * @module
 */
import { intervalStart } from "../../protocol/intervals.ts";
import { Failure } from "../failure.ts";
import type { TokenClient, TokenStatus } from "../token/token-client.ts";

const YEAR_SECONDS = 365 * 86400;

/**
 * Sets the clock, unless one of the two is plainly wrong.
 *
 * @param now - the desk's time in Unix seconds
 * @returns by how many seconds the token's clock was corrected; undefined on its first setting
 * @throws Failure `clock-refused`, with the token unchanged
 */
export async function setTokenClock(
  client: TokenClient,
  status: TokenStatus,
  now: number,
): Promise<number | undefined> {
  // A token that was never set has no opinion; one that was set knows at least what has passed.
  const known = status.lastInterval > 0;
  if (known && Math.abs(now - intervalStart(status.lastInterval)) >= YEAR_SECONDS) {
    throw new Failure(
      "clock-refused",
      "The token's clock and this computer's are a year or more apart; check the date of this computer.",
    );
  }
  await client.setClock(now);
  return known ? now - status.time : undefined;
}
