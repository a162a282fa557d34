import { expect, test } from "vitest";
import { frontierOf, isPrecise } from "../../../simulator/tune/frontier.ts";
import { trialName } from "../../../simulator/tune/trials.ts";
import { tuningText } from "../../../simulator/tune/tuning-text.ts";
import { sampleTuning } from "../../support/report/sample-tuning.ts";

const sample = sampleTuning();
const lines = tuningText(sample).split("\n");
const rows = lines.filter((line) => /^[-* ][> ] +\d\.\d{3}/.test(line));

test("it fits into 120 columns", () => {
  for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(120);
});

test("it says what was run", () => {
  expect(lines.slice(0, 2)).toEqual(["A made-up office", "92 tokens, 4 days, 3 seeds; puckjs"]);
});

test("each schedule has a row, the most frugal first", () => {
  expect(rows).toHaveLength(sample.tried.length);
  const draws = rows.map((row) => Number(/\d+\.\d{3}/.exec(row)![0]));
  expect(draws).toEqual([...draws].sort((a, b) => a - b));
});

test("the release, the frontier and what is not precise enough are marked, and nothing else is", () => {
  const marked = (mark: string) => rows.filter((row) => row.slice(0, 2).includes(mark));
  expect(marked(">")).toHaveLength(1);
  expect(marked(">")[0]).toContain("as released");
  expect(marked("*").map((row) => row.split(/% {2}/).at(-1))).toEqual(
    frontierOf(sample.tried).map(({ trial }) => trialName(trial)),
  );
  const imprecise = sample.tried.filter((each) => !isPrecise(each));
  expect(imprecise).not.toHaveLength(0);
  expect(rows.filter((row) => row.startsWith("-"))).toHaveLength(imprecise.length);
});

test("intervals are there with several seeds only", () => {
  expect(rows.every((row) => row.match(/\[/g)?.length === 2)).toBe(true);
  const single = tuningText({ ...sample, seeds: ["1/1"] });
  expect(single).not.toContain("[");
  expect(single.replaceAll("\n", " ")).toContain("from one seed and so without intervals");
});

test("stillness is spoken of as a bound", () => {
  const said = lines.join(" ");
  expect(said).toContain("the accelerometer, which takes 0.96 mAh a day");
  expect(said).toContain("it cannot pay");
});

test("a comparison that was interrupted says so, even with nothing in it", () => {
  expect(tuningText(sample)).not.toContain("Interrupted");
  expect(tuningText(sampleTuning(5))).toContain(
    `Interrupted: 5 of ${sample.schedules} schedules were tried`,
  );
  const nothing = tuningText(sampleTuning(0));
  expect(nothing).toContain(`Interrupted: 0 of ${sample.schedules} schedules`);
  expect(nothing).not.toContain("recall ");
});
