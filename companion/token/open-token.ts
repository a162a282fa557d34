/**
 * Finds the token that belongs to a card. Its address is a random one, so the only way to know it is to try the card's
 * key on each token whose sync window is open.
 *
 * @module
 */
import { Failure } from "../failure.ts";
import type { Timers, TokenRadio } from "./gatt-link.ts";
import { ResumingChannel } from "./resuming-channel.ts";
import { SyncChannel } from "./sync-channel.ts";
import { type Channel, TokenClient } from "./token-client.ts";

const SEARCH_MILLISECONDS = 30_000;
/** Time enough for a token that was just now in reach. */
const RETURN_MILLISECONDS = 15_000;

/** Who wants to know how it goes; each is told before the token is looked for any further. */
export interface SearchNotices {
  /** A connection was lost. */
  onLost?(): void;
  /** A token was found that does not belong to the card. */
  onOther?(): void;
}

/**
 * Connects to the token that knows a key. When the connection drops later, it is made again, and the visit goes on where
 * it was.
 *
 * @param tokenKey - from the card, 16 bytes
 * @throws Failure `token-not-found`, `wrong-token` when only others were found, and those of the radio
 */
export async function openToken(
  radio: TokenRadio,
  timers: Timers,
  tokenKey: Uint8Array,
  notices: SearchNotices = {},
): Promise<TokenClient> {
  const channel = await findToken(radio, timers, tokenKey, SEARCH_MILLISECONDS, notices);
  const again = (): Promise<Channel> => {
    notices.onLost?.();
    // It is the card's: others that are near do not matter any more.
    return findToken(radio, timers, tokenKey, RETURN_MILLISECONDS, {});
  };
  const client = new TokenClient(new ResumingChannel(channel, again));
  try {
    // A first request proves the desk to the token, which waits for it a few seconds only.
    await client.status();
  } catch (error) {
    client.close();
    throw error;
  }
  return client;
}

async function findToken(
  radio: TokenRadio,
  timers: Timers,
  tokenKey: Uint8Array,
  milliseconds: number,
  notices: SearchNotices,
): Promise<SyncChannel> {
  const refused = new Set<string>();
  let failure: Failure | undefined;
  for await (const link of radio.links(milliseconds, refused)) {
    try {
      return await SyncChannel.open(link, timers, tokenKey);
    } catch (error) {
      link.disconnect();
      if (!(error instanceof Failure)) throw error;
      // One that was lost may come back, and says more than that others were there.
      if (error.code !== "link-lost") refused.add(link.id);
      if (error.code === "wrong-token") notices.onOther?.();
      if (failure?.code !== "link-lost") failure = error;
    }
  }
  throw (
    failure ??
    new Failure(
      "token-not-found",
      "No token with an open sync window is in reach; hold the token's button until the blue light comes on, and keep it close.",
    )
  );
}
