/**
 * What stands behind the pictures of schedules: what their words mean.
 *
 * @module
 */
import { CONTACT_METRES } from "../../scenarios/scenario.ts";
import { MINUTES, REQUIRED_PRECISION, type Tuning } from "../../tune/tuning.ts";
import { footMarkup, type Term } from "../foot.ts";
import type { Markup } from "../markup.ts";
import { count } from "../numbers.ts";

/** Definitions, and which program wrote the page. */
export function tuningFoot({ thresholdDecibels, version }: Tuning, program: string): Markup {
  const terms: readonly Term[] = [
    [
      "Recall and precision",
      `A true contact of at least ${MINUTES} minutes within ${CONTACT_METRES} m is found when a clinic desk concludes one of at least half as long from a token's log. A concluded one is right when the two really were near each other for at least half as long. The desk takes a sighting for a near one up to ${count(thresholdDecibels)} dB of attenuation.`,
    ],
    [
      "Frontier",
      `Schedules to which no other that was tried finds as many contacts for less charge, by the means over seeds. Only those count of which at least ${100 * REQUIRED_PRECISION} % of what they conclude is right: others would find many for little charge by being wrong often. Where intervals overlap, chance alone may have put a schedule there.`,
    ],
    [
      "95 % interval",
      "Where the mean over seeds lies with a probability of 95 % (Student's t), drawn as a thin line through a sign as far as the picture reaches. It does not say how far the simulation is from reality.",
    ],
    [
      "Charge",
      "Worked out from what the firmware did and from published currents of the board's parts, not measured on hardware.",
    ],
  ];
  return footMarkup(terms, `${program}, from a comparison of version ${version}`);
}
