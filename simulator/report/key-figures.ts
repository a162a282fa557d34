/**
 * The head of the report: what was run, and what came out, in words.
 *
 * @module
 */
import { html } from "hono/html";
import type { Estimate, Findings, Recognition } from "../findings/findings.ts";
import { livedDays, livedOf } from "../findings/lived.ts";
import type { Table } from "./figure.ts";
import { type Markup, tableMarkup } from "./markup.ts";
import {
  count,
  countOf,
  decimal,
  interval,
  isKnown,
  isSpread,
  milliampereHours,
  percent,
  UNKNOWN,
} from "./numbers.ts";

interface KeyFigure {
  readonly name: string;
  readonly value: string;
  readonly more: string;
}

/** Title, notice of a partial report, what was run, and the key figures. */
export function keyFigures(findings: Findings): Markup {
  const { title, recognition } = findings;
  return html`<header>
<p class="kind">Report of a simulation</p>
<h1>${title}</h1>
${findings.complete ? undefined : partialNotice(findings)}
<p class="lead">${whatWasRun(findings)}</p>
</header>
<section aria-labelledby="key-heading">
<h2 id="key-heading">Key figures</h2>
<dl class="key">
${keyList(findings).map(
  ({
    name,
    value,
    more,
  }) => html`<div><dt>${name}</dt><dd><strong>${value}</strong> <span>${more}</span></dd></div>
`,
)}</dl>
${recognition.length ? tableMarkup(recognitionTable(findings)) : undefined}
</section>`;
}

function partialNotice({ days, daysAsked }: Findings): Markup {
  const [covered, missing] =
    days < daysAsked
      ? [livedOf(days, daysAsked), "days"]
      : ["fewer seeds than were asked for", "seeds"];
  return html`<p class="notice" role="note"><strong>Partial report.</strong> The run was interrupted; this report covers ${covered}. Its figures may change with the ${missing} that are missing.</p>`;
}

function whatWasRun({ persons, days, seeds, board, bundleBytes }: Findings): string {
  const runs =
    seeds.length === 1
      ? `in one run (seed ${seeds[0]})`
      : `in ${seeds.length} runs that differ in chance (seeds ${seeds.join(", ")})`;
  const wore = `${countOf(persons.length, "person")} wore a token for ${livedDays(days)}, ${runs}.`;
  return `${wore} Each token ran the release firmware for the board ${board} (${count(bundleBytes)} bytes) on a simulated board, in simulated air; what the tokens recorded is compared with what was true.`;
}

function keyList(findings: Findings): KeyFigure[] {
  const { recognition, energy, kept, seeds } = findings;
  const ten = recognition.find(({ atLeastMinutes }) => atLeastMinutes === 10);
  const met = ten && ten.contacts > 0 ? ten : undefined;
  const none = "there were no contacts of at least 10 minutes";
  const within = (estimate: Estimate, write: (value: number) => string): string =>
    seeds.length > 1 && isKnown(estimate.mean)
      ? `95 % interval ${interval(estimate, seeds.length, write)}`
      : interval(estimate, seeds.length, write);
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
      name: "Logged exposure minutes that the log still has at the end",
      value: kept.mean > 0 ? percent(kept.mean) : UNKNOWN,
      more: kept.mean > 0 ? within(kept, percent) : "no exposure minutes were logged",
    },
  ];
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
  const written = percent(estimate.mean);
  return seeds > 1 ? `${written} (${interval(estimate, seeds, percent)})` : written;
}
