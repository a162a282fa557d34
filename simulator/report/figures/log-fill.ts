/**
 * @module
 */
import type { Findings } from "../../findings/findings.ts";
import type { Figure } from "../figure.ts";
import { count, isSpread, percent } from "../numbers.ts";

/** How full the logs get. */
export function logFill({ fill, slots }: Findings): Figure {
  const id = "log";
  const heading = "Log in use";
  const nights = fill.filter(isSpread);
  const last = nights.at(-1);
  if (!last)
    return { id, heading, says: "No midnight was lived through, so no log was looked at." };
  return {
    id,
    heading,
    says: `A log has room for ${count(slots)} slots. At the last midnight half of the wearers use ${count(last.median)} or fewer (${percent(last.median / slots)}), nine in ten ${count(last.high)} or fewer (${percent(last.high / slots)}).`,
    chart: {
      label: "Band chart of slots in use by day",
      drawing: {
        kind: "band",
        x: "Midnight after day",
        y: "Slots in use",
        fromZero: true,
        points: nights.map(({ day, low, median, high }) => ({ x: day + 1, low, median, high })),
        across: [{ at: slots, name: `${count(slots)} slots fit` }],
        upright: [],
      },
      legend: [
        { colour: "median", name: "median" },
        { colour: "band", name: "10th to 90th percentile of wearers" },
      ],
    },
    table: {
      caption: `Slots in use at midnight, of ${count(slots)}`,
      columns: ["After day", "10th percentile", "Median", "90th percentile"],
      rows: nights.map(({ day, low, median, high }) => [
        count(day + 1),
        ...[low, median, high].map(count),
      ]),
    },
  };
}
