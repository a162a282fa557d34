/**
 * Schedules as dots: a share against charge.
 *
 * @module
 */
import type { Estimate } from "../../findings/findings.ts";
import { isPrecise } from "../../tune/frontier.ts";
import { releaseIn } from "../../tune/release.ts";
import { FAMILIES, type Family } from "../../tune/trials.ts";
import { REQUIRED_DRAW, REQUIRED_PRECISION, type Tried } from "../../tune/tuning.ts";
import type { Dot, Scatter } from "../drawings.ts";
import type { LegendEntry } from "../figure.ts";
import type { View } from "./scale.ts";

// Any shape may be hollow; a circle is the plainest.
const IMPRECISE: LegendEntry = {
  colour: "hollow",
  sign: "length",
  name: `hollow: less than ${100 * REQUIRED_PRECISION} % of what it concludes is right`,
};

/** Draws a share of the schedules that are in a view, with what is required of it. */
export function scatterOf(
  { shown, draws, shares }: View,
  of: (tried: Tried) => Estimate,
  required: number,
): Scatter {
  const release = releaseIn(shown);
  // The release lies on top.
  const dots = [...shown].reverse().map((each): Dot => {
    const { mean, low, high } = of(each);
    const { draw } = each;
    return {
      sign: each.trial.family,
      x: draw.mean,
      y: mean,
      left: Math.max(draw.low, draws[0]),
      right: Math.min(draw.high, draws[1]),
      low: Math.max(low, shares[0]),
      high,
      isHollow: !isPrecise(each),
    };
  });
  const isWithin = REQUIRED_DRAW >= draws[0] && REQUIRED_DRAW <= draws[1];
  return {
    kind: "scatter",
    x: "mAh a day",
    y: "",
    xs: draws,
    ys: shares,
    dots,
    steps: [],
    names: release ? [{ x: release.draw.mean, y: of(release).mean, name: "release" }] : [],
    across: [{ at: required, name: `required: ${Math.round(100 * required)} %` }],
    upright: isWithin ? [{ at: REQUIRED_DRAW, name: `allowed: ${REQUIRED_DRAW} mAh` }] : [],
  };
}

/** Families that are in a view, in their order, and what it means that a sign is hollow, if one is. */
export function legendOf({ shown }: View): LegendEntry[] {
  const families = new Set(shown.map(({ trial }) => trial.family));
  const entries = (Object.keys(FAMILIES) as Family[])
    .filter((family) => families.has(family))
    .map(
      (family): LegendEntry => ({
        colour: `sign-${family}`,
        sign: family,
        name: FAMILIES[family],
      }),
    );
  return shown.every(isPrecise) ? entries : [...entries, IMPRECISE];
}
