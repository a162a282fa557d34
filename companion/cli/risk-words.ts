/**
 * How the command line shows a risk.
 *
 * @module
 */

import type { Texts } from "../desk/desk-api.ts";
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

/** For people, with what the health authority advises. */
export function riskInWords(risk: Risk, { advice }: Texts): string {
  const days = risk.days.map(
    ({ day, level, minutes, attenuationDb }) =>
      `${dateOfDay(day)}: risk ${level}, ${minutes} minutes, signal ${attenuationDb} dB below what was sent`,
  );
  return [...days, ...advice[risk.level]].join("\n");
}
