/**
 * @module
 */
import type { Findings } from "../../findings/findings.ts";
import { CONTACT_METRES } from "../../scenarios/scenario.ts";
import type { Figure } from "../figure.ts";
import { count, decimal, isSpread } from "../numbers.ts";

/** What distance does to the signal, and how little a single sighting says. */
export function attenuation({ attenuation: classes, thresholdDecibels }: Findings): Figure {
  const id = "attenuation";
  const heading = "Attenuation by distance";
  const seen = classes.filter((each) => each.count > 0 && isSpread(each));
  if (!seen.length) return { id, heading, says: "No token saw another one." };
  const sightings = seen.reduce((sum, each) => sum + each.count, 0);
  return {
    id,
    heading,
    says: `The mean attenuation of ${count(sightings)} sightings by true distance. The band holds eight in ten of them; where it lies on both sides of the threshold, one sighting alone cannot tell who is within 2 m.`,
    chart: {
      label: "Band chart of attenuation by distance",
      drawing: {
        kind: "band",
        x: "True distance (m)",
        y: "Attenuation (dB)",
        fromZero: false,
        points: seen.map(({ metres, low, median, high }) => ({ x: metres, low, median, high })),
        across: [{ at: thresholdDecibels, name: `threshold ${count(thresholdDecibels)} dB` }],
        upright: [{ at: CONTACT_METRES, name: `${CONTACT_METRES} m` }],
      },
      legend: [
        { colour: "median", name: "median" },
        { colour: "band", name: "10th to 90th percentile" },
      ],
    },
    table: {
      caption: "Attenuation in dB by distance",
      columns: ["Distance", "Sightings", "10th percentile", "Median", "90th percentile"],
      rows: seen.map((each) => [
        `${decimal(each.metres, 2)}\u00a0m`,
        count(each.count),
        ...[each.low, each.median, each.high].map((value) => decimal(value, 1)),
      ]),
    },
  };
}
