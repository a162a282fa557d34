import { expect, test } from "vitest";
import { recognitionTerms } from "../../../simulator/report/definitions.ts";
import type { Multiples, Scatter } from "../../../simulator/report/drawings.ts";
import { renderFrontier } from "../../../simulator/report/render-frontier.ts";
import { corners } from "../../../simulator/report/signs.ts";
import { frontierOf, isPrecise } from "../../../simulator/tune/frontier.ts";
import { FAMILIES, type Family } from "../../../simulator/tune/trials.ts";
import type { Tuning } from "../../../simulator/tune/tuning.ts";
import { sampleTuning } from "../../support/report/sample-tuning.ts";
import { expectLoadsNothing, expectOwnPolicy } from "../../support/report/self-contained.ts";
import { contentsOf, drawingsOf, wordsOf } from "../../support/report/written-page.ts";

const sample = sampleTuning();
const page = renderFrontier(sample);

const drawings = (tuning: Tuning): { recall: Scatter; precision: Scatter; families: Multiples } =>
  drawingsOf(renderFrontier(tuning));

const { recall, precision, families } = drawings(sample);

test("the sections stand in their order", () => {
  expect(contentsOf(page, "h2").map(wordsOf)).toEqual([
    "Key figures",
    "Recall against charge",
    "Precision against charge",
    "One number at a time",
    "All schedules",
    "How to read this report",
  ]);
});

test("it loads nothing, and its policy permits its own script and style alone", () => {
  expectLoadsNothing(page);
  expectOwnPolicy(page);
});

test("it says what was run and what came of the release", () => {
  const said = wordsOf(page);
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
  const table = contentsOf(page, "table").at(-1)!;
  const rows = contentsOf(table, "tr").map(wordsOf);
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
  expect(wordsOf(page)).toContain("1 schedule lies beyond the picture: as phones scan");
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

test("what is not precise enough is hollow, is said to be so, and is off the line", () => {
  const imprecise = sample.tried.filter((each) => !isPrecise(each));
  expect(imprecise).not.toHaveLength(0);
  const hollow = recall.dots.filter(({ isHollow, sign }) => isHollow && sign !== "bound");
  expect(hollow.map(({ x, y }) => [x, y]).sort()).toEqual(
    imprecise.map(({ draw, recall: found }) => [draw.mean, found.mean]).sort(),
  );
  const said = wordsOf(page);
  expect(said).toContain("hollow: less than 95 % of what it concludes is right");
  expect(said).toContain("among those of which 95 % or more of what they conclude is right");
  const rows = contentsOf(contentsOf(page, "table").at(-1)!, "tr").map(wordsOf);
  expect(rows.filter((row) => row.includes("not precise enough"))).toHaveLength(imprecise.length);
});

test("when no schedule is precise enough there is no line, and that is said", () => {
  const rough = sample.tried.map((each) => ({
    ...each,
    precision: { mean: 0.4, low: 0.3, high: 0.5 },
  }));
  const tuning = { ...sample, tried: rough };
  expect(drawings(tuning).recall.steps).toEqual([]);
  const said = wordsOf(renderFrontier(tuning));
  expect(said).toContain("There is no line: there are no schedules of which 95 % or more");
  expect(said).toContain("and a precision of 95 % not known no schedule that was tried has both");
});

test("the release has its name where it is, and the bound is a hollow sign of the legend", () => {
  const [release] = sample.tried;
  expect(recall.names).toEqual([
    { x: release!.draw.mean, y: release!.recall.mean, name: "release" },
  ]);
  expect(recall.dots.filter(({ sign }) => sign === "bound")).toMatchObject([
    { x: sample.stillness!.draw, y: 1, isHollow: true },
  ]);
});

test("each number has a panel in which the release stands once, in order", () => {
  expect(families.panels.map(({ sign, x }) => [sign, x])).toEqual([
    ["length", "ms"],
    ["period", "s"],
    ["jitter", "s"],
    ["company", "s"],
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
  expect(wordsOf(renderFrontier(tuning))).toContain("length of a scan: 200 ms (40.0 %");
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
  expect(wordsOf(single)).toContain("one seed: no interval");
});

test("a comparison that was interrupted says so, and one of nothing draws nothing", () => {
  expect(wordsOf(renderFrontier(sampleTuning(5)))).toContain(
    `Partial report. It was interrupted when 5 of ${sample.schedules} schedules had been tried.`,
  );
  const nothing = sampleTuning(0);
  expect(drawings(nothing)).toEqual({});
  expect(wordsOf(renderFrontier(nothing))).toContain("No schedule was tried.");
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

test("each family has a colour of its own", () => {
  const page = renderFrontier(sample);
  const colours = Object.keys(FAMILIES).map(
    (family) => new RegExp(`\\.sign-${family}\\s*\\{\\s*color:\\s*([^;}]+)`).exec(page)?.[1],
  );
  expect(colours).not.toContain(undefined);
  expect(new Set(colours).size).toBe(colours.length);
});

test("it says when a contact is concluded, found and right", () => {
  for (const [term, meaning] of recognitionTerms(sample.thresholdDecibels)) {
    expect(wordsOf(page)).toContain(`${term} ${meaning}`);
  }
});
