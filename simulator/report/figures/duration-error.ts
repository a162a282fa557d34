/**
 * @module
 */
import type { Findings } from "../../findings/findings.ts";
import type { Figure } from "../figure.ts";
import { count, countOf, decimal, isSpread } from "../numbers.ts";

/** How far the picture reaches, beyond where eight errors in ten are, in widths of that. */
const TAILS = 2;

type Class = Findings["durationErrors"][number];

/** How far the concluded duration of contacts is from the true one. */
export function durationError({ durationError: spread, durationErrors }: Findings): Figure {
  const id = "duration-error";
  const heading = "Error of the duration";
  const classes = [...durationErrors].sort((a, b) => a.minutes - b.minutes);
  if (!classes.some(({ contacts }) => contacts > 0) || !isSpread(spread)) {
    return { id, heading, says: "No contact of 10 minutes or more was found." };
  }
  const { low, median, high } = spread;
  const width = classWidth(classes.map(({ minutes }) => minutes));
  const reach = TAILS * Math.max(high - low, width);
  const shown = classes.filter(({ minutes }) => minutes >= low - reach && minutes <= high + reach);
  const beyond = total(classes) - total(shown);
  const few = beyond
    ? ` ${countOf(beyond, "error")} beyond the picture ${beyond === 1 ? "is" : "are"} in the table.`
    : "";
  return {
    id,
    heading,
    says: `The median error of the duration of found contacts of 10 minutes or more is ${decimal(median, 1)} minutes; eight errors in ten lie between ${decimal(low, 1)} and ${decimal(high, 1)} minutes. Contacts left of 0 are concluded too short.${few}`,
    chart: {
      label: "Histogram of concluded less true minutes",
      drawing: {
        kind: "histogram",
        x: "Concluded less true minutes",
        y: "Contacts",
        bars: shown.map(({ minutes, contacts }) => ({
          from: minutes - width / 2,
          to: minutes + width / 2,
          count: contacts,
        })),
        rules: [
          { at: low, name: "10 %" },
          { at: median, name: "median" },
          { at: high, name: "90 %" },
        ],
      },
    },
    table: {
      caption: "Found contacts by error of their duration",
      columns: ["Concluded less true minutes", "Contacts"],
      rows: classes
        .filter(({ contacts }) => contacts > 0)
        .map(({ minutes, contacts }) => [
          Number.isInteger(minutes) ? count(minutes) : decimal(minutes, 1),
          count(contacts),
        ]),
    },
  };
}

const total = (classes: readonly Class[]): number =>
  classes.reduce((sum, { contacts }) => sum + contacts, 0);

// Classes that nothing is in may be left out, so the narrowest gap is a class.
function classWidth(middles: readonly number[]): number {
  const gaps = middles.slice(1).map((each, index) => each - middles[index]!);
  return gaps.length ? Math.min(...gaps) : 1;
}
