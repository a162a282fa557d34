/**
 * When the token listens: the numbers of the rule in `scanner.ts`.
 *
 * A contact of ten minutes must have two scans in it wherever it begins (but for one in a thousand), as with phones, which
 * scan every 2.5 to 5 minutes; a scan must be longer than 280 ms, the most that lies between two beacons of a neighbour that sends every
 * 270 ms. Over its life a token can pay for one scan each four minutes. While it is alone it scans less often, and saves;
 * among others it spends what it saved, so that one beacon that was missed, or one that was heard by chance, matters less.
 *
 * `saqbol-sim tune` builds bundles with others in their place, so each number stands on a line of its own.
 *
 * @module
 */

/** Length of a scan. */
export const SCAN_MILLISECONDS = 290;
/** Mean time between scans that the cell can pay for all the time. */
export const SUSTAINED_SECONDS = 240;
/** By how much each time between scans is varied at most, so that tokens do not fall into step with anything. */
export const JITTER_SECONDS = 30;
/** Somebody is near whose strongest beacon had so many dBm. */
export const NEAR_RSSI = -86;
/** After so many scans in a row with nobody near the token is alone. */
export const ALONE_SCANS = 60;
/** Mean time between scans while it is; what it is longer than the sustained one is saved. */
export const ALONE_SECONDS = 320;
/** Among others, the time between scans is shorter by what was saved, divided by two to the power of this. */
export const SAVINGS_SHIFT = 6;
/** But never shorter than this mean. */
export const SHORTEST_SECONDS = 100;
