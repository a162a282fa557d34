/**
 * What the terminal says after a run.
 *
 * @module
 */
import { ACCOUNTS, CAUSES } from "../energy/account.ts";
import { ACCOUNT_NAMES } from "./account-names.ts";
import type { Estimate, Findings, Recognition, Spread } from "./findings.ts";
import { livedDays, livedOf } from "./lived.ts";
import { EXPOSED_MINUTES, RIGHT_MINUTES } from "./risk-days.ts";
import { FIRST_PUBLICATION_DAYS, LAST_PUBLICATION_DAYS } from "./warning.ts";

/** As many as any terminal has. */
const COLUMNS = 80;

/** Findings as lines of text; what could not be counted says "none". */
export function findingsText(findings: Findings): string {
  const blocks = [
    headLines(findings),
    recognitionTable(findings),
    riskTable(findings),
    logLines(findings),
    energyTable(findings),
    warningTable(findings),
    wrapped(speedLine(findings)),
    limitLines(findings),
  ];
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function headLines({ title, persons, board, bundleBytes, ...rest }: Findings): string[] {
  const { seeds, days, daysAsked, complete } = rest;
  return [
    title,
    `${number(persons.length)} tokens, ${livedDays(days)}, ${plural(seeds.length, "seed")}; ` +
      `${board}, bundle of ${number(bundleBytes)} bytes`,
    ...(complete ? [] : [interruption(days, daysAsked)]),
  ];
}

function interruption(days: number, daysAsked: number): string {
  return days < daysAsked
    ? `Interrupted: these are findings of ${livedOf(days, daysAsked)} only.`
    : "Interrupted: these are findings of fewer seeds than were asked for.";
}

function recognitionTable({ recognition, pairs, ...errors }: Findings): string[] {
  const { durationError, durationErrors } = errors;
  // Where nobody met, false alarms are still to be seen.
  const anyConcluded = pairs.some(({ concluded }) => concluded > 0);
  const row = (name: string, cell: (each: Recognition) => string): string[] => [
    name,
    ...recognition.map(cell),
  ];
  const share = (name: string, of: (each: Recognition) => Estimate, any = false): string[] =>
    row(name, (each) => (any || each.contacts > 0 ? percent(of(each)) : "none"));
  const error =
    durationErrors.length > 0 ? `${spread(durationError, signed)} min` : "none was found";
  return [
    ...table([
      row("Contacts within 2 m", ({ atLeastMinutes }) => `${atLeastMinutes} minutes or more`),
      row("  true ones in a seed", ({ contacts }) =>
        contacts > 0 ? number(Math.round(contacts)) : "none",
      ),
      share("  found (recall)", ({ recall }) => recall),
      share("  right (precision)", ({ precision }) => precision, anyConcluded),
      share("  found, strictly", ({ strictRecall }) => strictRecall),
      share("  right, strictly", ({ strictPrecision }) => strictPrecision, anyConcluded),
    ]),
    `Duration, concluded less true:  ${error}`,
  ];
}

function riskTable({ riskDays }: Findings): string[] {
  const { exposed, shown, recall, precision } = riskDays;
  return table([
    ["Shown at a desk (risk model)", "days with one person"],
    [
      `  ${EXPOSED_MINUTES} minutes or more in a seed`,
      exposed > 0 ? number(Math.round(exposed)) : "none",
    ],
    ["  shown as high (recall)", exposed > 0 ? percent(recall) : "none"],
    ["  right (precision)", shown > 0 ? percent(precision) : "none"],
  ]);
}

function logLines({ kept, fill, slots }: Findings): string[] {
  const last = fill.at(-1);
  return table([
    ["Exposure minutes kept", kept.mean > 0 ? percent(kept) : "none were heard"],
    [
      "Slots of the log in use at the end",
      last ? `${spread(last, whole)} of ${number(slots)}` : "none",
    ],
  ]);
}

function energyTable({ energy }: Findings): string[] {
  const { account, accounts, wearers, cell, capacity, lasts } = energy;
  if (wearers.length === 0) return ["Energy: none was drawn."];
  return [
    ...table([
      ["Energy, mAh a day", ...ACCOUNTS.map((name) => ACCOUNT_NAMES[name])],
      ...CAUSES.map((cause) => [
        `  ${cause}`,
        ...ACCOUNTS.map((name) => interval(accounts[name].causes[cause], 3)),
      ]),
      ["  in all", ...ACCOUNTS.map((name) => interval(accounts[name].total, 3))],
    ]),
    ...wrapped(
      `By ${ACCOUNT_NAMES[account]}, and the others give no more, a ${cell} of ${number(capacity)} mAh lasts ${spread(lasts, whole)} days.`,
    ),
  ];
}

function warningTable({ warning }: Findings): string[] {
  return table([
    ["Visits to a desk", "warned, of those found", "days from publication to warning"],
    ...warning.map(({ habit, warned, ...delay }) => [
      `  ${habit}`,
      warned > 0 ? `${fixed(100 * warned, 1)} %` : "none",
      warned > 0 ? spread(delay, (value) => fixed(value, 1)) : "none",
    ]),
  ]);
}

function speedLine({ speed }: Findings): string {
  const { wallSeconds, workers, tokenDaysPerSecond, timesRealTime } = speed;
  return (
    `Took ${fixed(wallSeconds, 1)} s with ${plural(workers, "worker")}: ` +
    `${fixed(tokenDaysPerSecond, 1)} token-days a second, ${whole(timesRealTime)} times real time.`
  );
}

function limitLines({ thresholdDecibels }: Findings): string[] {
  const limits = [
    `A contact counts as one within 2 m when its mean attenuation is at most ${thresholdDecibels} dB; single sightings may be 4 dB weaker.`,
    "A contact is found when at least half of its minutes are concluded between ten minutes before and after it; strictly, at least 10 or 15 minutes as well.",
    "A concluded contact is right when at least half of its minutes were truly within 2 m, by the same margin; strictly, at least 10 or 15 minutes as well.",
    "True contacts may pause for a minute, concluded ones for less than an interval of ten minutes; each pair counts twice, once by each token's log.",
    `A desk shows a day with one person when the default risk model calls it high, which is what one key published after a positive test can do; that is right when at least ${RIGHT_MINUTES} minutes of the day were within 2 m.`,
    "Kept is the share of the exposure minutes that a token's scans heard, weighted as in the risk model, which its log holds at the end.",
    `Warnings assume that the other person publishes ${FIRST_PUBLICATION_DAYS} to ${LAST_PUBLICATION_DAYS} days after each contact that was found, and that exports appear hourly.`,
    "In brackets are 95 % intervals over seeds, none for a single seed and where nothing of them can be seen; where it says (a to b) after a median, 80 % lie between.",
  ];
  return limits.flatMap(wrapped);
}

// A line for a terminal, with what goes on behind it moved in.
function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line && line.length + 1 + word.length > COLUMNS) {
      lines.push(line);
      line = `  ${word}`;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line];
}

// First column to the left, others to the right.
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("   "),
  );
}

function percent({ mean, low, high }: Estimate): string {
  return `${interval({ mean: 100 * mean, low: 100 * low, high: 100 * high }, 1)} %`;
}

function interval({ mean, low, high }: Estimate, digits: number): string {
  const least = 10 ** -digits;
  if (mean > 0 && high < least / 2) return `under ${least}`;
  if (fixed(low, digits) === fixed(high, digits)) return fixed(mean, digits);
  return `${fixed(mean, digits)} [${fixed(low, digits)}, ${fixed(high, digits)}]`;
}

function spread({ low, median, high }: Spread, text: (value: number) => string): string {
  return `${text(median)} (${text(low)} to ${text(high)})`;
}

function signed(value: number): string {
  const text = fixed(value, 1);
  return value < 0 || Number(text) === 0 ? text.replace(/^-(?=0\.0$)/, "") : `+${text}`;
}

function whole(value: number): string {
  return number(Math.round(value));
}

function fixed(value: number, digits: number): string {
  return value.toFixed(digits);
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}

function plural(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? "" : "s"}`;
}
