/**
 * The head of the report: what was run, and what came out, in words.
 *
 * @module
 */
import type { Estimate, Findings, Recognition } from "../findings/findings.ts";
import { livedDays, livedOf } from "../findings/lived.ts";
import { EXPOSED_MINUTES } from "../findings/risk-days.ts";
import type { Table } from "./figure.ts";
import { headMarkup, type KeyFigure, runsInWords } from "./head.ts";
import { type Markup, tableMarkup } from "./markup.ts";
import {
  count,
  countOf,
  decimal,
  intervalInWords,
  isKnown,
  isSpread,
  milliampereHours,
  percent,
  percentWithin,
  UNKNOWN,
} from "./numbers.ts";

/** Title, notice of a partial report, what was run, and the key figures. */
export function keyFigures(findings: Findings): Markup {
  const { title, recognition, complete } = findings;
  return headMarkup({
    kind: "Report of a simulation",
    title,
    partial: complete ? undefined : whyPartial(findings),
    whatWasRun: whatWasRun(findings),
    figures: keyList(findings),
    below: recognition.length ? tableMarkup(recognitionTable(findings)) : undefined,
  });
}

function whyPartial({ days, daysAsked }: Findings): string {
  const [covered, missing] =
    days < daysAsked
      ? [livedOf(days, daysAsked), "days"]
      : ["fewer seeds than were asked for", "seeds"];
  return `The run was interrupted; this report covers ${covered}. Its figures may change with the ${missing} that are missing.`;
}

function whatWasRun({ persons, days, seeds, board, bundleBytes }: Findings): string {
  const wore = `${countOf(persons.length, "person")} wore a token for ${livedDays(days)}, ${runsInWords(seeds)}.`;
  return `${wore} Each token ran the release firmware for the board ${board} (${count(bundleBytes)} bytes) on a simulated board, in simulated air; what the tokens recorded is compared with what was true.`;
}

function keyList(findings: Findings): KeyFigure[] {
  const { recognition, energy, kept, seeds } = findings;
  const ten = recognition.find(({ atLeastMinutes }) => atLeastMinutes === 10);
  const met = ten && ten.contacts > 0 ? ten : undefined;
  const none = "there were no contacts of at least 10 minutes";
  const within = (estimate: Estimate, write: (value: number) => string): string =>
    intervalInWords(estimate, seeds.length, write);
  const { lasts, total, cell } = energy;
  const wasOn = total.mean > 0;
  const lives = wasOn && isSpread(lasts);
  return [
    {
      name: "Recall: contacts of at least 10 minutes that are found",
      value: met ? percent(met.recall.mean) : UNKNOWN,
      more: met ? within(met.recall, percent) : none,
    },
    {
      name: "Precision: concluded contacts of at least 10 minutes that are right",
      value: met ? percent(met.precision.mean) : UNKNOWN,
      more: met ? within(met.precision, percent) : none,
    },
    shownAtDesk(findings),
    {
      name: "Charge a day",
      value: wasOn ? milliampereHours(total.mean) : UNKNOWN,
      more: wasOn ? within(total, milliampereHours) : "no token was on long enough",
    },
    {
      name: `Time on one ${cell}`,
      value: lives ? `${count(lasts.median)} days` : UNKNOWN,
      more: lives
        ? `for eight wearers in ten ${count(lasts.low)} to ${count(lasts.high)} days`
        : "no token was on long enough",
    },
    {
      name: "Exposure minutes heard that the log holds at the end",
      value: kept.mean > 0 ? percent(kept.mean) : UNKNOWN,
      more: kept.mean > 0 ? within(kept, percent) : "no exposure minutes were heard",
    },
  ];
}

function shownAtDesk({ riskDays, seeds }: Findings): KeyFigure {
  const { exposed, shown, recall, precision } = riskDays;
  const right =
    shown > 0 && isKnown(precision.mean)
      ? `; ${percentWithin(precision, seeds.length)} of the days shown are right`
      : "";
  return {
    name: `Days of at least ${EXPOSED_MINUTES} minutes with one person that are shown at a desk (risk model)`,
    value: exposed > 0 ? percent(recall.mean) : UNKNOWN,
    more:
      exposed > 0
        ? `${intervalInWords(recall, seeds.length, percent)}${right}`
        : `there were no days of at least ${EXPOSED_MINUTES} minutes with anybody${right}`,
  };
}

function recognitionTable({ recognition, seeds }: Findings): Table {
  const rows: readonly (readonly [string, (each: Recognition) => Estimate])[] = [
    ["Recall", (each) => each.recall],
    ["Precision", (each) => each.precision],
    ["Strict recall", (each) => each.strictRecall],
    ["Strict precision", (each) => each.strictPrecision],
  ];
  return {
    caption: "Recognition of contacts",
    columns: [
      "Contacts within 2 m",
      ...recognition.map((each) => `At least ${each.atLeastMinutes} minutes`),
    ],
    rows: [
      ["True contacts in a seed", ...recognition.map(({ contacts }) => countOrMean(contacts))],
      ...rows.map(([name, of]) => [
        name,
        ...recognition.map((each) => withInterval(of(each), each.contacts, seeds.length)),
      ]),
    ],
  };
}

// A mean over seeds need not be whole.
const countOrMean = (value: number): string =>
  Number.isInteger(value) || value >= 100 ? count(value) : decimal(value, 1);

function withInterval(estimate: Estimate, contacts: number, seeds: number): string {
  if (!contacts || !isKnown(estimate.mean)) return "no contacts";
  return percentWithin(estimate, seeds);
}
