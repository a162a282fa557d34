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
import { TokenClient } from "./token-client.ts";

const ROUND_MILLISECONDS = 5000;
const SEARCH_ROUNDS = 6;
/** Time enough for a token that was just now in reach. */
const RETURN_ROUNDS = 3;

/**
 * Connects to the token that knows a key. When the connection drops later, it is made again, and the visit goes on where
 * it was.
 *
 * @param tokenKey - from the card, 16 bytes
 * @param onLost - told of each lost connection, before the token is looked for again
 * @throws Failure `token-not-found`, `wrong-token` when only others were found, and those of the radio
 */
export async function openToken(
  radio: TokenRadio,
  timers: Timers,
  tokenKey: Uint8Array,
  onLost: () => void = () => {},
): Promise<TokenClient> {
  const open = (rounds: number) => findToken(radio, timers, tokenKey, rounds);
  const channel = await open(SEARCH_ROUNDS);
  const client = new TokenClient(new ResumingChannel(channel, () => open(RETURN_ROUNDS), onLost));
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
  rounds: number,
): Promise<SyncChannel> {
  const refused = new Set<string>();
  let failure = new Failure(
    "token-not-found",
    "No token with an open sync window is in reach; hold the token's button until the blue light comes on, and keep it close.",
  );
  for (let round = 0; round < rounds; round++) {
    for await (const link of radio.links(ROUND_MILLISECONDS, refused)) {
      try {
        return await SyncChannel.open(link, timers, tokenKey);
      } catch (error) {
        link.disconnect();
        if (!(error instanceof Failure)) throw error;
        // One that was lost may come back.
        if (error.code !== "link-lost") refused.add(link.id);
        failure = error;
      }
    }
    // All that are there were tried, and for a while no other has come.
    if (refused.size) break;
  }
  throw failure;
}
