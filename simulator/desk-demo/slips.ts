/**
 * The laboratory's slips in the demonstration: one for each thing that a look-up can say.
 *
 * @module
 */
import type { DemoSlip } from "./demo-state.ts";

/** All of them. Only the first positive one is for sharing; the other was used by somebody else. */
export const SLIPS: readonly DemoSlip[] = [
  { kind: "positive", code: "2611202601" },
  { kind: "negative", code: "4400713852" },
  { kind: "pending", code: "5093381746" },
  { kind: "invalid", code: "7120954483" },
  { kind: "redeemed", code: "8265017394" },
  { kind: "unknown", code: "9999999999" },
];

/** The code of a slip. */
export function slipCode(kind: DemoSlip["kind"]): string {
  return SLIPS.find((slip) => slip.kind === kind)!.code;
}
