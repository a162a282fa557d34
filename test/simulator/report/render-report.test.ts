import { expect, test } from "vitest";
import type { Findings } from "../../../simulator/findings/findings.ts";
import { recognitionTerms, SHOWN_TERM } from "../../../simulator/report/definitions.ts";
import { renderReport } from "../../../simulator/report/render-report.ts";
import { emptyFindings } from "../../support/report/empty-findings.ts";
import { sampleFindings } from "../../support/report/sample-findings.ts";
import { expectLoadsNothing, expectOwnPolicy } from "../../support/report/self-contained.ts";
import { contentsOf, drawingsOf, wordsOf } from "../../support/report/written-page.ts";

const HEADINGS = [
  "Key figures",
  "Who was near whom",
  "Contacts found, by duration",
  "Contacts found, by distance",
  "The choice of the threshold",
  "Error of the duration",
  "Attenuation by distance",
  "Energy by cause",
  "Battery life",
  "Log in use",
  "Delay of the warning",
  "A token's day",
  "Speed of the simulation",
  "How to read this report",
];
const sample = sampleFindings();
const report = renderReport(sample);

test("the sections stand in their order", () => {
  expect(contentsOf(report, "h2").map(wordsOf)).toEqual(HEADINGS);
});

test("it loads nothing, and its policy permits its own script and style alone", () => {
  expectLoadsNothing(report);
  expectOwnPolicy(report);
});

test("links lead to figures, and no name is given twice", () => {
  const ids = Array.from(report.matchAll(/\sid="([^"]*)"/g), ([, id]) => id!);
  expect(new Set(ids).size).toBe(ids.length);
  const links = Array.from(report.matchAll(/href="#([^"]*)"/g), ([, to]) => to!);
  expect(links).toHaveLength(12);
  for (const to of links) expect(ids).toContain(to);
});

test("the key figures are said in words", () => {
  const said = wordsOf(report);
  for (const each of [
    "92 persons wore a token for 11 days, in 5 runs",
    "99.2 % 95 % interval 98.9 to 99.5 %",
    "96.1 % 95 % interval 95.7 to 96.6 %",
    "shown at a desk (risk model) 98.5 % 95 % interval 97.9 to 99.1 %; 95.7 % (94.9 to 96.5 %) of the days shown are right",
    "1.12 mAh 95 % interval 1.11 to 1.13 mAh",
    "197 days for eight wearers in ten 186 to 209 days",
    "99.9 % 95 % interval 99.8 to 100.0 %",
    "Written by saqbol-token 0.1.0, from findings of version 1.",
  ]) {
    expect(said).toContain(each);
  }
  expect(said).not.toContain("Partial report");
});

test("without scripts every figure with a chart has its numbers in an open table", () => {
  const figures = contentsOf(report, "figure");
  expect(figures).toHaveLength(12);
  const charts = figures.filter((figure) => figure.includes("data-drawing"));
  expect(charts).toHaveLength(11);
  for (const figure of charts) {
    expect(figure).toMatch(/<div class="picture" hidden>/);
    expect(figure).toMatch(/<details open>[\s\S]*<table>[\s\S]*<td>/);
  }
  expect(wordsOf(report)).toContain("5 to 10 min 5,120 4,812 94.0 %");
});

test("the data that charts are drawn from are JSON", () => {
  const drawings: Record<string, { kind: string }> = drawingsOf(report);
  expect(Object.values(drawings).map(({ kind }) => kind)).toEqual([
    "heat-map",
    "shares",
    "shares",
    "lines",
    "histogram",
    "band",
    "stack",
    "histogram",
    "band",
    "ranges",
    "timeline",
  ]);
});

test("names are text, wherever they stand", () => {
  const name = `</script><b onclick="x">&amp;'<!--<script>`;
  const hostile = renderReport({
    ...sample,
    title: name,
    board: name,
    persons: sample.persons.map((person) => person + name),
    seeds: [name, "2"],
    warning: sample.warning.map((each) => ({ ...each, habit: each.habit + name })),
    energy: { ...sample.energy, cell: name },
  });
  const tags = (html: string) => html.match(/<\/?(script|b|style)\b|<!--/g);
  expect(tags(hostile)).toEqual(tags(report));
  expect(hostile).not.toContain('onclick="x"');
  expect(drawingsOf(hostile).pairs.persons[0]).toContain(name);
});

test("a partial report says up to which day", () => {
  const partial = wordsOf(renderReport({ ...sample, days: 4, complete: false }));
  expect(partial).toContain(
    "Partial report. The run was interrupted; this report covers 4 of 11 days.",
  );
  const hours = wordsOf(renderReport({ ...sample, days: 47 / 24, complete: false }));
  expect(hours).toContain("this report covers 1 day and 23 hours of 11 days.");
  expect(hours).toContain("wore a token for 1 day and 23 hours,");
  const seeds = wordsOf(renderReport({ ...sample, complete: false }));
  expect(seeds).toContain("this report covers fewer seeds than were asked for.");
});

