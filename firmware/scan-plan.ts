/**
 * When the token listens: the numbers of the rule in `scanner.ts`. `saqbol-sim tune` builds bundles with others in their
 * place, so each stands on a line of its own.
 *
 * A contact of ten minutes must have two scans in it wherever it begins, as with phones, which scan every 2.5 to 5
 * minutes; a scan must be longer than 280 ms, the most that lies between two beacons of a neighbour that sends every
 * 270 ms. When somebody comes near, a few scans follow each other quickly, until a contact of ten minutes is decided: so one
 * beacon that was missed, or one that was heard by chance, matters less. Company that stays needs no more scans than
 * solitude, and each scan alone gives one quick scan back, so that coming and going costs no more than staying.
 *
 * @module
 */

/** Length of a scan. */
export const SCAN_MILLISECONDS = 290;
/** Mean time between scans. */
export const PERIOD_SECONDS = 250;
/** By how much it is varied at most, so that tokens do not fall into step with anything. */
export const JITTER_SECONDS = 30;
/** Somebody is near whose strongest beacon had so many dBm. */
export const NEAR_RSSI = -86;
/** When somebody comes near, so many scans follow quickly at most. */
export const QUICK_SCANS = 4;
/** Mean time between those. */
export const QUICK_SECONDS = 90;
/** After so many scans in a row with nobody near the token is taken to be alone; 0 when it never is. */
export const LONE_SCANS = 0;
/** Mean time between scans while it is. */
export const LONE_SECONDS = 540;
