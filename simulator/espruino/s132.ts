/**
 * What Nordic's SoftDevice S132 3.1.0, the Bluetooth stack of a Puck.js and an MDBT42Q, refuses. Measured by calling it in
 * place on an emulated chip (`docs/chip.md`); `test/chip/rules.test.ts` compares it again. Where it differs from its public
 * header, this is what it does.
 *
 * @module
 */

/** Nordic's error codes (`nrf_error.h`, `ble_gap.h`). */
export const SUCCESS = 0;
export const NOT_SUPPORTED = 0x06;
export const INVALID_PARAMETER = 0x07;
export const INVALID_STATE = 0x08;
export const INVALID_LENGTH = 0x09;
export const INVALID_FLAGS = 0x0a;
export const INVALID_DATA = 0x0b;
export const INVALID_POINTER = 0x10;
export const UUID_LIST_MISMATCH = 0x3200;
export const INVALID_ADDRESS = 0x3202;
/** Not a code: the call never returns. */
export const HANGS = -1;

const LONGEST = 31;
// Data types of the Bluetooth SIG's assigned numbers, section 2.3.
const FLAGS = 0x01;
const UUID16_LISTS = [0x02, 0x03, 0x14];
const UUID32_LISTS = [0x04, 0x05];
const UUID128_LISTS = [0x06, 0x07, 0x15];
const NAMES = [0x08, 0x09];
/** Without BR/EDR, and discoverable in at most one way. */
const ALLOWED_FLAGS = [0x04, 0x05, 0x06];

/**
 * What `sd_ble_gap_adv_data_set` says to advertising data, or to a scan response, which has no flags.
 *
 * @returns 0 when it takes it, an error code, or {@link HANGS}
 */
export function refusedAdvertisingData(bytes: Uint8Array, isScanResponse = false): number {
  if (bytes.length > LONGEST) return INVALID_LENGTH;
  let names = 0;
  // Positions are counted in eight bits, so that a length of nearly 256 leads back to where it was already.
  const seen = new Set<number>();
  for (let at = 0; at < bytes.length; ) {
    if (seen.has(at)) return HANGS;
    seen.add(at);
    const length = bytes[at] as number;
    // Ends the data early: nothing but zeros may follow.
    if (length === 0) return bytes.subarray(at).some((byte) => byte) ? INVALID_DATA : SUCCESS;
    const refusal = refusedStructure(length, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0);
    if (refusal) return refusal;
    if (bytes[at + 1] === FLAGS && isScanResponse) return INVALID_FLAGS;
    if (NAMES.includes(bytes[at + 1] ?? 0) && ++names > 1) return INVALID_DATA;
    at = (at + 1 + length) & 0xff;
    if (at > bytes.length) return INVALID_LENGTH;
  }
  return SUCCESS;
}

function refusedStructure(length: number, type: number, first: number): number {
  if (type === FLAGS) {
    if (length !== 2) return INVALID_LENGTH;
    return ALLOWED_FLAGS.includes(first) ? SUCCESS : INVALID_FLAGS;
  }
  if (UUID32_LISTS.includes(type)) return NOT_SUPPORTED;
  const bytes = UUID16_LISTS.includes(type) ? 2 : UUID128_LISTS.includes(type) ? 16 : 1;
  const isList = bytes > 1;
  return isList && (length === 1 || (length - 1) % bytes) ? UUID_LIST_MISMATCH : SUCCESS;
}

/** Kinds of advertising, by S132's numbers. */
export const CONNECTABLE = 0;
export const DIRECTED = 1;
export const SCANNABLE = 2;
export const NON_CONNECTABLE = 3;

/** 20 ms and 10.24 s, in units of 0.625 ms. */
const SHORTEST_CONNECTABLE = 0x20;
const LONGEST_INTERVAL = 0x4000;
/** 100 ms. */
const SHORTEST_NON_CONNECTABLE = 0xa0;

/** In seconds. */
const LONGEST_LIMITED = 180;

/** What is asked of `sd_ble_gap_adv_start`, without peer and on all channels. */
export interface AdvertisingOptions {
  readonly type: number;
  /** In units of 0.625 ms. */
  readonly interval: number;
  /** In seconds; 0 is none. */
  readonly timeout: number;
  /** Whether the data's flags are those of the limited discoverable mode. */
  readonly limited: boolean;
  /** Whether it is advertising already. */
  readonly advertising: boolean;
}

/** What `sd_ble_gap_adv_start` says: 0, or an error code. */
export function refusedAdvertising(options: AdvertisingOptions): number {
  const { type, interval, timeout, limited, advertising } = options;
  if (type === DIRECTED) return INVALID_POINTER;
  if (advertising) return INVALID_STATE;
  if (type > NON_CONNECTABLE) return INVALID_PARAMETER;
  const shortest = type === CONNECTABLE ? SHORTEST_CONNECTABLE : SHORTEST_NON_CONNECTABLE;
  if (interval < shortest || interval > LONGEST_INTERVAL) return INVALID_PARAMETER;
  if (limited && (timeout === 0 || timeout > LONGEST_LIMITED)) return INVALID_PARAMETER;
  return SUCCESS;
}

/** 2.5 ms, in units of 0.625 ms. */
const SHORTEST_WINDOW = 4;

/** What is asked of `sd_ble_gap_scan_start`, without white list. */
export interface ScanOptions {
  /** In units of 0.625 ms, as `window`. */
  readonly interval: number;
  readonly window: number;
  /** Whether it is scanning already. */
  readonly scanning: boolean;
}

/** What `sd_ble_gap_scan_start` says: 0, or an error code. It may scan while it advertises. */
export function refusedScan({ interval, window, scanning }: ScanOptions): number {
  const isValid = window >= SHORTEST_WINDOW && window <= interval && interval <= LONGEST_INTERVAL;
  if (!isValid) return INVALID_PARAMETER;
  return scanning ? INVALID_STATE : SUCCESS;
}

const PUBLIC = 0;
const RANDOM_STATIC = 1;

/** What is asked of `sd_ble_gap_addr_set`. */
export interface AddressOptions {
  /** 0 public, 1 random static. */
  readonly type: number;
  /** The first byte of the address as it is written. */
  readonly first: number;
  /** Whether it is advertising, scanning or connected. */
  readonly busy: boolean;
}

/** What `sd_ble_gap_addr_set` says: 0, or an error code. */
export function refusedAddress({ type, first, busy }: AddressOptions): number {
  const isValid = type === PUBLIC || (type === RANDOM_STATIC && first >> 6 === 3);
  if (!isValid) return INVALID_ADDRESS;
  return busy ? INVALID_STATE : SUCCESS;
}
