/**
 * Which Espruino a board's firmware may be flashed to.
 *
 * @module
 */
import { type BoardName, LAYOUTS, PAGE_BYTES } from "../../protocol/flash-layout.ts";
import { Failure } from "../failure.ts";

/** What a board says of itself. */
export interface EspruinoFacts {
  /** `process.env.BOARD`. */
  readonly board: string;
  /** `process.env.VERSION`, such as 2v29 or 2v29.277. */
  readonly version: string;
  /** `process.env.STORAGE`, the bytes of its Storage. */
  readonly storageBytes: number;
}

/** The Espruino that a board's firmware runs on. */
export interface FlashTarget {
  /** Whose layout and firmware it gets. */
  readonly board: BoardName;
  /** Its `process.env.BOARD`. */
  readonly espruinoBoard: string;
  /** Bytes of its Storage. Espruino's minimal build for the Puck.js has more, and no native AES. */
  readonly storageBytes: number;
  /** Address of the first byte of its Storage. */
  readonly storage: number;
}

const target = (board: BoardName, espruinoBoard: string, pages: number): FlashTarget => ({
  board,
  espruinoBoard,
  storageBytes: pages * PAGE_BYTES,
  storage: LAYOUTS[board].storage,
});

/** The target of each board. Source: Espruino, `boards/*.py`. */
export const FLASH_TARGETS: Readonly<Record<BoardName, FlashTarget>> = {
  puckjs: target("puckjs", "PUCKJS", 10),
  banglejs2: target("banglejs2", "BANGLEJS2", 2048),
};

// From 2v26 on, advertising data is sent as given, without Espruino's own manufacturer data; before 2v29, E.defrag could
// crash.
const OLDEST_MAJOR = 2;
const OLDEST_MINOR = 29;

/**
 * Checks that a board is the one that the firmware is for.
 *
 * @throws Failure `board-too-old`, `wrong-board`
 */
export function checkTarget(facts: EspruinoFacts, wanted: FlashTarget): void {
  const [major = 0, minor = 0] = facts.version.split("v").map((part) => Number.parseInt(part, 10));
  if (!(major > OLDEST_MAJOR || (major === OLDEST_MAJOR && minor >= OLDEST_MINOR))) {
    throw new Failure(
      "board-too-old",
      `The board runs Espruino ${facts.version}, but a token needs ${OLDEST_MAJOR}v${OLDEST_MINOR} or newer; update it as espruino.com/Firmware+Update says.`,
    );
  }
  if (facts.board !== wanted.espruinoBoard || facts.storageBytes !== wanted.storageBytes) {
    const fitting = Object.values(FLASH_TARGETS).find(
      ({ espruinoBoard, storageBytes }) =>
        espruinoBoard === facts.board && storageBytes === facts.storageBytes,
    );
    throw new Failure(
      "wrong-board",
      `The board is a ${facts.board} with ${facts.storageBytes / 1024} kB of Storage, not a ${wanted.board}; ${fitting ? `use --board ${fitting.board}` : "connect another"}.`,
    );
  }
}
