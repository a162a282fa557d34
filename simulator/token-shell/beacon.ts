/**
 * What is on air, taken apart.
 *
 * @module
 */
import { AEM_OFFSET, BEACON_BYTES, emptyBeacon, RPI_OFFSET } from "../../protocol/beacon.ts";

/** Bytes of a beacon: legacy advertising data. */
const PAYLOAD_BYTES = BEACON_BYTES;
const HEADER = emptyBeacon(PAYLOAD_BYTES).subarray(0, RPI_OFFSET);

/** An Exposure Notification beacon. */
export interface Beacon {
  /** 16 bytes. */
  readonly rpi: Uint8Array;
  /** 4 bytes, encrypted. */
  readonly aem: Uint8Array;
}

/** The beacon in advertising data; undefined when that is something else. */
export function beaconIn(payload: Uint8Array): Beacon | undefined {
  if (payload.length !== PAYLOAD_BYTES) return undefined;
  if (HEADER.some((byte, at) => payload[at] !== byte)) return undefined;
  return { rpi: payload.subarray(RPI_OFFSET, AEM_OFFSET), aem: payload.subarray(AEM_OFFSET) };
}
