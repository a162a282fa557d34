import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { barOf, inWords, ProgressBar } from "../../../simulator/cli/progress-bar.ts";

describe("a time is said as persons say it", () => {
  test.each([
    [0, "0 s"],
    [44.6, "45 s"],
    [89.4, "89 s"],
    [90, "2 min"],
    [600, "10 min"],
    [3600, "60 min"],
    [5340, "89 min"],
    [5400, "1 h 30 min"],
    [7200, "2 h 0 min"],
    [100_000, "27 h 47 min"],
  ])("%s s", (seconds, words) => {
    expect(inWords(seconds)).toBe(words);
  });
});

describe("the bar", () => {
  test("is as full as what is done, and says how long the rest takes", () => {
    expect(barOf("Living", 0, 0)).toBe(`Living ${"░".repeat(30)} 0 %`);
    expect(barOf("Living", 0.5, 60)).toBe(
      `Living ${"█".repeat(15)}${"░".repeat(15)} 50 %, 60 s left`,
    );
    expect(barOf("Living", 0.1, 60)).toMatch(/ 10 %, 9 min left$/);
    expect(barOf("Living", 1, 60)).toBe(`Living ${"█".repeat(30)} 100 %, 0 s left`);
  });

  test("says nothing of the rest as long as hardly anything is done", () => {
    expect(barOf("Living", 0.019, 60)).not.toContain("left");
    expect(barOf("Living", 0.02, 1)).toContain(", 49 s left");
  });

  test("has the same width, and no more per cent than are done, whatever is done", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (done) => {
        const [, bar = "", percent] = /^L ([█░]*) (\d+) %/.exec(barOf("L", done, 100)) ?? [];
        expect(bar).toHaveLength(30);
        expect(Number(percent)).toBeLessThanOrEqual(100 * done);
      }),
    );
  });
});

describe("on a terminal and elsewhere", () => {
  const isTTY = Object.getOwnPropertyDescriptor(process.stderr, "isTTY");
  afterEach(() => {
    vi.restoreAllMocks();
    if (isTTY) Object.defineProperty(process.stderr, "isTTY", isTTY);
    else delete (process.stderr as { isTTY?: boolean }).isTTY;
  });

  function written(isTerminal: boolean): string[] {
    Object.defineProperty(process.stderr, "isTTY", { value: isTerminal, configurable: true });
    const lines: string[] = [];
    vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      lines.push(String(text));
      return true;
    });
    const bar = new ProgressBar("Living");
    bar.show(0);
    bar.show(0.001);
    bar.show(0.015);
    bar.end();
    return lines;
  }

  test("it is drawn anew only when it looks different, and taken away", () => {
    const bar = (percent: number) => `\r\x1b[KLiving ${"░".repeat(30)} ${percent} %`;
    expect(written(true)).toEqual([bar(0), bar(1), "\r\x1b[K"]);
  });

  test("nothing is written where no terminal is", () => {
    expect(written(false)).toEqual([]);
  });
});
