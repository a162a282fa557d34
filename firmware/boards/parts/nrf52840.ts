/** Radio of an nRF52840 in Espruino. */

import { attempt, silence } from "./radio.ts";

// Espruino has been on air under the board's own address until here.
silence();

/** Espruino has a watchdog of its own on a Bangle.js 2, which wants to hear of nobody. */
export function keepAlive(): void {}
export function rest(): void {}

export const wasHung = false;

/** Less than the 4 dBm that a Bangle.js 2 starts with: all tokens send alike. */
export const TX_POWER = 0;
attempt(NRF.setTxPower, TX_POWER);
/** The connection's MTU is 131, of which 3 bytes are the protocol's. */
export const NOTIFICATION_BYTES = 128;
