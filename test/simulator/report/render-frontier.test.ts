import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { Multiples, Scatter } from "../../../simulator/report/drawings.ts";
import { renderFrontier } from "../../../simulator/report/render-frontier.ts";
import { corners } from "../../../simulator/report/signs.ts";
import { frontierOf } from "../../../simulator/tune/frontier.ts";
import { FAMILIES, type Family } from "../../../simulator/tune/trials.ts";
import type { Tuning } from "../../../simulator/tune/tuning.ts";
import { sampleTuning } from "../tune/sample-tuning.ts";

const sample = sampleTuning();
const page = renderFrontier(sample);

/** What a reader sees without scripts: no script, no style, no tags. */
function words(html: string): string {
  return html
    .replace(/<(script|style)[^>]*>[\s\S]*?<\/\1>/g, "")
    .replace(/<[^>]+>/g, " ")
    .replaceAll("&#39;", "'")
    .replaceAll("\u00a0", " ")
    .replace(/\s+/g, " ");
}

const contents = (html: string, element: string): string[] =>
  Array.from(
    html.matchAll(new RegExp(`<${element}[^>]*>([\\s\\S]*?)</${element}>`, "g")),
    ([, text]) => text!,
  );

function drawings(tuning: Tuning) {
  const [data] = contents(renderFrontier(tuning), "script");
  return JSON.parse(data!) as { recall: Scatter; precision: Scatter; families: Multiples };
}

const { recall, precision, families } = drawings(sample);

test("the sections stand in their order", () => {
  expect(contents(page, "h2").map(words)).toEqual([
    "Key figures",
    "Recall against charge",
    "Precision against charge",
    "One number at a time",
    "All schedules",
    "How to read this report",
  ]);
});

test("its policy permits its own script and style, by hash, and it loads nothing", () => {
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!;
  const hash = (text: string) => createHash("sha256").update(text).digest("base64");
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain(`script-src 'sha256-${hash(contents(page, "script")[1]!)}'`);
  expect(policy).toContain(`style-src 'sha256-${hash(contents(page, "style")[0]!)}'`);
  const markup = page.replace(/<(script|style)[^>]*>[\s\S]*?<\/\1>/g, "");
  expect(markup).not.toMatch(/\s(src|srcset|style|on\w+)=/);
});

test("it says what was run and what came of the release", () => {
  const said = words(page);
  const [release] = sample.tried;
  for (const each of [
    "92 persons wore a token for 4 days, in 3 runs that differ in chance (seeds 1/1, 1/2, 1/3)",
    `under each of ${sample.schedules} schedules`,
    "for the board puckjs",
    "114 true contacts of 10 minutes or more",
    `Charge a day of the release ${release!.draw.mean.toFixed(2)} mAh`,
    "takes 0.96 mAh a day",
    "a bound from published currents, not a measurement",
  ]) {
    expect(said).toContain(each);
  }
  expect(said).not.toContain("Partial report");
});

test("all schedules stand in the last table, and the bound as what it is", () => {
  const table = contents(page, "table").at(-1)!;
  const rows = contents(table, "tr").map(words);
  expect(rows).toHaveLength(1 + sample.tried.length + 1);
  expect(rows.filter((row) => row.includes("frontier"))).toHaveLength(
    frontierOf(sample.tried).length,
  );
  expect(rows.at(-1)).toContain("bound");
  expect(rows.filter((row) => /as released.* release /.test(row))).toHaveLength(1);
});

test("signs are drawn for all schedules but for those that are said to be beyond the picture", () => {
  const shown = sample.tried.filter(({ trial }) => trial.family !== "phones");
  expect(recall.dots.filter(({ sign }) => sign !== "bound")).toHaveLength(shown.length);
  expect(precision.dots).toHaveLength(shown.length);
  expect(words(page)).toContain("1 schedule lies beyond the picture: as phones scan");
  for (const { dots, xs, ys } of [recall, precision]) {
    for (const dot of dots) {
      expect(dot.left).toBeGreaterThanOrEqual(xs[0]);
      expect(dot.right).toBeLessThanOrEqual(xs[1]);
      expect(dot.low).toBeGreaterThanOrEqual(ys[0]);
      expect(dot.low).toBeLessThanOrEqual(dot.y);
      expect(dot.high).toBeGreaterThanOrEqual(dot.y);
    }
  }
});

