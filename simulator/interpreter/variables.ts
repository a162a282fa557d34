/**
 * How many of Espruino's variables a token may use on a Puck.js: all but what must stay free.
 *
 * @module
 */

/** JsVars of a Puck.js. Source: Espruino, `boards/PUCKJS.py`. */
const ALL = 2630;
/** What Espruino itself takes before any of our code runs: 2,565 are free then, on the real binary on the emulated chip. */
const OWN = 65;
/** Advertisements that Espruino's queue of 1,023 bytes holds, and that may all wait while the token merges pages. */
const WAITING = 22;
/** What each of them takes as an object with its address and 31 bytes of data. */
const PER_WAITING = 12;
/** The largest result of native cryptography, 64 bytes, needs its variables side by side, and there may be two at a time. */
const IN_ONE_PIECE = 2 * 8;
/** Arguments and results between two looks at the memory: some 20 calls in one another, five for each. */
const PASSING = 20 * 5;

/** The most variables that may be in use at any time, Espruino's own and waiting advertisements not counted. */
export const MOST_VARIABLES = ALL - OWN - WAITING * PER_WAITING - IN_ONE_PIECE - PASSING;
/** How many must be left below that for what comes next. */
export const FREE_VARIABLES = 200;
