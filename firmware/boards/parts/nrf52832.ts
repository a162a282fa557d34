/** Radios of an nRF52832 in Espruino. */

// Over NFC a Puck.js tells every telephone that is held to it its fixed Bluetooth address.
NRF.nfcStop();

export const TX_POWER = 0;
/** The connection's MTU is 53, of which 3 bytes are the protocol's. */
export const NOTIFICATION_BYTES = 50;
