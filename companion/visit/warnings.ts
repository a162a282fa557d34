/**
 * What a clerk should know about a token besides the result of its check.
 *
 * @module
 */
import type { TokenStatus } from "../token/token-client.ts";

const LOW_BATTERY_PERCENT = 15;

/** A sentence for the clerk, and a short stable name for programs. */
export interface Warning {
  readonly code: "log-full" | "clock-doubtful" | "battery-low";
  readonly message: string;
}

/** The warnings that a token's state calls for, before the visit has changed it. */
export function warningsOf(status: TokenStatus): Warning[] {
  const warnings: Warning[] = [];
  if (status.logFull) {
    warnings.push({
      code: "log-full",
      message:
        "The token's log was full, so that some of the latest meetings are not in it; check it more often, or erase it with the wearer's consent.",
    });
  }
  if (status.clockDoubtful && status.lastInterval > 0) {
    warnings.push({
      code: "clock-doubtful",
      message:
        "The token had lost its time: the dates of meetings since then were corrected by this computer's clock, and may be wrong if its power failed more than once.",
    });
  }
  if (status.battery < LOW_BATTERY_PERCENT) {
    warnings.push({ code: "battery-low", message: "The token's battery is low; change it now." });
  }
  return warnings;
}
