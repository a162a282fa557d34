/**
 * How the command line shows a risk.
 *
 * @module
 */

import { ADVICE } from "../risk/advice.ts";
import { dateOfDay } from "../risk/date-of-day.ts";
import type { Risk } from "../risk/risk.ts";

/** For programs. */
export function riskInJson(risk: Risk): object {
  return {
    level: risk.level,
    days: risk.days.map(({ day, level, minutes, attenuationDb }) => ({
      date: dateOfDay(day),
      level,
      durationMinutes: minutes,
      attenuationDb,
    })),
  };
}

/** For people. */
export function riskInWords(risk: Risk): string {
  const days = risk.days.map(
    ({ day, level, minutes, attenuationDb }) =>
      `${dateOfDay(day)}: risk ${level}, ${minutes} minutes, signal ${attenuationDb} dB below what was sent`,
  );
  return [...days, ADVICE[risk.level]].join("\n");
}
