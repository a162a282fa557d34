/**
 * The first visit: with the wearer's consent, the clock is set and contact detection switched on.
 *
 * @module
 */
import type { TokenClient } from "../token/token-client.ts";

/** Switches a token on. @param now - the desk's time in Unix seconds */
export async function enrolVisit(client: TokenClient, now: () => number): Promise<void> {
  await client.setClock(now);
  await client.setState("on", false);
}
