/** The token's Bluetooth service: one characteristic to write requests to, one to notify responses. */

// The UUIDs differ in one digit. Put together where they are used, they take less of a token's flash.
const uuid = (digit: string): string => "6e1b000" + digit + "-7a0d-4d5c-9b43-1f2a5a514201";

/** 128-bit UUID of the service, advertised only while the wearer holds a sync window open. */
export const SYNC_SERVICE = uuid("1");
/** Characteristic that takes requests. */
export const REQUEST_CHARACTERISTIC = uuid("2");
/** Characteristic that notifies responses. */
export const RESPONSE_CHARACTERISTIC = uuid("3");

/**
 * What is advertised while the window is open: flags (general discoverable, no BR/EDR), then the complete list
 * of 128-bit services, whose bytes go backwards.
 */
export function syncPayload(): Uint8Array {
  // Written out where it is used: on a token, an array that is kept takes variables.
  return new Uint8Array([
    2, 1, 6, 17, 7, 0x01, 0x42, 0x51, 0x5a, 0x2a, 0x1f, 0x43, 0x9b, 0x5c, 0x4d, 0x0d, 0x7a, 0x01,
    0x00, 0x1b, 0x6e,
  ]);
}
