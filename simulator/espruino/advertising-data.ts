/**
 * Advertising data as Espruino takes it apart for a scan callback, as `jswrap_ble_setScan_cb` does
 * (`libs/bluetooth/jswrap_bluetooth.c`).
 *
 * @module
 */

const LISTS_OF_16_BIT_SERVICES = [0x02, 0x03];
const NAMES = [0x08, 0x09];
const SERVICE_DATA_16_BIT = 0x16;

/** Services that a packet names and data that it carries for them, by 16-bit UUID in hex; nothing when there is none. */
export interface ServiceData {
  readonly services?: string[];
  /** A field too short to have any has no value. */
  readonly serviceData?: Record<string, ArrayBuffer | undefined>;
}

/** What ends a board's life until its battery is taken out: Espruino asks for a string of 2^32 - 1 characters. */
export class DeadlyAdvertisement extends Error {}

/**
 * Takes a packet apart; what leads past its end, where Espruino reads on in its memory, is left out.
 *
 * @throws DeadlyAdvertisement for a name of length 0
 */
export function parseServiceData(payload: Uint8Array): ServiceData {
  const services: string[] = [];
  const serviceData: Record<string, ArrayBuffer | undefined> = {};
  for (let at = 0; at + 1 < payload.length; ) {
    const length = payload[at] as number;
    const type = payload[at + 1] as number;
    if (length === 0 && NAMES.includes(type)) {
      throw new DeadlyAdvertisement("The simulated board is dead: a name had the length 0");
    }
    if (at + 1 + length > payload.length) break;
    const field = payload.slice(at + 2, at + 1 + length);
    if (LISTS_OF_16_BIT_SERVICES.includes(type)) {
      for (let i = 0; i + 1 < field.length; i += 2) services.push(uuid16(field, i));
    } else if (type === SERVICE_DATA_16_BIT && at + 3 < payload.length) {
      serviceData[uuid16(payload, at + 2)] = length < 3 ? undefined : field.slice(2).buffer;
    }
    at += 1 + length;
  }
  return {
    ...(services.length && { services }),
    ...(Object.keys(serviceData).length && { serviceData }),
  };
}

function uuid16(bytes: Uint8Array, at: number): string {
  const value = (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
  return value.toString(16).padStart(4, "0");
}
