/**
 * What a simulated board does that draws current, told to whoever observes it
 * ({@link import("./device.ts").EspruinoDevice.observe}). It happens at the timeline's present.
 *
 * @module
 */
import type { Colour } from "./boards.ts";
import type { Advertisement, ScanParameters } from "./nrf.ts";

/** What can make JavaScript run; foreign is an advertisement that is no beacon. */
export type Trigger = "boot" | "timer" | "beacon" | "foreign" | "button" | "write" | "link";

/** Something that a board begins, ends or does. */
export type Activity =
  /** The battery was put in or taken out. */
  | { readonly what: "power"; readonly on: boolean }
  /** What is on air from now on: a packet that is sent again and again, or nothing. */
  | { readonly what: "air"; readonly advertisement: Advertisement | undefined }
  /** How it scans from now on, or not at all. */
  | { readonly what: "scan"; readonly parameters: ScanParameters | undefined }
  /** A connection begins or ends. */
  | { readonly what: "link"; readonly on: boolean }
  /** A value went over the connection, either way. */
  | { readonly what: "transfer" }
  /** From now on the button is watched, until power is lost. */
  | { readonly what: "watch" }
  /** JavaScript runs; what it then calls is told on its own. */
  | { readonly what: "script"; readonly trigger: Trigger }
  /** Native cryptography is called. */
  | { readonly what: "crypto" }
  /** `E.mapInPlace` is called, for so many bytes. */
  | { readonly what: "map"; readonly bytes: number }
  /** Bytes are written to flash; in whole words of 4. */
  | { readonly what: "flash"; readonly bytes: number }
  /** A page of flash is erased. */
  | { readonly what: "erase" }
  /** A light is switched. */
  | { readonly what: "light"; readonly colour: Colour; readonly on: boolean }
  /** The motor is switched. */
  | { readonly what: "motor"; readonly on: boolean }
  /** A watch is locked or unlocked: only then its touch screen has power. */
  | { readonly what: "lock"; readonly on: boolean }
  /** The screen is drawn anew. */
  | { readonly what: "screen" };

/** Is told what a board does; must not change the board. */
export type Observer = (activity: Activity) => void;
