/**
 * @module
 */
import type { Findings } from "../../findings/findings.ts";
import type { Figure } from "../figure.ts";
import { decimal, isSpread, percent } from "../numbers.ts";

/** How long a warning takes, which depends on how often its wearer comes to a desk. */
export function warning({ warning: habits }: Findings): Figure {
  const id = "warning";
  const heading = "Delay of the warning";
  const known = habits.filter((each) => each.warned > 0 && isSpread(each));
  if (!known.length) {
    return { id, heading, says: "No contact could be warned of, so no delay is known." };
  }
  const quickest = known.reduce((best, each) => (each.median < best.median ? each : best));
  return {
    id,
    heading,
    says: `Wearers learn of an exposure at their next visit. The quickest habit (${quickest.habit}) takes ${decimal(quickest.median, 1)} days from publication to the warning, in the median. Behind each habit stands how many of the contacts that were found are warned of: those that the token still remembers at that visit.`,
    chart: {
      label: "Range chart of days from publication to warning by visit habit",
      drawing: {
        kind: "ranges",
        x: "Days from publication to warning",
        rows: known.map(({ habit, warned, low, median, high }) => ({
          name: `${habit}: ${percent(warned)} of those found`,
          low,
          median,
          high,
        })),
      },
      legend: [
        { colour: "median", name: "median" },
        { colour: "range", name: "10th to 90th percentile" },
      ],
    },
    table: {
      caption: "Days from publication to warning",
      columns: ["Visits", "Warned, of those found", "10th percentile", "Median", "90th percentile"],
      rows: habits.map(({ habit, warned, low, median, high }) => [
        habit,
        percent(warned),
        ...[low, median, high].map((value) => (warned > 0 ? decimal(value, 1) : "none")),
      ]),
    },
  };
}
