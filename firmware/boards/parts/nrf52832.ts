/** Radio of an nRF52832 in Espruino. */

export const TX_POWER = 0;
/** The connection's MTU is 53, of which 3 bytes are the protocol's. */
export const NOTIFICATION_BYTES = 50;
