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

/** A neighbour is known by the first nine bytes of its RPI: twelve characters and a separator. */
const KEY_BYTES = 9;
const KEY_LENGTH = 13;
const RSSI_OFFSET = 128;

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
  const identifiers = new Uint8Array(MOST_NEIGHBOURS * IDENTIFIER_BYTES);
  const packets = new Uint16Array(MOST_NEIGHBOURS);
  const rssiSums = new Uint32Array(MOST_NEIGHBOURS);
  const best = new Uint8Array(MOST_NEIGHBOURS);
  const inScan = new Uint8Array(MOST_NEIGHBOURS);
  const seconds = new Uint16Array(MOST_NEIGHBOURS);
  let known = "";
  let carry = 0;

  return {
    hear: (beacon) => {
      const data = beacon.serviceData.fd6f;
      if (data.byteLength !== 20) return;
      // With the separator a key is found only where it stands. Without it, Espruino's indexOf would also
      // find a key that merely begins where the text ends.
      const key = board.base64(new Uint8Array(data, 0, KEY_BYTES)) + ",";
      const rssi = beacon.rssi + RSSI_OFFSET;
      let at = known.indexOf(key);
      if (at < 0) {
        at = known.length / KEY_LENGTH;
        if (at >= MOST_NEIGHBOURS) return;
        known += key;
        identifiers.set(new Uint8Array(data, 0, PREFIX_BYTES), at * IDENTIFIER_BYTES);
        identifiers.set(new Uint8Array(data, 16, 2), at * IDENTIFIER_BYTES + PREFIX_BYTES);
        packets[at] = rssiSums[at] = best[at] = seconds[at] = 0;
      } else {
        at /= KEY_LENGTH;
      }
      packets[at]++;
      rssiSums[at] += rssi;
      if (rssi > best[at]) best[at] = rssi;
      inScan[at] = 1;
    },

    endScan: (gap) => {
      for (let at = known.length / KEY_LENGTH - 1; at >= 0; at--) {
        if (inScan[at]) seconds[at] += gap;
      }
      inScan.fill(0);
    },

    count: () => known.length / KEY_LENGTH,

    drain: (commit) => {
      const count = known.length / KEY_LENGTH;
      for (let at = 0; at < count; at++) {
        // What rounding leaves over goes to the next record, whoever's it is: less than a minute, and
        // the sum over a long contact is right.
        const total = seconds[at] + carry;
        const minutes = Math.max(1, Math.min(MAX_MINUTES, Math.round(total / 60)));
        carry = Math.max(-60, Math.min(60, total - minutes * 60));
        commit(
          identifiers.subarray(at * IDENTIFIER_BYTES, (at + 1) * IDENTIFIER_BYTES),
          minutes,
          Math.round(rssiSums[at] / packets[at]) - RSSI_OFFSET,
          best[at] - RSSI_OFFSET,
        );
      }
      known = "";
    },
  };
}