test("where there is nothing, a sentence stands in place of a chart", () => {
  const empty = renderReport(emptyFindings());
  expect(contentsOf(empty, "h2").map(wordsOf)).toEqual(HEADINGS);
  expect(empty).not.toContain("data-drawing");
  const said = wordsOf(empty);
  for (const each of [
    "Partial report. The run was interrupted; this report covers 0 of 3 days.",
    "there were no contacts of at least 10 minutes",
    "(risk model) not known there were no days of at least 15 minutes with anybody",
    "Charge a day not known no token was on long enough",
    "Time on one CR2032 not known no token was on long enough",
    "not known no exposure minutes were heard",
    "In the first seed nobody came within 2 m of anybody.",
    "There were no contacts of 5 minutes or more.",
    "There were no contacts of 10 minutes or more.",
    "No thresholds but the chosen one could be compared.",
    "No contact of 10 minutes or more was found.",
    "No token saw another one.",
    "No token was on long enough to account for its charge.",
    "No token was on long enough to say how long its cell lasts.",
    "No midnight was lived through, so no log was looked at.",
    "No contact could be warned of, so no delay is known.",
    "No token's day was recorded.",
    "The run was too short to measure its speed.",
  ]) {
    expect(said).toContain(each);
  }
});

test("one seed has no intervals, and says so", () => {
  const said = wordsOf(renderReport({ ...sample, seeds: ["7"] }));
  expect(said).toContain("in one run (seed 7)");
  expect(said).toContain("99.2 % one seed: no interval");
  expect(said).not.toContain("95 % interval 98.9");
});

test("what is no number is never written as one", () => {
  const none = { mean: Number.NaN, low: Number.NaN, high: Number.NaN };
  const spread = { low: Number.NaN, median: Number.NaN, high: Number.POSITIVE_INFINITY };
  const broken: Findings = {
    ...sample,
    recognition: sample.recognition.map((each) => ({ ...each, recall: none, precision: none })),
    durationError: spread,
    riskDays: { ...sample.riskDays, recall: none, precision: none },
    kept: none,
    thresholds: sample.thresholds.map((each) => ({ ...each, precision: Number.NaN })),
    fill: sample.fill.map(({ day }) => ({ day, ...spread })),
    attenuation: sample.attenuation.map((each) => ({ ...each, ...spread })),
    energy: { ...sample.energy, total: none, lasts: spread, wearers: [Number.NaN, 0] },
    speed: {
      wallSeconds: 1,
      workers: 1,
      tokenDaysPerSecond: Number.NaN,
      timesRealTime: Number.NaN,
    },
  };
  // As it is, and as JSON has it, where what is no number is null.
  for (const findings of [broken, JSON.parse(JSON.stringify(broken)) as Findings]) {
    const html = renderReport(findings);
    expect(wordsOf(html)).not.toMatch(/NaN|Infinity|∞|\bnull\b|undefined|\[object/);
    expect(contentsOf(html, "script")[0]).not.toContain("null,");
  }
});

test("errors of hours do not push the others together, and are in the table", () => {
  const durationErrors = [...sample.durationErrors, { minutes: -290, contacts: 1 }];
  const html = renderReport({ ...sample, durationErrors });
  expect(wordsOf(html)).toContain("1 error beyond the picture is in the table.");
  expect(wordsOf(html)).toContain("−290 1 ");
  const { bars } = drawingsOf(html)["duration-error"];
  expect(bars[0].from).toBeGreaterThan(-20);
});

test("a habit by which nobody is warned has no delay", () => {
  const never = { habit: "never", warned: 0, low: 0, median: 0, high: 0 };
  const html = renderReport({ ...sample, warning: [never, ...sample.warning] });
  expect(wordsOf(html)).toContain("never 0.0 % none none none");
  expect(wordsOf(html)).toContain("Warned, of those found");
  const { rows } = drawingsOf(html).warning;
  expect(rows).toHaveLength(sample.warning.length);
});

test("of a thousand persons the hundred with the most contact are shown", () => {
  const pairs = Array.from({ length: 999 }, (_, a) => ({ a, b: a + 1, truth: a, concluded: a }));
  const persons = Array.from({ length: 1000 }, (_, index) => `nurse ${index}`);
  const html = renderReport({ ...sample, persons, pairs });
  expect(wordsOf(html)).toContain("Shown are the 100 persons with the most contact.");
  const { persons: shown } = drawingsOf(html).pairs;
  expect(shown).toHaveLength(100);
  expect(shown).toContain("nurse 998");
  expect(shown).not.toContain("nurse 500");
});

test("it says when a contact is concluded, found and right, and a day shown", () => {
  for (const [term, meaning] of [...recognitionTerms(sample.thresholdDecibels), SHOWN_TERM]) {
    expect(wordsOf(report)).toContain(`${term} ${meaning}`);
  }
});
