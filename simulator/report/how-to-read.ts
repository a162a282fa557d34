/**
 * What the report's words mean; the definitions are those of findings.ts.
 *
 * @module
 */
import type { Findings } from "../findings/findings.ts";
import { CONTACT_METRES, CONTACT_PAUSE_SECONDS } from "../scenarios/scenario.ts";
import { footMarkup } from "./foot.ts";
import type { Markup } from "./markup.ts";
import { count } from "./numbers.ts";

const TERMS: readonly (readonly [string, (findings: Findings) => string])[] = [
  [
    "Contact",
    () =>
      `Two persons within ${CONTACT_METRES} m of each other with no wall between them, as the scenario has it. A contact goes on when it pauses no longer than ${CONTACT_PAUSE_SECONDS} seconds. Contacts are counted from both sides: each has two tokens that can find it.`,
  ],
  [
    "Concluded",
    ({ thresholdDecibels }) =>
      `What a clinic desk makes of a token's log. Sightings that follow each other are one contact, and it takes it for one within ${CONTACT_METRES} m when its mean attenuation (how much weaker the signal arrives than it was sent) is at most ${count(thresholdDecibels)} dB.`,
  ],
  [
    "Found (recall)",
    () =>
      "A true contact of at least so many minutes is found when the desk concludes a contact of at least half as long. Recall is the share of true contacts that are found.",
  ],
  [
    "Right (precision)",
    () =>
      "A concluded contact of at least so many minutes is right when the two really were within 2 m for at least half as long. Precision is the share of concluded contacts that are right.",
  ],
  [
    "Strict",
    () =>
      "The same without that tolerance: concluded, and true, at least that long. A contact of 10 minutes that is concluded as one of 9 is found, but not strictly.",
  ],
  [
    "95 % interval",
    () =>
      "Each seed is a run of the same scenario with other chance in radio and timing. The interval is where the mean over such runs lies with a probability of 95 % (Student's t). It does not say how far the simulation is from reality.",
  ],
  [
    "Kept",
    () =>
      "The share of the exposure minutes that tokens had logged which their logs still have at the end, after the log made room for what was new.",
  ],
  [
    "Charge",
    ({ energy }) =>
      `Worked out from what the firmware did and from published currents of the board's parts, not measured on hardware. Days on a cell (${energy.cell}, ${count(energy.capacity)} mAh) take what it loses by itself into account.`,
  ],
];

/** Definitions, and which program wrote the report. */
export function howToRead(findings: Findings, program: string): Markup {
  return footMarkup(
    TERMS.map(([term, meaning]) => [term, meaning(findings)]),
    `${program}, from findings of version ${findings.version}`,
  );
}
