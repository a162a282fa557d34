/** The token's Bluetooth service: one characteristic to write requests to, one to notify responses. */

/** 128-bit UUID of the service, advertised only while the wearer holds a sync window open. */
export const SYNC_SERVICE = "6e1b0001-7a0d-4d5c-9b43-1f2a5a514201";
/** Characteristic that takes requests. */
export const REQUEST_CHARACTERISTIC = "6e1b0002-7a0d-4d5c-9b43-1f2a5a514201";
/** Characteristic that notifies responses. */
export const RESPONSE_CHARACTERISTIC = "6e1b0003-7a0d-4d5c-9b43-1f2a5a514201";
