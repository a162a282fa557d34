/**
 * The only door between the token's duties and its hardware. The build puts a board file from `boards/` in
 * the place of `#board`; nothing else in the firmware names an Espruino call. What a board lacks is left out
 * when the bundle is built, not asked for while it runs.
 *
 * @module
 */

import type { FlashLayout } from "../protocol/flash-layout.ts";

/**
 * A received advertisement, in the form in which Espruino hands it over: a wrapper around it would cost a
 * second interpreted call for every packet.
 */
export interface Heard {
  /** Signal strength in dBm. */
  readonly rssi: number;
  /** Advertising data as it was sent: 0 to 31 bytes of anything. */
  readonly data: ArrayBuffer;
}

/** What a central has written, in the form in which Espruino hands it over. */
export interface Written {
  readonly data: ArrayBuffer;
}

/** A running timer. */
export type Timer = unknown;

/** Message of the error that cryptography throws when memory does not suffice for its result. */
export const NO_ROOM = "no room";

/** What a board file exports. */
export interface Board {
  /** Transmit power in dBm, as it goes into the beacon's metadata. */
  readonly TX_POWER: number;
  /** Where its Storage lies; the pages of its pool may be erased. */
  readonly LAYOUT: FlashLayout;
  /** The most bytes that one notification holds. */
  readonly NOTIFICATION_BYTES: number;
  /** Percent of the battery at which it is time for the wearer to act: of a coin cell, about two weeks are left. */
  readonly LOW_BATTERY: number;

  /** Tells the watchdog that the token is alive; without that, it restarts the token after ten minutes. */
  keepAlive(): void;
  /** Tells the watchdog that nothing more is to come. */
  rest(): void;
  /** Whether it was the watchdog that started the token. */
  readonly wasHung: boolean;
  /** Whether this Espruino hands advertisements over unparsed: its own parser can be made to write over memory. */
  readonly canListen: boolean;
  /** How many calls of radio and flash have failed since the token was started, up to 255. */
  readonly failures: number;
  /** Whether this token was provisioned: its flash regions and identity were laid down. */
  provisioned(): boolean;

  /** Wall clock in Unix seconds, with fractions; near 0 after a power loss. */
  now(): number;
  /** Sets the wall clock. Running timers keep their remaining time. */
  setNow(unixSeconds: number): void;
  /** Calls `action` once after `milliseconds`. */
  after(action: () => void, milliseconds: number): Timer;
  /** Stops a timer that {@link Board.after} made, unless it is undefined; never one that has fired. */
  cancel(timer: Timer): void;

  /** 32 bits from the hardware's random source, as an int32. */
  random32(): number;
  /** `length` bytes from the hardware's random source. */
  randomBytes(length: number): Uint8Array;
  /** CRC-32 (ISO 3309), unsigned. */
  crc32(bytes: Uint8Array): number;
  /** SHA-256 (FIPS 180-4) of any number of bytes; 32 bytes. All cryptography may throw {@link NO_ROOM}. */
  sha256(message: Uint8Array): Uint8Array;
  /** AES-128 in ECB mode without padding (FIPS 197): 16-byte key, `blocks` a multiple of 16 bytes. */
  aes128(key: Uint8Array, blocks: Uint8Array): Uint8Array;
  /**
   * Seals a message of 1 to 4,080 bytes with AES-128-CCM under a 13-byte nonce, its 8-byte tag behind it; or opens what
   * was sealed. Undefined when anything about what is to be opened is wrong.
   */
  crypt(
    key: Uint8Array,
    nonce: Uint8Array,
    bytes: Uint8Array,
    opening: boolean,
  ): Uint8Array | undefined;
  /** The token key, 16 bytes. */
  tokenKey(): Uint8Array;

  /** Reads flash: `page` 0..PAGES-1 (see `pages.ts`), `offset` in it, `length` bytes (at least 1) of its own memory. */
  readFlash(page: number, offset: number, length: number): Uint8Array;
  /** Writes flash (bits only fall) and reads it back; false when it does not hold the bytes now. */
  writeFlash(page: number, offset: number, bytes: Uint8Array): boolean;
  /** The same for one word (uint32, little-endian), at less cost. */
  writeWord(page: number, offset: number, value: number): boolean;
  /** Makes a page blank (ones), unless it is, and reads it back; false when it is not blank now. */
  blankFlash(page: number): boolean;

  /** A fresh random static address, in the form that {@link Board.advertise} takes. */
  randomAddress(): string;
  /**
   * Goes on air under `address` with `payload`, at most 31 bytes, about every `interval` milliseconds. Address and payload
   * change together: nothing is sent while they differ. False when the radio failed; then the token is silent. Not
   * while a central is connected: the address would change only after that. No call of the radio throws: what fails is
   * counted, see {@link Board.failures}.
   */
  advertise(address: string, payload: Uint8Array, interval: number, connectable: boolean): boolean;
  /** Goes off air and drops a connection. */
  silence(): boolean;
  /** Goes back on air, as before {@link Board.silence}; false when the radio failed. */
  wake(): boolean;
  /** Starts to listen; `heard` is called for each advertisement received, repeated ones too. */
  startScan(heard: (packet: Heard) => void): void;
  /** Stops listening. */
  stopScan(): boolean;

  /** Offers the sync service; false when the radio failed, to be called again. */
  serve(
    onRequest: (written: Written) => void,
    onConnect: () => void,
    onDisconnect: () => void,
  ): boolean;
  /** Sends one notification; it may be lost without notice. */
  notify(fragment: Uint8Array): void;

  /** Switches a signal light (see `protocol/signals.ts`), with vibration where there is any. */
  light(colour: number, on: boolean): void;
  /**
   * Shows the time, so many quarters of an hour ahead of UTC, and what the wearer should read, where there is a
   * screen: a number of `screen.ts`.
   */
  screen(text: number, quarters: number): void;
  /** Calls `action` when the button is pressed (true) and when it is let go (false). */
  onButton(action: (pressed: boolean) => void): void;
  /** State of the battery in percent. */
  battery(): number;
}
