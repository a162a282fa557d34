/**
 * Once the wearer has been told of an exposure, the token need not remind any more.
 *
 * @module
 */
import { LEVEL_NONE } from "../../protocol/messages.ts";
import type { TokenClient } from "../token/token-client.ts";

/** Records on a token that its wearer knows of the exposure that it holds; without one does nothing. */
export async function acknowledgeVisit(client: TokenClient): Promise<void> {
  const { exposure } = await client.status();
  if (exposure.level === LEVEL_NONE || exposure.acknowledged) return;
  await client.writeExposure({ ...exposure, acknowledged: true });
}
