import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { Findings } from "../../../simulator/findings/findings.ts";
import { renderReport } from "../../../simulator/report/render-report.ts";
import { emptyFindings } from "../../support/report/empty-findings.ts";
import { sampleFindings } from "../../support/report/sample-findings.ts";

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

/** What a reader sees without scripts: no script, no style, no tags. */
function words(html: string): string {
  return html
    .replace(/<(script|style)[^>]*>[\s\S]*?<\/\1>/g, "")
    .replace(/<[^>]+>/g, " ")
    .replaceAll("&#39;", "'")
    .replaceAll("\u00a0", " ")
    .replace(/\s+/g, " ");
}

/** What is between an element's tags, for each such element. */
const contents = (html: string, element: string): string[] =>
  Array.from(
    html.matchAll(new RegExp(`<${element}[^>]*>([\\s\\S]*?)</${element}>`, "g")),
    ([, text]) => text!,
  );

test("the sections stand in their order", () => {
  expect(contents(report, "h2").map(words)).toEqual(HEADINGS);
});

test("it loads nothing: no element that would, no address in its style", () => {
  const markup = report.replace(/<(script|style)[^>]*>[\s\S]*?<\/\1>/g, "");
  expect(markup).not.toMatch(/<(link|img|iframe|object|embed|base|audio|video|source|form)\b/);
  expect(markup).not.toMatch(/\s(src|srcset|style|on\w+)=/);
  expect(Array.from(markup.matchAll(/href="([^"]*)"/g), ([, to]) => to![0])).toEqual(
    Array.from({ length: 12 }, () => "#"),
  );
  expect(report).not.toMatch(/<script[^>]*\ssrc=/);
  expect(contents(report, "style").join()).not.toMatch(/url\(|@import|@font-face/);
});

test("its policy permits its own script and style, by hash, and nothing else", () => {
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(report)![1]!;
  const [, script] = contents(report, "script");
  const [style] = contents(report, "style");
  const hash = (text: string) => createHash("sha256").update(text).digest("base64");
  expect(policy.split("; ")).toEqual([
    "default-src 'none'",
    `script-src 'sha256-${hash(script!)}'`,
    `style-src 'sha256-${hash(style!)}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ]);
  // Where the policy stands, nothing has run yet.
  expect(report.indexOf("Content-Security-Policy")).toBeLessThan(report.indexOf("<style"));
});

test("links lead to figures, and no name is given twice", () => {
  const ids = Array.from(report.matchAll(/\sid="([^"]*)"/g), ([, id]) => id!);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [, to] of report.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(to);
});

test("the key figures are said in words", () => {
  const said = words(report);
  for (const each of [
    "92 persons wore a token for 11 days, in 5 runs",
    "99.2 % 95 % interval 98.9 to 99.5 %",
    "96.1 % 95 % interval 95.7 to 96.6 %",
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
  const figures = contents(report, "figure");
  expect(figures).toHaveLength(12);
  const charts = figures.filter((figure) => figure.includes("data-drawing"));
  expect(charts).toHaveLength(11);
  for (const figure of charts) {
    expect(figure).toMatch(/<div class="picture" hidden>/);
    expect(figure).toMatch(/<details open>[\s\S]*<table>[\s\S]*<td>/);
  }
  expect(words(report)).toContain("5 to 10 min 5,120 4,812 94.0 %");
});

test("the data that charts are drawn from are JSON", () => {
  const [data] = contents(report, "script");
  const drawings = JSON.parse(data!) as Record<string, { kind: string }>;
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
  const [data] = contents(hostile, "script");
  expect(JSON.parse(data!).pairs.persons[0]).toContain(name);
});

test("a partial report says up to which day", () => {
  const partial = words(renderReport({ ...sample, days: 4, complete: false }));
  expect(partial).toContain(
    "Partial report. The run was interrupted; this report covers 4 of 11 days.",
  );
  const hours = words(renderReport({ ...sample, days: 47 / 24, complete: false }));
  expect(hours).toContain("this report covers 1 day and 23 hours of 11 days.");
  expect(hours).toContain("wore a token for 1 day and 23 hours,");
  const seeds = words(renderReport({ ...sample, complete: false }));
  expect(seeds).toContain("this report covers fewer seeds than were asked for.");
});

test("where there is nothing, a sentence stands in place of a chart", () => {
  const empty = renderReport(emptyFindings());
  expect(contents(empty, "h2").map(words)).toEqual(HEADINGS);
  expect(empty).not.toContain("data-drawing");
  const said = words(empty);
  for (const each of [
    "Partial report. The run was interrupted; this report covers 0 of 3 days.",
    "there were no contacts of at least 10 minutes",
    "Charge a day not known no token was on long enough",
    "Time on one CR2032 not known no token was on long enough",
    "not known no exposure minutes were logged",
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
  const said = words(renderReport({ ...sample, seeds: ["7"] }));
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
    expect(words(html)).not.toMatch(/NaN|Infinity|∞|\bnull\b|undefined|\[object/);
    expect(contents(html, "script")[0]).not.toContain("null,");
  }
});

test("errors of hours do not push the others together, and are in the table", () => {
  const durationErrors = [...sample.durationErrors, { minutes: -290, contacts: 1 }];
  const html = renderReport({ ...sample, durationErrors });
  expect(words(html)).toContain("1 error beyond the picture is in the table.");
  expect(words(html)).toContain("−290 1 ");
  const { bars } = JSON.parse(contents(html, "script")[0]!)["duration-error"];
  expect(bars[0].from).toBeGreaterThan(-20);
});

test("a habit by which nobody is warned has no delay", () => {
  const never = { habit: "never", warned: 0, low: 0, median: 0, high: 0 };
  const html = renderReport({ ...sample, warning: [never, ...sample.warning] });
  expect(words(html)).toContain("never 0.0 % none none none");
  const { rows } = JSON.parse(contents(html, "script")[0]!).warning;
  expect(rows).toHaveLength(sample.warning.length);
});

test("of a thousand persons the hundred with the most contact are shown", () => {
  const pairs = Array.from({ length: 999 }, (_, a) => ({ a, b: a + 1, truth: a, concluded: a }));
  const persons = Array.from({ length: 1000 }, (_, index) => `nurse ${index}`);
  const html = renderReport({ ...sample, persons, pairs });
  expect(words(html)).toContain("Shown are the 100 persons with the most contact.");
  const { persons: shown } = JSON.parse(contents(html, "script")[0]!).pairs;
  expect(shown).toHaveLength(100);
  expect(shown).toContain("nurse 998");
  expect(shown).not.toContain("nurse 500");
});
