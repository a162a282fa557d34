/**
 * The first visit: with the wearer's consent, the clock is set and contact detection switched on.
 *
 * @module
 */
import type { TokenClient } from "../token/token-client.ts";
import { setTokenClock } from "./clock-check.ts";

/** Switches a token on. @param now - the desk's time in Unix seconds */
export async function enrolVisit(client: TokenClient, now: () => number): Promise<void> {
  await setTokenClock(client, await client.status(), now());
  await client.setState("on", false);
}
