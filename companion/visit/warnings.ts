/**
 * What a clerk should know about a token besides the result of its check.
 *
 * @module
 */
import type { DatedEncounter } from "../matching/match-log.ts";
import type { TokenStatus } from "../token/token-client.ts";

/** A sentence for the clerk, and a short stable name for programs. */
export interface Warning {
  readonly code: "log-full" | "clock-doubtful" | "battery-low";
  readonly message: string;
}

/** The clock was lost, and nothing else is uncertain. */
export const TIME_WAS_LOST: Warning = {
  code: "clock-doubtful",
  message:
    "The token had lost its time: all its meetings since then were dated by this computer's clock, and nothing more is needed if that is right.",
};

/**
 * The warnings that a token's state calls for, before the visit has changed it.
 *
 * @param encounters - its log, with times corrected
 */
export function warningsOf(status: TokenStatus, encounters: readonly DatedEncounter[]): Warning[] {
  const warnings: Warning[] = [];
  if (status.logFull) {
    warnings.push({
      code: "log-full",
      message:
        "The token's log was full, so that meetings of the least risk (far away, short or long ago) were left out; check it more often.",
    });
  }
  if (encounters.some(({ uncertainty }) => uncertainty)) {
    warnings.push({
      code: "clock-doubtful",
      message:
        "The token's clock was lost or wrong more than once between two visits, so that the dates of some meetings are uncertain; they were checked for every day in question, but see that its battery sits firmly.",
    });
  } else if (status.clockDoubtful && status.lastInterval > 0) {
    warnings.push(TIME_WAS_LOST);
  }
  if (status.batteryLow) {
    warnings.push({
      code: "battery-low",
      message:
        "The token's battery lasts about two weeks at most; change it now, and then check the token again, because its clock stops without a battery.",
    });
  }
  return warnings;
}
