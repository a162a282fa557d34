/**
 * @module
 */
import type { Findings } from "../../findings/findings.ts";
import type { Figure } from "../figure.ts";
import { count, isKnown, percent } from "../numbers.ts";

/** Recall against precision: what a desk would conclude at other thresholds. */
export function thresholds(findings: Findings): Figure {
  const id = "thresholds";
  const heading = "The choice of the threshold";
  const chosen = findings.thresholdDecibels;
  const points = findings.thresholds
    .filter(({ recall, precision }) => isKnown(recall) && isKnown(precision))
    .map(({ decibels, recall, precision }) => ({ x: decibels, recall, precision }));
  if (points.length < 2) {
    return { id, heading, says: "No thresholds but the chosen one could be compared." };
  }
  const lowest = Math.min(...points.flatMap(({ recall, precision }) => [recall, precision]));
  return {
    id,
    heading,
    says: `The desk takes a contact of up to ${count(chosen)}\u00a0dB of mean attenuation for one within 2 m. A higher threshold finds more of the contacts of 10 minutes or more, but more of what is concluded then is wrong.`,
    chart: {
      label: "Line chart of recall and precision by threshold",
      drawing: {
        kind: "lines",
        x: "Threshold (dB)",
        from: Math.max(0, Math.floor(lowest * 10) / 10),
        points,
        rule: { at: chosen, name: `chosen: ${count(chosen)} dB` },
      },
      legend: [
        { colour: "recall", name: "recall" },
        { colour: "precision", name: "precision" },
      ],
    },
    table: {
      caption: "Recall and precision of contacts of 10 minutes or more",
      columns: ["Threshold", "Recall", "Precision"],
      rows: points.map(({ x, recall, precision }) => [
        `${count(x)}\u00a0dB${x === chosen ? " (chosen)" : ""}`,
        percent(recall),
        percent(precision),
      ]),
    },
  };
}
