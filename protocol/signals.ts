/**
 * What a token tells its wearer. Few signals, each told apart by number and length as well as by colour, for
 * people who see, hear or press badly. Firmware, cards and README take them from here.
 *
 * @module
 */

/** Colours of the signal lights. */
export const RED = 0;
export const GREEN = 1;
export const BLUE = 2;

/** A signal: colour, number of flashes (or buzzes), length of each in milliseconds. */
export type Signal = readonly [colour: number, flashes: number, milliseconds: number];

/** Contact detection is on. */
export const SIGNAL_ON: Signal = [GREEN, 1, 400];
/** Contact detection is off or paused. */
export const SIGNAL_PAUSED: Signal = [BLUE, 2, 400];
/** There was an exposure with high risk: follow the advice given at the desk. */
export const SIGNAL_EXPOSURE: Signal = [RED, 3, 1000];
/** The clock is not right: take the token to a desk. */
export const SIGNAL_NEEDS_DESK: Signal = [BLUE, 4, 200];
/** The battery lasts about two weeks at most: have it changed. */
export const SIGNAL_LOW_BATTERY: Signal = [RED, 5, 100];

/** All signals by name, in the order in which tables show them. */
export const SIGNALS = {
  on: SIGNAL_ON,
  paused: SIGNAL_PAUSED,
  exposure: SIGNAL_EXPOSURE,
  needsDesk: SIGNAL_NEEDS_DESK,
  lowBattery: SIGNAL_LOW_BATTERY,
} as const;

/** Seconds after which a held button opens the sync window when it is let go. */
export const SYNC_PRESS_SECONDS = 3;
/** Seconds after which a held button pauses or resumes. */
export const PAUSE_PRESS_SECONDS = 10;
