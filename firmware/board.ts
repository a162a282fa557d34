/**
 * The only door between the token's duties and its hardware. A board file in `boards/` maps it to
 * Espruino; nothing else in the firmware names an Espruino call.
 *
 * @module
 */
import type { Primitives } from "../protocol/key-schedule.ts";

/**
 * A received beacon, in the form in which Espruino hands it over: a wrapper around it would cost a
 * second interpreted call for every packet.
 */
export interface Heard {
  /** Signal strength in dBm. */
  readonly rssi: number;
  /** RPI and AEM, 20 bytes; anyone may send more or fewer. */
  readonly serviceData: { readonly fd6f: ArrayBuffer };
}

/** A running timer. */
export type Timer = unknown;

/** Colours of the signal lights. */
export const RED = 0;
export const GREEN = 1;
export const BLUE = 2;

/** What a token needs of the machine that it runs on. */
export interface Board extends Primitives {
  /** Transmit power in dBm, as it goes into the beacon's metadata. */
  readonly txPower: number;
  /** Flash pages of 4,096 bytes that may be erased; the token owns all of them. */
  readonly pages: number;

  /** Whether this token was provisioned: its flash regions and identity were laid down. */
  provisioned(): boolean;

  /** Wall clock in Unix seconds, with fractions; near 0 after a power loss. */
  now(): number;
  /** Sets the wall clock. Running timers keep their remaining time. */
  setNow(unixSeconds: number): void;
  /** Calls `action` once after `milliseconds`. */
  after(milliseconds: number, action: () => void): Timer;
  /** Stops a timer that {@link Board.after} made. */
  cancel(timer: Timer): void;

  /** An evenly distributed whole number, 0..limit-1, from the hardware's random source. */
  randomBelow(limit: number): number;
  /** `length` bytes from the hardware's random source. */
  randomBytes(length: number): Uint8Array;
  /** CRC-32 (ISO 3309), unsigned. */
  crc32(bytes: Uint8Array): number;

  /** Reads flash: `page` 0..pages-1, `offset` in it, `length` bytes. */
  readFlash(page: number, offset: number, length: number): Uint8Array;
  /** Writes flash (bits only fall) and reads it back; false when it does not hold the bytes now. */
  writeFlash(page: number, offset: number, bytes: Uint8Array): boolean;
  /** Erases a page to ones and reads it back; false when it is not blank now. */
  eraseFlash(page: number): boolean;

  /**
   * Goes on air under `address` (6 bytes, made a random static address) with `payload`, at most 31
   * bytes. Address and payload change together: nothing is sent while they differ.
   */
  advertise(
    address: Uint8Array,
    payload: Uint8Array,
    milliseconds: number,
    connectable: boolean,
  ): void;
  /** Goes off air and drops a connection. */
  silence(): void;
  /** Starts to listen; `heard` is called for each beacon received, repeated ones too. */
  startScan(heard: (beacon: Heard) => void): void;
  /** Stops listening. */
  stopScan(): void;

  /** Offers the sync service; called once, at start. */
  serve(
    onRequest: (bytes: Uint8Array) => void,
    onConnect: () => void,
    onDisconnect: () => void,
  ): void;
  /** The most bytes that one notification holds. */
  readonly notificationBytes: number;
  /** Sends one notification; it may be lost without notice. */
  notify(frame: Uint8Array): void;

  /** Switches a signal light. */
  light(colour: number, on: boolean): void;
  /** Calls `action` when the button is let go, with how long it was held in seconds. */
  onButton(action: (seconds: number) => void): void;
  /** State of the battery in percent. */
  battery(): number;
}
