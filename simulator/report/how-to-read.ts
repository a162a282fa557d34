/**
 * What the report's words mean.
 *
 * @module
 */
import type { Findings } from "../findings/findings.ts";
import { CONTACT_METRES, CONTACT_PAUSE_SECONDS } from "../scenarios/scenario.ts";
import { CHARGE_MEANING, recognitionTerms, SHOWN_TERM } from "./definitions.ts";
import { footMarkup } from "./foot.ts";
import type { Markup } from "./markup.ts";
import { count } from "./numbers.ts";

/** Definitions, and which program wrote the report. */
export function howToRead(
  { thresholdDecibels, energy, version }: Findings,
  program: string,
): Markup {
  return footMarkup(
    [
      [
        "Contact",
        `Two persons within ${CONTACT_METRES} m of each other with no wall between them, as the scenario has it. A contact goes on when it pauses no longer than ${CONTACT_PAUSE_SECONDS} seconds. Contacts are counted from both sides: each has two tokens that can find it.`,
      ],
      ...recognitionTerms(thresholdDecibels),
      [
        "Strict",
        "Found, or right, and besides concluded, or true, for at least that many minutes. A contact of 10 minutes of which 9 are concluded is found, but not strictly.",
      ],
      SHOWN_TERM,
      [
        "95 % interval",
        "Each seed is a run of the same scenario with other chance in radio and timing. The interval is where the mean over such runs lies with a probability of 95 % (Student's t). It does not say how far the simulation is from reality.",
      ],
      [
        "Kept",
        "The share of the exposure minutes that a token's scans heard, weighted as in the risk model, which its log holds at the end. For the rest the log had no room.",
      ],
      [
        "Charge",
        `${CHARGE_MEANING} Days on a cell (${energy.cell}, ${count(energy.capacity)} mAh) take what it loses by itself into account.`,
      ],
    ],
    `${program}, from findings of version ${version}`,
  );
}
