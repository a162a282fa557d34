/**
 * The neighbours heard since the last commit to flash, folded packet by packet. `hear` is the token's hot
 * path: it runs for every packet received, so native helpers do the searching.
 *
 * @module
 */
import { IDENTIFIER_BYTES, MAX_MINUTES, PREFIX_BYTES } from "../protocol/encounter-record.ts";
import type { Heard } from "./board.ts";

/** How many neighbours the table holds. */
export const MOST_NEIGHBOURS = 60;

/** RPI and AEM. */
const BEACON_DATA_BYTES = 20;
/** Length, type and service of what stands before them, little-endian. */
const SERVICE_DATA_HEADER = 0xfd6f1617;
const KEY_BYTES = 4;
const REST_BYTES = IDENTIFIER_BYTES - KEY_BYTES;
/** What RSSI is kept above, in dBm. */
export const RSSI_OFFSET = 128;
/** In a tally, packets are counted above the sum of their RSSI. */
const ONE_PACKET = 0x10000;
/** More packets of one neighbour do not change its mean. */
const FULL_TALLY = 255 * ONE_PACKET;

/** Takes one neighbour's encounter of a scan in `interval`. */
export type Commit = (
  interval: number,
  identifier: Uint8Array,
  minutes: number,
  meanRssi: number,
  bestRssi: number,
) => void;

// A neighbour is known by the first four bytes of its RPI as one number: two among 60 are taken for one
// once in two million tables.
// All in one buffer, which takes fewer variables; four-byte numbers first.
const table = new ArrayBuffer((4 + 4 + 2 + REST_BYTES + 1 + 1) * MOST_NEIGHBOURS);
const keys = new Uint32Array(table, 0, MOST_NEIGHBOURS);
const tallies = new Uint32Array(table, 4 * MOST_NEIGHBOURS, MOST_NEIGHBOURS);
const seconds = new Uint16Array(table, 8 * MOST_NEIGHBOURS, MOST_NEIGHBOURS);
// What else is kept of RPI and AEM.
const rest = new Uint8Array(table, 10 * MOST_NEIGHBOURS, REST_BYTES * MOST_NEIGHBOURS);
const counted = new Uint8Array(table, (10 + REST_BYTES) * MOST_NEIGHBOURS, MOST_NEIGHBOURS);
const best = new Uint8Array(table, (11 + REST_BYTES) * MOST_NEIGHBOURS, MOST_NEIGHBOURS);
/** How many neighbours there are to commit. */
export let neighbourCount = 0;
/** The strongest beacon of the scan, in dBm above -{@link RSSI_OFFSET}; 0 when there was none. */
export let strongest = 0;
let carry = 0;

/**
 * Folds in one packet, if it is a beacon. Packets beyond {@link MOST_NEIGHBOURS} different senders are left out. Each
 * step here is interpreted for every packet: one read and one write serve count and sum.
 */
export function hear(packet: Heard): void {
  const data = packet.data;
  // Service data for 0xFD6F comes last, in the form with flags as in the one without. Nobody takes apart what else
  // strangers send.
  const from = data.byteLength - BEACON_DATA_BYTES;
  if (from < 4) return;
  // Espruino reads words wherever they stand.
  const words = new Uint32Array(data, from - 4, 2);
  if (words[0] !== SERVICE_DATA_HEADER) return;
  const key = words[1];
  const rssi = packet.rssi + RSSI_OFFSET;
  let at = keys.indexOf(key);
  // A key of zeros is found where nothing stands yet.
  if (at < 0 || at >= neighbourCount) {
    at = neighbourCount;
    if (at >= MOST_NEIGHBOURS) return;
    neighbourCount++;
    keys[at] = key;
    rest.set(new Uint8Array(data, from + KEY_BYTES, PREFIX_BYTES - KEY_BYTES), at * REST_BYTES);
    rest.set(new Uint8Array(data, from + 16, 2), at * REST_BYTES + PREFIX_BYTES - KEY_BYTES);
    tallies[at] = counted[at] = best[at] = seconds[at] = 0;
  }
  const tally = tallies[at];
  if (tally < FULL_TALLY) tallies[at] = tally + ONE_PACKET + rssi;
  if (rssi > best[at]) best[at] = rssi;
  if (rssi > strongest) strongest = rssi;
}

/** Ends a scan, which stands for so many seconds: whoever was heard in it was near for as long. */
export function countScan(span: number): void {
  for (let at = 0; at < neighbourCount; at++) {
    const packets = tallies[at] >> 16;
    if (packets !== counted[at]) seconds[at] += span;
    counted[at] = packets;
  }
  strongest = 0;
}

/** Forgets all of them. */
export function forgetNeighbours(): void {
  keys.fill(0);
  neighbourCount = 0;
}

/** Hands all encounters over and starts anew. */
export function drainNeighbours(interval: number, commit: Commit): void {
  const keyBytes = new Uint8Array(keys.buffer);
  const identifier = new Uint8Array(IDENTIFIER_BYTES);
  for (let at = neighbourCount - 1; at >= 0; at--) {
    // What rounding leaves over of who was heard first goes to the next records of all: so the sum over a long contact is
    // right. A scan that was cut short stands for no time, and its minute is nobody else's.
    const total = seconds[at] + carry;
    const minutes = Math.max(1, Math.min(MAX_MINUTES, Math.round(total / 60)));
    if (!at) carry = Math.max(-30, Math.min(30, total - minutes * 60));
    identifier.set(keyBytes.subarray(at * KEY_BYTES, (at + 1) * KEY_BYTES));
    identifier.set(rest.subarray(at * REST_BYTES, (at + 1) * REST_BYTES), KEY_BYTES);
    commit(
      interval,
      identifier,
      minutes,
      Math.round((tallies[at] & 0xffff) / (tallies[at] >> 16)) - RSSI_OFFSET,
      best[at] - RSSI_OFFSET,
    );
  }
  forgetNeighbours();
}
