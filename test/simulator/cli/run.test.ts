import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { Findings } from "../../../simulator/findings/findings.ts";
import { smallTrace, writeSample } from "../run/small-world.ts";
import { expectRefused, saqbolSim } from "./saqbol-sim.ts";

const trace = writeSample("small.dat", smallTrace(6, 2));
const directory = join(trace, "..");

const findingsIn = (path: string): Findings => JSON.parse(readFileSync(path, "utf8"));

describe("help", () => {
  test("lists the commands and the exit codes", async () => {
    const { code, stdout, stderr } = await saqbolSim(["--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const command of ["run", "tune", "token", "radio"]) {
      expect(stdout).toMatch(new RegExp(`^ {2}${command} `, "m"));
    }
    expect(stdout).toContain("Exit codes: 0 done; 1 failed");
  });

  test("of run lists its options and the worlds", async () => {
    const { code, stdout } = await saqbolSim(["run", "--help"]);
    expect(code).toBe(0);
    for (const word of ["--contacts <file>", "--report <file>", "--seeds", "Ctrl-C"]) {
      expect(stdout).toContain(word);
    }
    for (const world of ["care-home", "clinic", "family-and-shops"]) {
      expect(stdout).toMatch(new RegExp(`^ {2}${world} +\\w`, "m"));
    }
  });

  test("comes, too, when no command is given", async () => {
    const { code, stderr } = await saqbolSim([]);
    expect(code).toBe(2);
    expect(stderr).toContain("Usage: saqbol-sim");
  });
});

describe("a run", () => {
  test("prints what was found, and writes findings and a report", async () => {
    const [json, report] = [join(directory, "out.json"), join(directory, "out.html")];
    const files = ["--json", json, "--report", report];
    const { code, stdout, stderr } = await saqbolSim([
      "run",
      "--contacts",
      trace,
      "--seeds",
      "2",
      ...files,
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^small\n6 tokens, 2 days, 2 seeds; puckjs, bundle of [\d,]+ bytes\n/);
    expect(stdout).toMatch(/found \(recall\) +(9\d|100)\.\d/);
    expect(stdout).toMatch(/in all +[01]\.\d{3}/);
    expect(stdout).toMatch(/token-days a second, [\d,]+ times real time\./);
    expect(Math.max(...stdout.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(80);
    const findings = findingsIn(json);
    expect(findings).toMatchObject({
      version: 1,
      title: "small",
      seeds: ["1", "1-2"],
      days: 2,
      complete: true,
    });
    expect(findings.recognition[0]?.recall.mean).toBeGreaterThan(0.9);
    const html = readFileSync(report, "utf8");
    expect(html).toMatch(/^<!doctype html>/i);
    expect(html).toContain("6 persons wore a token for 2 days");
    expect(existsSync(`${json}.part`) || existsSync(`${report}.part`)).toBe(false);
  });

  test("reads gzip, takes another seed and board, and so many days", async () => {
    const packed = writeSample("packed.dat.gz", gzipSync(smallTrace(4, 2)));
    const json = join(directory, "packed.json");
    const { code, stdout } = await saqbolSim([
      ...["run", "--contacts", packed, "--days", "1", "--seed", "autumn", "--seeds", "1"],
      ...["--board", "banglejs2", "--rooms", "own", "--threshold", "70", "--json", json],
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain("packed, own rooms\n4 tokens, 1 day, 1 seed; banglejs2,");
    expect(stdout).toContain("at most 70 dB");
    expect(findingsIn(json)).toMatchObject({
      seeds: ["autumn"],
      board: "banglejs2",
      daysAsked: 1,
      thresholdDecibels: 70,
      energy: { cell: "battery" },
    });
  });

  test("lives through a world that is made up", async () => {
    const { code, stdout } = await saqbolSim([
      "run",
      "--world",
      "clinic",
      "--persons",
      "12",
      "--days",
      "1",
      "--seeds",
      "1",
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Clinic, 12 persons\n12 tokens, 1 day, 1 seed;/);
  });

  test("finds the same with any number of workers, but for the speed", async () => {
    const findings = await Promise.all(
      ["1", "2", "3"].map(async (workers) => {
        const json = join(directory, `workers ${workers}.json`);
        const args = [
          "run",
          "--contacts",
          trace,
          "--seeds",
          "2",
          "--workers",
          workers,
          "--json",
          json,
        ];
        expect((await saqbolSim(args)).code).toBe(0);
        const { speed, ...rest } = findingsIn(json);
        expect(speed.workers).toBe(Number(workers));
        return rest;
      }),
    );
    expect(findings[1]).toEqual(findings[0]);
    expect(findings[2]).toEqual(findings[0]);
  });
});

describe("what cannot be run is refused in one line", () => {
  const empty = writeSample("empty.dat", "# nothing\n");
  const words = writeSample("words.dat", "20 1 2\nt i j\n");
  const damaged = writeSample("damaged.dat.gz", gzipSync(smallTrace(4)).subarray(0, 50));
  test.each<[string, string[], 1 | 2, RegExp]>([
    ["nothing", [], 1, /Say what to run: --contacts FILE, or --world NAME\./],
    [
      "a file that is not there",
      ["--contacts", join(directory, "none.dat")],
      1,
      /There is no file .*none\.dat; name one/,
    ],
    ["a directory", ["--contacts", directory], 1, /cannot be read/],
    ["a trace without lines", ["--contacts", empty], 1, /has no lines/],
    ["a file that is no trace", ["--contacts", words], 1, /Line 2 is no contact/],
    ["a damaged gzip file", ["--contacts", damaged], 1, /damaged gzip/],
    ["persons for a trace", ["--contacts", trace, "--persons", "9"], 1, /leave --persons out/],
    ["too few persons", ["--world", "clinic", "--persons", "2"], 1, /needs 6 persons or more/],
    ["a trace and a world", ["--contacts", trace, "--world", "clinic"], 2, /cannot be used with/],
    ["rooms for a world", ["--world", "clinic", "--rooms", "own"], 2, /cannot be used with/],
    ["another world", ["--world", "moon"], 2, /Allowed choices are care-home/],
    ["no days", ["--contacts", trace, "--days", "0"], 2, /'--days <number>'.*from 1 to 14/],
    ["too many days", ["--contacts", trace, "--days", "15"], 2, /from 1 to 14/],
    ["half a day", ["--contacts", trace, "--days", "0.5"], 2, /a whole number/],
    ["no seeds", ["--contacts", trace, "--seeds", "0"], 2, /from 1 to 100/],
    ["no workers", ["--contacts", trace, "--workers", "0"], 2, /from 1 to 64/],
    ["another board", ["--contacts", trace, "--board", "phone"], 2, /Allowed choices are puckjs/],
    ["what it does not know", ["--contacts", trace, "--fast"], 2, /unknown option '--fast'/],
    // Before it runs, and not after.
    [
      "a file that cannot be written",
      ["--contacts", trace, "--json", join(directory, "none", "out.json")],
      1,
      /cannot be written/,
    ],
    ["a file without a name", ["--contacts", trace, "--json", ""], 1, /cannot be written/],
    ["a directory as report", ["--contacts", trace, "--report", directory], 1, /cannot be written/],
  ])("%s", async (_, args, code, message) => {
    expectRefused(await saqbolSim(["run", ...args]), code, message);
  });
});

test("what cannot be tried is refused in one line, and before it is tried", async () => {
  expectRefused(
    await saqbolSim(["tune"]),
    1,
    /Say what to run: --contacts FILE, or --world NAME\./,
  );
  const report = ["--report", join(directory, "none", "out.html")];
  expectRefused(
    await saqbolSim(["tune", "--contacts", trace, ...report]),
    1,
    /cannot be written; choose another/,
  );
});

/** Presses Ctrl-C so many times when the first thread tells of its 30th hour. */
const pressing = (times: number): string[] => [
  "--import",
  `data:text/javascript,${encodeURIComponent(
    `let left = ${times};
     process.on("worker", (worker) => worker.on("message", ({ hours }) => {
       while (hours === 30 && left-- > 0) process.kill(process.pid, "SIGINT");
     }));`,
  )}`,
];

describe("Ctrl-C", () => {
  const long = writeSample("long.dat", smallTrace(16, 14));
  const args = ["run", "--contacts", long, "--seeds", "1"];

  test.each(["1", "2"])(
    "ends a run early, and what was lived through is told and written, with %s workers",
    async (workers) => {
      const [json, report] = [
        join(directory, `part ${workers}.json`),
        join(directory, `part ${workers}.html`),
      ];
      const { code, stdout, stderr } = await saqbolSim(
        [...args, "--workers", workers, "--json", json, "--report", report],
        pressing(1),
      );
      expect(code).toBe(130);
      expect(stderr.trim()).toBe("Ending early; once more to end at once.");
      const findings = findingsIn(json);
      expect(findings).toMatchObject({ complete: false, daysAsked: 14 });
      expect(findings.days).toBeGreaterThanOrEqual(30 / 24);
      expect(findings.days).toBeLessThan(14);
      expect(JSON.stringify(findings)).not.toContain("null");
      expect(stdout).toMatch(/^long\n16 tokens, \d+ days?( and \d+ hours?)?, 1 seed/);
      expect(stdout).toMatch(/Interrupted: these are findings of .* of 14 days only\./);
      expect(stdout).toMatch(/found \(recall\) +(8|9|10)\d/);
      const html = readFileSync(report, "utf8");
      expect(html).toContain("Partial report.");
      expect(html).toContain("</html>");
    },
  );

  test("twice ends it at once, and writes nothing", async () => {
    const json = join(directory, "never.json");
    const { code, stdout } = await saqbolSim(
      [...args, "--workers", "1", "--json", json],
      pressing(2),
    );
    expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
    expect(existsSync(json)).toBe(false);
  });
});
