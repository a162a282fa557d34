/**
 * In what the boards differ, as Espruino's `boards/*.py` have it.
 *
 * @module
 */
import type { BoardName } from "../../protocol/flash-layout.ts";

/** Colours of lights. */
export type Colour = "red" | "green" | "blue";

/** What a board has. */
export interface BoardModel {
  /** Its lights by the names of their globals. */
  readonly lights: Readonly<Record<string, Colour>>;
  /** Functions of Espruino's `crypto` library; the library is missing when there are none. */
  readonly crypto: readonly ("SHA256" | "AES")[];
  /** ATT_MTU less the 3 bytes of its header. */
  readonly valueBytes: number;
  /** Transmit power after boot in dBm. */
  readonly txPower: number;
  /** Whether it is a Bangle.js, with a screen and a motor. */
  readonly isBangle: boolean;
}

const PUCKJS: BoardModel = {
  lights: { LED1: "red", LED2: "green", LED3: "blue" },
  crypto: ["SHA256", "AES"],
  valueBytes: 50,
  txPower: 0,
  isBangle: false,
};

/** The model of each board. */
export const BOARD_MODELS: Readonly<Record<BoardName, BoardModel>> = {
  puckjs: PUCKJS,
  banglejs2: {
    lights: {},
    crypto: ["SHA256"],
    valueBytes: 128,
    txPower: 4,
    isBangle: true,
  },
};
