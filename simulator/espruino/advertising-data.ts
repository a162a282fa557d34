/**
 * Advertising data as Espruino takes it apart for a scan callback.
 *
 * @module
 */

const COMPLETE_LIST_OF_16_BIT_SERVICES = 0x03;
const SERVICE_DATA_16_BIT = 0x16;

/** Services that a packet names and data that it carries for them, by 16-bit UUID in hex. */
export interface ServiceData {
  readonly services: string[];
  readonly serviceData: Record<string, ArrayBuffer>;
}

/** Parses a packet; a length that leads past the end stops it. */
export function parseServiceData(payload: Uint8Array): ServiceData {
  const services: string[] = [];
  const serviceData: Record<string, ArrayBuffer> = {};
  for (let at = 0; at + 1 < payload.length; ) {
    const length = payload[at] as number;
    const type = payload[at + 1];
    const field = payload.slice(at + 2, at + 1 + length);
    if (length === 0 || at + 1 + length > payload.length) break;
    if (type === COMPLETE_LIST_OF_16_BIT_SERVICES) {
      for (let i = 0; i + 1 < field.length; i += 2) services.push(uuid16(field, i));
    } else if (type === SERVICE_DATA_16_BIT && field.length >= 2) {
      serviceData[uuid16(field, 0)] = field.slice(2).buffer;
    }
    at += 1 + length;
  }
  return { services, serviceData };
}

function uuid16(bytes: Uint8Array, at: number): string {
  const value = (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
  return value.toString(16).padStart(4, "0");
}
