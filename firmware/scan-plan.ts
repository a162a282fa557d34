/**
 * When the token listens: the numbers of the rule in `scanner.ts`. `saqbol-sim tune` builds bundles with others in their
 * place, so each stands on a line of its own.
 *
 * A contact of ten minutes must have two scans in it wherever it begins, as with phones, which scan every 2.5 to 5
 * minutes; a scan must be longer than 280 ms, the most that lies between two beacons of a neighbour that sends every
 * 270 ms. Once somebody is near, scans come closer together, so that the minutes are right and a missed beacon
 * matters less.
 *
 * @module
 */

/** Length of a scan. */
export const SCAN_MILLISECONDS = 300;
/** Mean time between scans while nobody is near. */
export const ALONE_SECONDS = 270;
/** Mean time between scans while somebody is. */
export const NEAR_SECONDS = 150;
/** By how much either is varied at most, so that tokens do not fall into step with anything. */
export const JITTER_SECONDS = 30;
/** Somebody is near whose strongest beacon had so many dBm. */
export const NEAR_RSSI = -75;
/** How many scans in a row must have found nobody new for those near to count as settled; 0 when that is not asked. */
export const SETTLED_SCANS = 0;
/** Mean time between scans while everybody near is settled. */
export const SETTLED_SECONDS = 270;
