/**
 * Sets a token's clock by the desk's.
 *
 * @module
 */
import type { TokenClient, TokenStatus } from "../token/token-client.ts";

/**
 * Sets the clock; the token itself refuses a time that is too far from its own.
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
  await client.setClock(now);
  return status.lastInterval > 0 ? now - status.time : undefined;
}
