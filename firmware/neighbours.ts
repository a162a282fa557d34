/**
 * The neighbours heard since the last commit to flash, folded packet by packet. `hear` is the token's hot
 * path: it runs for every packet received, so native helpers do the searching.
 *
 * @module
 */
import { IDENTIFIER_BYTES, MAX_MINUTES, PREFIX_BYTES } from "../protocol/encounter-record.ts";
import type { Board, Heard } from "./board.ts";

/** How many neighbours the table holds. */
export const MOST_NEIGHBOURS = 60;

const RSSI_OFFSET = 128;
/** More packets of one neighbour do not change its mean. */
const MOST_PACKETS = 255;

/** Takes one neighbour's encounter. */
export type Commit = (
  identifier: Uint8Array,
  minutes: number,
  meanRssi: number,
  bestRssi: number,
) => void;

/** See the module's description. */
export interface Neighbours {
  /** Folds in one packet. Packets beyond {@link MOST_NEIGHBOURS} different senders are left out. */
  hear(beacon: Heard): void;
  /** Ends a scan: whoever was heard in it was near for the `seconds` since the one before. */
  endScan(seconds: number): void;
  /** How many neighbours there are to commit. */
  count(): number;
  /** Hands all encounters over and starts anew. */
  drain(commit: Commit): void;
}

/** Makes an empty table. */
export function createNeighbours(board: Board): Neighbours {
  // The prefixes of all RPIs one after the other, and the first two bytes of their AEMs.
  let known = "";
  const metadata = new Uint8Array(MOST_NEIGHBOURS * 2);
  const packets = new Uint8Array(MOST_NEIGHBOURS);
  const rssiSums = new Uint16Array(MOST_NEIGHBOURS);
  const best = new Uint8Array(MOST_NEIGHBOURS);
  const inScan = new Uint8Array(MOST_NEIGHBOURS);
  const seconds = new Uint16Array(MOST_NEIGHBOURS);
  let carry = 0;

  return {
    hear: (beacon) => {
      const data = beacon.serviceData.fd6f;
      if (data.byteLength !== 20) return;
      const prefix = board.textOf(new Uint8Array(data, 0, PREFIX_BYTES));
      const rssi = beacon.rssi + RSSI_OFFSET;
      let at = known.indexOf(prefix) / PREFIX_BYTES;
      // A fraction is no hit: Espruino's indexOf also finds text that merely begins where the string ends.
      if (at < 0 || at % 1) {
        at = known.length / PREFIX_BYTES;
        if (at >= MOST_NEIGHBOURS) return;
        known += prefix;
        metadata.set(new Uint8Array(data, 16, 2), at * 2);
        packets[at] = rssiSums[at] = best[at] = seconds[at] = 0;
      }
      if (packets[at] < MOST_PACKETS) {
        packets[at]++;
        rssiSums[at] += rssi;
      }
      if (rssi > best[at]) best[at] = rssi;
      inScan[at] = 1;
    },

    endScan: (gap) => {
      for (let at = known.length / PREFIX_BYTES - 1; at >= 0; at--) {
        if (inScan[at]) seconds[at] += gap;
      }
      inScan.fill(0);
    },

    count: () => known.length / PREFIX_BYTES,

    drain: (commit) => {
      const prefixes = board.bytesOf(known);
      const count = known.length / PREFIX_BYTES;
      const identifier = new Uint8Array(IDENTIFIER_BYTES);
      for (let at = 0; at < count; at++) {
        // What rounding leaves over goes to the next record, whoever's it is: less than a minute, and
        // the sum over a long contact is right.
        const total = seconds[at] + carry;
        const minutes = Math.max(1, Math.min(MAX_MINUTES, Math.round(total / 60)));
        carry = Math.max(-60, Math.min(60, total - minutes * 60));
        identifier.set(prefixes.subarray(at * PREFIX_BYTES, (at + 1) * PREFIX_BYTES));
        identifier.set(metadata.subarray(at * 2, at * 2 + 2), PREFIX_BYTES);
        commit(
          identifier,
          minutes,
          Math.round(rssiSums[at] / packets[at]) - RSSI_OFFSET,
          best[at] - RSSI_OFFSET,
        );
      }
      known = "";
    },
  };
}
