/**
 * What a token puts on air. Source: Exposure Notification Bluetooth Specification v1.2,
 * "Advertising Payload" and "Metadata".
 *
 * @module
 */

/** Metadata version byte of specification v1.0: major version 1 in bits 7:6, minor 0. */
const METADATA_VERSION = 0x40;

// Flags; complete list of 16-bit services; header of 23 bytes of service data for 0xFD6F.
const HEADER = [2, 1, 0x1a, 3, 3, 0x6f, 0xfd, 23, 0x16, 0x6f, 0xfd];

/** The four metadata bytes that are encrypted into the AEM: version, transmit power, two reserved. */
export function metadata(txPowerDbm: number): Uint8Array {
  return new Uint8Array([METADATA_VERSION, txPowerDbm & 0xff, 0, 0]);
}

/** The legacy advertising payload, 31 bytes, of a 16-byte RPI and a 4-byte AEM. */
export function beaconPayload(rpi: Uint8Array, aem: Uint8Array): Uint8Array {
  const payload = new Uint8Array(31);
  payload.set(HEADER);
  payload.set(rpi, 11);
  payload.set(aem, 27);
  return payload;
}
