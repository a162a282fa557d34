/**
 * What stands behind the pictures of schedules: what their words mean.
 *
 * @module
 */
import { REQUIRED_PRECISION, type Tuning } from "../../tune/tuning.ts";
import { CHARGE_MEANING, recognitionTerms } from "../definitions.ts";
import { footMarkup } from "../foot.ts";
import type { Markup } from "../markup.ts";

/** Definitions, and which program wrote the page. */
export function tuningFoot({ thresholdDecibels, version }: Tuning, program: string): Markup {
  return footMarkup(
    [
      ...recognitionTerms(thresholdDecibels),
      [
        "Frontier",
        `Schedules to which no other that was tried finds as many contacts for less charge, by the means over seeds. Only those count of which at least ${100 * REQUIRED_PRECISION} % of what they conclude is right: others would find many for little charge by being wrong often. Where intervals overlap, chance alone may have put a schedule there.`,
      ],
      [
        "95 % interval",
        "Where the mean over seeds lies with a probability of 95 % (Student's t), drawn as a thin line through a sign as far as the picture reaches. It does not say how far the simulation is from reality.",
      ],
      ["Charge", CHARGE_MEANING],
    ],
    `${program}, from a comparison of version ${version}`,
  );
}
