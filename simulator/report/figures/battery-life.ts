/**
 * @module
 */
import type { Findings } from "../../findings/findings.ts";
import type { Figure } from "../figure.ts";
import { count, countOf, isSpread } from "../numbers.ts";
import { histogramOf } from "./histogram-of.ts";

/** How long the cell lasts, which differs with what wearers do. */
export function batteryLife({ energy: { days, cell, capacity, lasts } }: Findings): Figure {
  const id = "battery";
  const heading = "Battery life";
  if (!days.length || !isSpread(lasts)) {
    return { id, heading, says: "No token was on long enough to say how long its cell lasts." };
  }
  const bars = histogramOf(days);
  return {
    id,
    heading,
    says: `A ${cell} of ${count(capacity)}\u00a0mAh lasts ${count(lasts.median)} days (the median over wearers); for eight wearers in ten it lasts between ${count(lasts.low)} and ${count(lasts.high)} days.`,
    chart: {
      label: `Histogram of the days that a cell lasts, over ${countOf(days.length, "wearer")}`,
      drawing: {
        kind: "histogram",
        x: "Days on one cell",
        y: "Wearers of all seeds",
        bars,
        rules: [{ at: lasts.median, name: `median ${count(lasts.median)}` }],
      },
    },
    table: {
      caption: "Wearers by days on one cell",
      columns: ["Days", "Wearers"],
      rows: bars.map((bar) => [`${count(bar.from)} to ${count(bar.to)}`, count(bar.count)]),
    },
  };
}
