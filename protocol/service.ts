/** The token's Bluetooth service: one characteristic to write requests to, one to notify responses. */

/** 128-bit UUID of the service, advertised only while the wearer holds a sync window open. */
export const SYNC_SERVICE = "6e1b0001-7a0d-4d5c-9b43-1f2a5a514201";
/** Characteristic that takes requests. */
export const REQUEST_CHARACTERISTIC = "6e1b0002-7a0d-4d5c-9b43-1f2a5a514201";
/** Characteristic that notifies responses. */
export const RESPONSE_CHARACTERISTIC = "6e1b0003-7a0d-4d5c-9b43-1f2a5a514201";

/**
 * What is advertised while the window is open: flags (general discoverable, no BR/EDR), then the complete list
 * of 128-bit services, whose bytes go backwards.
 */
export const SYNC_PAYLOAD: readonly number[] = [
  2, 1, 6, 17, 7, 0x01, 0x42, 0x51, 0x5a, 0x2a, 0x1f, 0x43, 0x9b, 0x5c, 0x4d, 0x0d, 0x7a, 0x01,
  0x00, 0x1b, 0x6e,
];
