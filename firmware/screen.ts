/**
 * What a token with a screen shows, by number. The wearer's state is its own number (OFF, ON, PAUSED; see
 * `protocol/messages.ts`); these come before it.
 *
 * @module
 */

/** The clock is not right: take the token to a desk. */
export const SCREEN_NEEDS_DESK = 3;
/** There was an exposure with high risk. */
export const SCREEN_EXPOSURE = 4;
/** The battery is running low. */
export const SCREEN_LOW_BATTERY = 5;
/** The sync window is open. */
export const SCREEN_SYNC = 6;
