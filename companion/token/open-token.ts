/**
 * Finds the token that belongs to a card. Its address is a random one, so the only way to know it is to try the card's
 * key on each token whose sync window is open.
 *
 * @module
 */
import { Failure } from "../failure.ts";
import type { Timers } from "../timers.ts";
import type { GattLink, TokenRadio } from "./gatt-link.ts";
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
  /** The card's token was found, or found again. */
  onFound?(): void;
}

/**
 * Connects to the token that knows a key. When the connection drops later, it is made again, and the visit goes on where
 * it was.
 *
 * @param tokenKey - from the card, 16 bytes
 * @param signal - ends any search, also for a token that was lost: it fails with the signal's reason, a Failure
 * @throws Failure `token-not-found`, `wrong-token` when only others were found, and those of the radio
 */
export async function openToken(
  radio: TokenRadio,
  timers: Timers,
  tokenKey: Uint8Array,
  notices: SearchNotices = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<TokenClient> {
  const search = { radio, timers, tokenKey, signal };
  const channel = await findToken(search, SEARCH_MILLISECONDS, notices);
  notices.onFound?.();
  const again = async (): Promise<Channel> => {
    notices.onLost?.();
    // It is the card's: others that are near do not matter any more.
    const found = await findToken(search, RETURN_MILLISECONDS, {});
    notices.onFound?.();
    return found;
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

interface Search {
  readonly radio: TokenRadio;
  readonly timers: Timers;
  readonly tokenKey: Uint8Array;
  readonly signal: AbortSignal;
}

async function findToken(
  { radio, timers, tokenKey, signal }: Search,
  milliseconds: number,
  notices: SearchNotices,
): Promise<SyncChannel> {
  const refused = new Set<string>();
  let failure: Failure | undefined;
  for await (const link of until(signal, radio.links(milliseconds, refused, signal))) {
    const disconnect = (): void => link.disconnect();
    signal.addEventListener("abort", disconnect);
    try {
      const channel = await SyncChannel.open(link, timers, tokenKey);
      signal.throwIfAborted();
      return channel;
    } catch (error) {
      link.disconnect();
      if (!(error instanceof Failure)) throw error;
      signal.throwIfAborted();
      // One that was lost may come back, and says more than that others were there.
      if (error.code !== "link-lost") refused.add(link.id);
      if (error.code === "wrong-token") notices.onOther?.();
      if (failure?.code !== "link-lost") failure = error;
    } finally {
      signal.removeEventListener("abort", disconnect);
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

// Links until the signal is aborted: who waits for one then does not wait for the radio. One that still comes is ended.
async function* until(
  signal: AbortSignal,
  links: AsyncGenerator<GattLink, void>,
): AsyncGenerator<GattLink, void> {
  let abort = (): void => {};
  const aborted = new Promise<"aborted">((resolve) => {
    abort = () => resolve("aborted");
    signal.addEventListener("abort", abort);
  });
  try {
    for (;;) {
      signal.throwIfAborted();
      const next = links.next();
      const result = await Promise.race([next, aborted]);
      if (result === "aborted") {
        next.then(
          ({ value }) => value?.disconnect(),
          () => {},
        );
        throw signal.reason;
      }
      if (result.done) return;
      yield result.value;
    }
  } finally {
    signal.removeEventListener("abort", abort);
    // Not waited for: the radio may be listening.
    links.return().catch(() => {});
  }
}
