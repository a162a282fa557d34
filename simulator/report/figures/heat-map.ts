/**
 * @module
 */
import type { Findings } from "../../findings/findings.ts";
import type { Figure, LegendEntry } from "../figure.ts";
import { count, countOf } from "../numbers.ts";
import { personOrder } from "./person-order.ts";

/** More than these cannot be told apart in a picture. */
const MOST_PERSONS = 100;
/** As many pairs as a reader of the table goes through. */
const MOST_ROWS = 40;
/** Minutes from which on a darker colour is used: always the same, so that reports can be compared. */
const LIMITS = [5, 15, 60, 240, 960] as const;
const LEGEND: readonly LegendEntry[] = [
  "under 5 min",
  "5 to 15 min",
  "15 to 60 min",
  "1 to 4 h",
  "4 to 16 h",
  "16 h or more",
].map((name, index) => ({ colour: `heat-${index}`, name }));

type Pair = Findings["pairs"][number];

/** Who was with whom, and who was so by the tokens' records. */
export function heatMap({ pairs, persons }: Findings): Figure {
  const id = "pairs";
  const heading = "Who was near whom";
  const met = pairs.filter(({ truth, concluded }) => truth > 0 || concluded > 0);
  if (!met.length) {
    return { id, heading, says: "In the first seed nobody came within 2 m of anybody." };
  }
  const company = persons.map(() => 0);
  for (const { a, b, truth, concluded } of met) {
    for (const each of [a, b]) company[each]! += Math.max(truth, concluded);
  }
  const everybody = [...persons.keys()].filter((person) => company[person]! > 0);
  const shown = everybody.sort((a, b) => company[b]! - company[a]!).slice(0, MOST_PERSONS);
  const order = personOrder(
    shown,
    met.map(({ a, b, truth, concluded }) => ({ a, b, minutes: Math.max(truth, concluded) })),
  );
  const places = new Map(order.map((person, place) => [person, place]));
  return {
    id,
    heading,
    says: sentence(met, everybody.length > shown.length),
    chart: {
      label: `Heat map of the minutes that ${countOf(shown.length, "person")} spent within 2 m of each other`,
      drawing: {
        kind: "heat-map",
        persons: order.map((person) => persons[person]!),
        pairs: met
          .filter(({ a, b }) => places.has(a) && places.has(b))
          .map(({ a, b, truth, concluded }) => ({
            row: Math.min(places.get(a)!, places.get(b)!),
            column: Math.max(places.get(a)!, places.get(b)!),
            truth: Math.round(truth),
            concluded: Math.round(concluded),
          })),
        limits: LIMITS,
      },
      legend: LEGEND,
    },
    table: pairTable(met, persons),
  };
}

function sentence(met: readonly Pair[], isCut: boolean): string {
  const truly = met.filter(({ truth }) => truth > 0);
  const truth = met.reduce((sum, pair) => sum + pair.truth, 0);
  const concluded = met.reduce((sum, pair) => sum + pair.concluded, 0);
  return [
    `In the first seed ${countOf(truly.length, "pair")} came within 2 m of each other, for ${count(truth / 60)} hours in all; their tokens concluded ${count(concluded / 60)} hours.`,
    "Above the diagonal is what was true, below it what was concluded: of a good record they are mirror images. Persons with the same company stand side by side.",
    ...(isCut ? [`Shown are the ${MOST_PERSONS} persons with the most contact.`] : []),
  ].join(" ");
}

function pairTable(met: readonly Pair[], persons: readonly string[]) {
  const longest = [...met].sort((a, b) => b.truth - a.truth).slice(0, MOST_ROWS);
  const few = longest.length < met.length;
  return {
    caption: few
      ? `The ${MOST_ROWS} of ${count(met.length)} pairs that were together longest`
      : "All pairs that were together",
    columns: ["Pair", "Minutes, true", "Minutes, concluded"],
    rows: longest.map(({ a, b, truth, concluded }) => [
      `${persons[a]} and ${persons[b]}`,
      count(truth),
      count(concluded),
    ]),
  };
}
