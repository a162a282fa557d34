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
export const RPI_OFFSET = 11;
export const AEM_OFFSET = 27;

// Flags; complete list of 16-bit services; header of 23 bytes of service data for 0xFD6F.
const HEADER = [2, 1, 0x1a, 3, 3, 0x6f, 0xfd, 23, 0x16, 0x6f, 0xfd];

/** `length` bytes whose first 31 are the legacy advertising payload, with RPI and AEM still to be set. */
export function emptyBeacon(length: number): Uint8Array {
  const frame = new Uint8Array(length);
  frame.set(HEADER);
  return frame;
}
