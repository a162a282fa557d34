import type { Database } from "./database.ts";
import type { ServerSecrets } from "./secrets.ts";

/** What every part of the server works with. */
export interface ServerContext {
  readonly db: Database;
  readonly secrets: ServerSecrets;
  /** Unix seconds. */
  readonly now: () => number;
  /** Random bytes for padding and for the fake keys in exports; never for secrets. */
  readonly random: (length: number) => Uint8Array;
  /** Region of the exports, such as `KZ`. */
  readonly region: string;
}

/**
 * Padding of a response: base64 of 1024 to 2047 random bytes (exposure-notifications-server,
 * publish API v1, "Padding"), so that its length tells nothing about its content.
 */
export function responsePadding(random: (length: number) => Uint8Array): string {
  const [high = 0, low = 0] = random(2);
  return Buffer.from(random(1024 + (((high << 8) | low) % 1024))).toString("base64");
}