test("the frontier goes up in steps, and the requirement is drawn", () => {
  expect(recall.steps).toEqual(
    frontierOf(sample.tried)
      .filter(({ trial }) => trial.family !== "phones")
      .map(({ draw, recall: found }) => ({ x: draw.mean, y: found.mean })),
  );
  expect(recall.across.map(({ at }) => at)).toEqual([0.99]);
  expect(recall.upright.map(({ at }) => at)).toEqual([1.2]);
  expect(precision.across.map(({ at }) => at)).toEqual([0.95]);
});

test("the release and the bound have names where they are", () => {
  const [release] = sample.tried;
  expect(recall.names).toEqual([
    { x: release!.draw.mean, y: release!.recall.mean, name: "release" },
    { x: sample.stillness!.draw, y: sample.stillness!.recall, name: "stillness, at best" },
  ]);
});

test("each number has a panel in which the release stands once, in order", () => {
  expect(families.panels.map(({ sign, x }) => [sign, x])).toEqual([
    ["length", "ms"],
    ["period", "s"],
    ["jitter", "s"],
    ["nearness", "dBm"],
  ]);
  for (const { points } of families.panels) {
    expect(points.filter(({ isChosen }) => isChosen)).toHaveLength(1);
    expect(points.map(({ x }) => x)).toEqual(points.map(({ x }) => x).sort((a, b) => a - b));
  }
});

test("what finds hardly anything is left out of the picture and named", () => {
  const [release, second, ...others] = sample.tried;
  const poor = { ...second!, recall: { mean: 0.4, low: 0.3, high: 0.5 } };
  const tuning = { ...sample, tried: [release!, poor, ...others] };
  expect(drawings(tuning).recall.dots).toHaveLength(recall.dots.length - 1);
  expect(words(renderFrontier(tuning))).toContain("length of a scan: 200 ms (40.0 %");
});

test("a release that finds little is in the picture all the same", () => {
  const [release, ...others] = sample.tried;
  const poor = { ...release!, recall: { mean: 0.4, low: 0.3, high: 0.5 } };
  const { dots, ys } = drawings({ ...sample, tried: [poor, ...others] }).recall;
  expect(dots.some(({ sign }) => sign === "release")).toBe(true);
  expect(ys[0]).toBeCloseTo(0.4, 9);
});

test("of one seed there are no intervals", () => {
  const single = renderFrontier({ ...sample, seeds: ["1/1"] });
  expect(words(single)).toContain("one seed: no interval");
});

test("a comparison that was interrupted says so, and one of nothing draws nothing", () => {
  expect(words(renderFrontier(sampleTuning(5)))).toContain(
    `Partial report. It was interrupted when 5 of ${sample.schedules} schedules had been tried.`,
  );
  const nothing = sampleTuning(0);
  expect(drawings(nothing)).toEqual({});
  expect(words(renderFrontier(nothing))).toContain("No schedule was tried.");
});

test("a title with tags in it does no harm", () => {
  const html = renderFrontier({ ...sample, title: "</title><script>alert(1)</script>" });
  expect(html).not.toContain("<script>alert");
});

test("each family has a sign of its own within its circle", () => {
  const shapes = [...(Object.keys(FAMILIES) as Family[]), "bound" as const].map(corners);
  expect(new Set(shapes.map((shape) => JSON.stringify(shape))).size).toBe(shapes.length);
  for (const [x, y] of shapes.flat()) expect(Math.hypot(x, y)).toBeLessThanOrEqual(1 + 1e-9);
});
