import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { parseTrace, readTrace } from "../../../simulator/scenarios/contact-trace.ts";
import { spansOf } from "../../../simulator/scenarios/trace-contacts.ts";
import { expectFailure } from "../../support/expect-failure.ts";

const directory = mkdtempSync(join(tmpdir(), "trace-"));
afterAll(() => rmSync(directory, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

const parse = (text: string) => parseTrace(text, "test");
const failureOf = async (text: string, code: string): Promise<string> =>
  (await expectFailure(new Promise((resolve) => resolve(parse(text))), code)).message;
const readFailure = async (path: string, code: string): Promise<string> =>
  (await expectFailure(new Promise((resolve) => resolve(readTrace(path))), code)).message;

const SAMPLE =
  "140\t1157\t1232\tMED\tADM\n160\t1157\t1191\tMED\tMED\n86420\t1191\t1232\tMED\tADM\n";

test("lines with further columns, tabs or blanks, empty lines, comments and carriage returns are read", () => {
  const trace = parse(SAMPLE);
  expect(trace.persons).toEqual(["1157", "1232", "1191"]);
  expect([...trace.from]).toEqual([120, 140, 86400]);
  expect([...trace.i]).toEqual([0, 0, 2]);
  expect([...trace.j]).toEqual([1, 2, 1]);
  expect(trace.days).toBe(2);
  const other = `\ufeff# t i j\r\n\r\n  ${SAMPLE.replaceAll("\t", "  ").replaceAll("\n", "\r\n")}\n`;
  expect(readTrace(file("other.dat", other))).toEqual({ ...trace, title: "other" });
});

test("a file may be compressed, and gives its name", () => {
  const trace = readTrace(file("ward.dat.gz", gzipSync(SAMPLE)));
  expect(trace).toEqual(readTrace(file("ward.dat", SAMPLE)));
  expect(trace.title).toBe("ward");
});

test("the order of lines, of persons in a line, and a line that comes twice do not matter for who was together", () => {
  const spans = (text: string) => {
    const trace = parse(text);
    const name = (index: number) => trace.persons[index]!;
    return spansOf(trace, 60).map(({ a, b, from, to }) => [[name(a), name(b)].sort(), from, to]);
  };
  const usual = spans("40 1 2\n60 1 2\n200 1 2\n");
  expect(usual).toEqual([
    [["1", "2"], 20, 60],
    [["1", "2"], 180, 200],
  ]);
  expect(spans("200 2 1\n60 1 2\n40 2 1\n40 1 2\n")).toEqual(usual);
});

test("pauses of up to a minute are joined", () => {
  const spans = (text: string) => spansOf(parse(text), 60).map(({ facing }) => facing);
  expect(spans("20 1 2\n100 1 2\n")).toEqual([[0, 20, 80, 100]]);
  expect(spans("20 1 2\n101 1 2\n")).toEqual([
    [0, 20],
    [81, 101],
  ]);
});

test("days count from the first midnight, of Unix time as well", () => {
  const midnight = 14_360 * 86_400;
  const unix = parse(`${midnight + 36_039} 1 2\n${midnight + 3 * 86_400 + 59} 1 2\n`);
  expect([...unix.from]).toEqual([36_019, 3 * 86_400 + 39]);
  expect(unix.days).toBe(4);
  expect([...parse("950420 1 2\n").from]).toEqual([0]);
  // The first 20 seconds are whole, even where a file counts from their end.
  expect([...parse("0 1 2\n20 1 2\n").from]).toEqual([0, 20]);
});

test("a line that is no contact is named with what is wrong in it", async () => {
  const bad = (line: string) => failureOf(`20 1 2\n\n${line}\n40 1 2\n`, "trace-malformed");
  for (const [line, why] of [
    ["60 1 1", /nobody meets themselves/],
    ["-20 1 2", /t must not be negative/],
    ["20.5 1 2", /t must be whole seconds/],
    ["20,1,2", /put blanks or tabs/],
    ["20 1", /it must be "t i j"/],
    ["t i j", /it must be "t i j"/],
    ["99999999999999999999 1 2", /t is no time/],
  ] as const) {
    const message = await bad(line);
    expect(message).toMatch(/^Line 3 /);
    expect(message).toMatch(why);
    expect(message).toContain(line.slice(0, 40));
  }
});

test("what is no trace at all is told in one sentence", async () => {
  expect(await failureOf("", "trace-empty")).toContain("has no lines");
  expect(await failureOf("# only a comment\n\n", "trace-empty")).toContain("has no lines");
  expect(await readFailure(file("picture.png", "\x89PNG\n"), "trace-malformed")).toMatch(
    /^Line 1 /,
  );
  const missing = join(directory, "nowhere.dat");
  expect(await readFailure(missing, "trace-missing")).toContain(missing);
  expect(await readFailure(directory, "trace-unreadable")).toContain("cannot be read");
  const damaged = file("damaged.gz", gzipSync(SAMPLE).subarray(0, 30));
  expect(await readFailure(damaged, "trace-unreadable")).toContain("damaged gzip");
});
