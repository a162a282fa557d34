/**
 * Nothing but a check by the compiler: each board has its file, and each file exports what a board must.
 *
 * @module
 */
import type { BoardName } from "../../protocol/flash-layout.ts";
import type { Board } from "../board.ts";

type Checked<T extends Readonly<Record<BoardName, Board>>> = T;

/** The files of all boards. */
export type EveryBoard = Checked<{
  puckjs: typeof import("./puckjs.ts");
  banglejs2: typeof import("./banglejs2.ts");
}>;
