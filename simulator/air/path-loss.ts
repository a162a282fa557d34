/**
 * What two worn tokens lose between them in the middle of all cases: distance, bodies, walls. Where each figure comes
 * from: docs/radio-model.md.
 *
 * @module
 */
import type { Stance } from "../scenarios/building.ts";

/** Loss at 1 m in dB, antenna to antenna: an nRF52 at 0 dBm is received with -61 dBm (nRF5 SDK, ble_app_beacon). */
export const LOSS_AT_ONE_METRE = 61;
/** The nearest that two tokens come, in metres. */
const NEAREST_METRES = 0.1;
/** Exponents of distance: free space up to 1 m, a room's reflections help up to 5 m, beyond that others stand between. */
const NEAR_EXPONENT = 2;
const ROOM_EXPONENT = 1.7;
const FAR_EXPONENT = 2.5;
/** Where the last of them begins, in metres. */
const FAR_METRES = 5;
const LOSS_AT_FAR = LOSS_AT_ONE_METRE + 10 * ROOM_EXPONENT * Math.log10(FAR_METRES);

/** Loss by the wearer's own body in dB, at 0, 45, 90, 135 and 180 degrees off the front. */
const BODY_LOSS = [0, 0, 4, 8, 10] as const;
const BODY_STEP = 45;

/** Loss of an interior wall in dB: brick; plasterboard takes 4, concrete 10 to 15. */
export const WALL_LOSS = 8;

/** Median attenuation in dB between tokens worn face to face with nothing between them, `metres` apart. */
export function medianAttenuation(metres: number): number {
  if (metres > FAR_METRES) {
    return LOSS_AT_FAR + 10 * FAR_EXPONENT * Math.log10(metres / FAR_METRES);
  }
  const exponent = metres > 1 ? ROOM_EXPONENT : NEAR_EXPONENT;
  return LOSS_AT_ONE_METRE + 10 * exponent * Math.log10(Math.max(NEAREST_METRES, metres));
}

/** What a wearer's body takes, in dB, when the other is `degrees` (0 to 180) off the wearer's front. */
export function bodyLoss(degrees: number): number {
  const step = Math.min(Math.floor(degrees / BODY_STEP), BODY_LOSS.length - 2);
  const [before, after] = [BODY_LOSS[step]!, BODY_LOSS[step + 1]!];
  return before + ((after - before) * (degrees - step * BODY_STEP)) / BODY_STEP;
}

/** Median attenuation in dB between two wearers; the same both ways. */
export function stanceAttenuation(stance: Stance): number {
  return (
    medianAttenuation(stance.metres) +
    bodyLoss(stance.offA) +
    bodyLoss(stance.offB) +
    WALL_LOSS * stance.walls
  );
}
