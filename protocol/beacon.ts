/**
 * What a token puts on air. Source: Exposure Notification Bluetooth Specification v1.2,
 * "Advertising Payload" and "Metadata".
 *
 * @module
 */

/**
 * First of the four metadata bytes that are encrypted into the AEM, of specification v1.0: major version 1 in
 * bits 7:6, minor 0. The second is the transmit power in dBm, the others are 0.
 */
export const METADATA_VERSION = 0x40;

/** Where the 16-byte RPI and the 4-byte AEM stand in the payload. */
export const RPI_OFFSET = 8;
export const AEM_OFFSET = 24;
/** Length of the payload. */
export const BEACON_BYTES = AEM_OFFSET + 4;

/**
 * `length` bytes whose first {@link BEACON_BYTES} are the advertising payload, with RPI and AEM still to be set: the
 * complete list of 16-bit services, then 23 bytes of service data for 0xFD6F. As on Android, the specification's flags
 * structure in front is left out: receivers go by the service data, and Nordic's S132 refuses its value 0x1A.
 */
export function emptyBeacon(length: number): Uint8Array {
  const frame = new Uint8Array(length);
  frame.set([3, 3, 0x6f, 0xfd, 23, 0x16, 0x6f, 0xfd]);
  return frame;
}
