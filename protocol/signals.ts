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

/** A signal as the token has it: bits 0-1 its colour, 2-4 its flashes, from 5 on their milliseconds. */
export type Signal = number;

/** Contact detection is on. */
export const SIGNAL_ON: Signal = GREEN | (1 << 2) | (400 << 5);
/** Contact detection is off or paused. */
export const SIGNAL_PAUSED: Signal = BLUE | (2 << 2) | (400 << 5);
/** There was an exposure with high risk: follow the advice given at the desk. */
export const SIGNAL_EXPOSURE: Signal = RED | (3 << 2) | (1000 << 5);
/** The clock is not right: take the token to a desk. */
export const SIGNAL_NEEDS_DESK: Signal = BLUE | (4 << 2) | (200 << 5);
/** The battery lasts about two weeks at most: have it changed. */
export const SIGNAL_LOW_BATTERY: Signal = RED | (5 << 2) | (100 << 5);

/** Colour, number of flashes (or buzzes) and length of each in milliseconds. */
export type SignalParts = readonly [colour: number, flashes: number, milliseconds: number];

/** Takes a signal apart. */
export function signalParts(signal: Signal): SignalParts {
  return [signal & 3, (signal >> 2) & 7, signal >> 5];
}

/** All signals by name, in the order in which tables show them. */
export const SIGNALS = {
  on: /* @__PURE__ */ signalParts(SIGNAL_ON),
  paused: /* @__PURE__ */ signalParts(SIGNAL_PAUSED),
  exposure: /* @__PURE__ */ signalParts(SIGNAL_EXPOSURE),
  needsDesk: /* @__PURE__ */ signalParts(SIGNAL_NEEDS_DESK),
  lowBattery: /* @__PURE__ */ signalParts(SIGNAL_LOW_BATTERY),
} as const;

/** Seconds after which a held button opens the sync window when it is let go. */
export const SYNC_PRESS_SECONDS = 3;
/** Seconds after which a held button pauses or resumes. */
export const PAUSE_PRESS_SECONDS = 10;
