/**
 * How long a battery lasts.
 *
 * @module
 */
import type { BoardName } from "../../protocol/flash-layout.ts";
import { BOARD_POWER } from "./boards.ts";

const DAYS_PER_YEAR = 365;

/**
 * Days that a new cell, or a full battery, lasts.
 *
 * @param mAhPerDay - 0 or more
 * @throws RangeError when it is not
 */
export function batteryDays(mAhPerDay: number, board: BoardName): number {
  if (!(mAhPerDay >= 0)) {
    throw new RangeError(`A token draws 0 mAh a day or more, not ${mAhPerDay}`);
  }
  const { battery, selfDischarge } = BOARD_POWER[board];
  return battery / (mAhPerDay + (battery * selfDischarge) / DAYS_PER_YEAR);
}
