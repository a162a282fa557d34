/**
 * The structures of advertising data. Source: Bluetooth Core Specification, Volume 3, Part C, section 11; their types
 * are of the "Assigned Numbers", section 2.3.
 *
 * @module
 */

/** Flags. */
export const FLAGS = 0x01;
/** Complete list of 16-bit service UUIDs. */
export const SERVICES_16 = 0x03;
/** Incomplete and complete list of 128-bit service UUIDs. */
export const SERVICES_128: readonly number[] = [0x06, 0x07];
/** Service data, behind a 16-bit UUID. */
export const SERVICE_DATA_16 = 0x16;
/** Manufacturer specific data, behind the company's number. */
export const MANUFACTURER = 0xff;

/** One structure. */
export interface Structure {
  readonly type: number;
  /** What is behind the type. */
  readonly data: Uint8Array;
}

/**
 * Takes advertising data apart. It may be anything: what is behind a structure that runs past the end is left out.
 *
 * @returns the structures in their order; undefined in the last place stands for what is none
 */
export function structuresOf(payload: Uint8Array): (Structure | undefined)[] {
  const structures: (Structure | undefined)[] = [];
  for (let at = 0; at < payload.length; ) {
    const length = payload[at]!;
    // The specification fills up with zeros.
    if (length === 0) {
      if (payload.subarray(at).some((byte) => byte !== 0)) structures.push(undefined);
      break;
    }
    const end = at + 1 + length;
    if (end > payload.length) {
      structures.push(undefined);
      break;
    }
    structures.push({ type: payload[at + 1]!, data: payload.slice(at + 2, end) });
    at = end;
  }
  return structures;
}
