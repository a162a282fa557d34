import type { Database } from "./database.ts";
import type { Metrics } from "./metrics.ts";
import type { ServerSecrets } from "./secrets.ts";
import type { TrustedProxies } from "./trusted-proxies.ts";

/** What deletion and export making work with. */
export interface UpkeepContext {
  readonly db: Database;
  readonly secrets: ServerSecrets;
  /** Unix seconds. */
  readonly now: () => number;
  /** Random bytes for padding and for the fake keys in exports; never for secrets. */
  readonly random: (length: number) => Uint8Array;
  /** Region of the exports, such as `KZ`. */
  readonly region: string;
  /** Called between two transactions of a long piece of work: others may want to write. */
  readonly breathe: () => void;
}

/** What every part of the server works with. */
export interface ServerContext extends UpkeepContext {
  readonly stopwatch: Stopwatch;
  readonly metrics: Metrics;
  /** Whose X-Forwarded-For is believed. */
  readonly proxies: TrustedProxies;
  /** Whether nothing new is verified or issued. */
  readonly maintenance: boolean;
  /** Codes that may be issued on one UTC day; undefined for no limit. */
  readonly dailyCodes: number | undefined;
}

/** Measures and passes time; answers to chaff wait as long as real ones take. */
export interface Stopwatch {
  /** Milliseconds since any fixed moment. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/**
 * Padding of a response: base64 of 1024 to 2047 random bytes (exposure-notifications-server,
 * publish API v1, "Padding"), so that its length tells nothing about its content.
 */
export function responsePadding(random: (length: number) => Uint8Array): string {
  return Buffer.from(random(1024 + randomBelow(random, 1024))).toString("base64");
}

/** A number from 0 to `limit` - 1, for a limit far below 65536. */
export function randomBelow(random: (length: number) => Uint8Array, limit: number): number {
  const [high = 0, low = 0] = random(2);
  return ((high << 8) | low) % limit;
}
