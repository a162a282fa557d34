import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable, Writable } from "node:stream";
import { afterAll, describe, expect, test, vi } from "vitest";
import { buildStorageImage } from "../../../companion/provisioning/storage-image.ts";
import { LAYOUTS, PAGE_BYTES } from "../../../protocol/flash-layout.ts";
import { COMMANDS } from "../../../simulator/token-shell/commands/all.ts";
import { runTokenShell } from "../../../simulator/token-shell/shell.ts";
import { runScript } from "./script.ts";

const folder = mkdtempSync(join(tmpdir(), "saqbol-shell-"));
afterAll(() => rmSync(folder, { recursive: true }));

const minutesOf = (log: string): number => Number(/records, (\d+) minutes/.exec(log)![1]);

describe("a script", () => {
  test("enrols a token, puts a neighbour at 2 m, and its log shows the hour", async () => {
    const { code, output, printed } = await runScript([
      "# two tokens in a room",
      "desk enrol",
      "neighbour anna 2m",
      "run 1h",
      "",
      "desk log   # read as a desk reads it",
      "flash 1",
      "flash 1 hex",
    ]);
    expect(code).toBe(0);
    expect(printed("desk enrol")).toMatch(/blue on[\s\S]*window open[\s\S]*contact detection on/);
    expect(printed("desk enrol")).toMatch(/RPI [0-9a-f]{8}\.\. AEM [0-9a-f]{8} as [c-f]/);
    expect(printed("run 1h")).toMatch(/ log {5}anna: \d+ min, mean -\d\d/);
    expect(printed("run 1h")).toMatch(/1 h, now 2026-06-02 09:\d\d:\d\d UTC/);
    const log = printed("desk log   # read as a desk reads it");
    expect(log).toMatch(/2026-06-02 08:\d0 +\d+ +-\d\d +-\d\d +\d\d dB {2}anna +[0-9a-f]{14}/);
    // A scan that hears nobody costs four minutes, and one in twenty beacons is lost.
    expect(Math.abs(minutesOf(log) - 60)).toBeLessThan(16);
    expect(printed("flash 1")).toMatch(/ 0 {2}2026-06-02 08:\d0 {2}time mark, clock epoch 1/);
    expect(printed("flash 1")).toMatch(/ 1 {2}2026-06-02 08:\d0 +\d+ +-\d\d +-\d\d {2}anna/);
    expect(printed("flash 1 hex")).toMatch(/^0000 {2}00 00 ff ff .*\n[\s\S]*\n\*\n/);
    for (const line of output.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  test("a power cut keeps records, loses the clock, and a desk puts it right", async () => {
    const { code, printed } = await runScript([
      "desk enrol",
      "neighbour anna 1m",
      "run 40m",
      "neighbour anna gone",
      "run 10m",
      "desk log",
      "power cut 5m",
      "state",
      "press 1s",
      "desk sync",
      "desk log",
      "state",
    ]);
    expect(code).toBe(0);
    expect(printed("state")).toMatch(/Token's clock +\S+ \S+, \S+ s slow, guessed/);
    expect(printed("press 1s")).toMatch(/blue 4 x 200 ms: needs a desk/);
    expect(printed("state", 1)).toMatch(/Token's clock +\S+ \S+, (right|0\.\d s slow)$/m);
    const [before, later] = [printed("desk log"), printed("desk log", 1)];
    const records = (log: string) => log.split("\n").filter((line) => / anna /.test(line));
    expect(records(before).length).toBeGreaterThan(3);
    expect(records(later)).toEqual(records(before));
  });

  test("the button does what the README says", async () => {
    const { printed } = await runScript([
      "desk enrol",
      "press 1s",
      "press 3s",
      "state",
      "air",
      "run 2m",
      "press 10s",
      "press 0.3s",
    ]);
    expect(printed("press 1s")).toMatch(/green on[\s\S]*green off[\s\S]*green 1 x 400 ms: on/);
    expect(printed("press 3s")).toMatch(/blue on[\s\S]*window open/);
    expect(printed("state")).toMatch(/Lights +blue\n/);
    expect(printed("state")).toMatch(/Radio +sync window open/);
    expect(printed("air")).toMatch(/100 ms, connectable/);
    expect(printed("run 2m")).toMatch(/blue off[\s\S]*window closed/);
    expect(printed("press 10s")).toMatch(/contact detection paused[\s\S]*blue 2 x 400 ms: paused/);
    expect(printed("press 0.3s")).toMatch(/blue 2 x 400 ms: paused or off/);
  });

  test("a neighbour who shares its keys makes the token warn, until its wearer has been told", async () => {
    const { printed } = await runScript([
      "desk enrol",
      "n anna 1m",
      "run 45m",
      "d share anna",
      "d sync",
      "p 1s",
      "d told",
      "d status",
    ]);
    expect(printed("d share anna")).toMatch(/1 key shared/);
    expect(printed("d sync")).toMatch(/compared with 1 published key: risk high/);
    expect(printed("p 1s")).toMatch(/red 3 x 1000 ms: exposure/);
    expect(printed("d status")).toMatch(/Exposure +high, 2026-06-02, \d+ min, the wearer knows/);
  });

  test("what is on air is made of the keys in flash", async () => {
    const { printed } = await runScript(["air", "desk enrol", "run 3h", "air", "flash 0"]);
    expect(printed("air")).toBe("Nothing is on air.\n");
    const air = printed("air", 1);
    expect(air).toMatch(/Interval +2\d\d ms, not connectable, 0 dBm/);
    expect(air).toMatch(/Key +of 2026-06-02, interval \d{7} \(2026-06-02 1[01]:\d0 UTC\)/);
    expect(air).toMatch(/Metadata +40000000: version 1\.0, 0 dBm/);
    expect(printed("flash 0")).toMatch(/Key +2026-06-02 {2}[0-9a-f]{32}/);
  });

  test("flash that fails is seen, and what was not written comes back later", async () => {
    const { printed } = await runScript([
      "desk enrol",
      "neighbour anna 1m",
      "flash fail on",
      "run 30m",
      "flash",
      "flash fail off",
      "run 30m",
      "flash",
    ]);
    expect(printed("run 30m")).toMatch(/ 0 records/);
    expect(printed("flash")).toMatch(/ 1 .* spare .*\n +2-5 .* free /);
    expect(printed("flash")).toMatch(/Writing and erasing fail/);
    expect(printed("run 30m", 1)).toMatch(/ log {5}anna/);
    expect(printed("flash", 1)).toMatch(/log +0 {2}\[#+\.*\] {2}\d+\/341 slots/);
  });

  test("battery and drift show", async () => {
    const { printed } = await runScript([
      "desk enrol",
      "battery 50",
      "run 1h10m",
      "press 1s",
      "drift 250",
      "run 10h",
      "state",
    ]);
    expect(printed("press 1s")).toMatch(/red 5 x 100 ms: low battery/);
    expect(printed("state")).toMatch(/9\.0 s fast|8\.\d s fast/);
    expect(printed("state")).toMatch(/Battery +50 %/);
  });

  test("events: scans as well, or nothing but the summary", async () => {
    const { printed } = await runScript([
      "desk enrol",
      "neighbour anna 1m",
      "events scans",
      "run 30m",
      "events off",
      "until 12:00",
      "events",
    ]);
    expect(printed("run 30m")).toMatch(/ scan {4}\d beacons? of 1, best -\d\d dBm/);
    expect(printed("until 12:00").trim().split("\n")).toHaveLength(2);
    expect(printed("until 12:00")).toMatch(/now 2026-06-02 12:00:00 UTC/);
    expect(printed("events")).toBe("Events are off.\n");
  });

  test("memory says what it knows, and how the rest is found out", async () => {
    vi.stubEnv("ESPRUINO", "");
    const { printed } = await runScript(["desk enrol", "memory fragment", "memory", "run 1h"]);
    vi.unstubAllEnvs();
    expect(printed("memory")).toMatch(/Timers waiting +\d+\n[\s\S]*fragmented[\s\S]*set ESPRUINO/);
    // The firmware has put memory in order, and has gone on.
    expect(printed("run 1h")).toMatch(/[3-6] identifiers/);
  });

  test.runIf(process.env["ESPRUINO"])("memory is counted on the real interpreter", async () => {
    const { printed } = await runScript(["desk enrol", "neighbour anna 1m", "memory"]);
    const [first, later, most, all] = Array.from(
      printed("memory").matchAll(/\d,\d{3}/g),
      ([number]) => Number(number.replace(",", "")),
    );
    expect(first).toBeGreaterThan(1000);
    expect(later).toBeLessThan(1700);
    expect(most).toBeGreaterThanOrEqual(later!);
    expect(all).toBeGreaterThan(2000);
  });

  test("a Bangle.js 2", async () => {
    const { code, printed } = await runScript(
      ["desk enrol", "neighbour anna 1m", "run 20m", "press 1s", "desk log", "flash", "state"],
      { board: "banglejs2" },
    );
    expect(code).toBe(0);
    expect(printed("press 1s")).toMatch(/1 x 400 ms: on/);
    expect(printed("desk log")).toMatch(/anna/);
    expect(printed("flash")).toMatch(/ state .*\n.* log /);
    expect(printed("state")).toMatch(/Screen +08:2\d \| ON/);
  });

  test("the same seed gives the same session", async () => {
    const script = ["desk enrol", "neighbour anna 2m", "run 1h", "flash 1 hex"];
    const first = await runScript(script);
    expect((await runScript(script)).output).toBe(first.output);
  });
});

test("help names every command and its forms, on 80 columns", async () => {
  const help = COMMANDS.map(({ name }) => `help ${name}`);
  const { code, output, printed } = await runScript(["help", ...help, "flash"]);
  expect(code).toBe(0);
  for (const { name, usage, summary } of COMMANDS) {
    expect(printed("help")).toContain(summary);
    for (const form of usage) expect(printed(`help ${name}`)).toContain(`${form}\n`);
  }
  for (const line of output.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
});

test("firmware that fails ends a script with what it said, and its flash is kept", async () => {
  const flash = join(folder, "broken.flash");
  const broken = 'setTimeout(() => { throw new Error("out of ideas"); }, 5000);';
  const identity = { serial: 1, key: new Uint8Array(16) };
  writeFileSync(flash, buildStorageImage("puckjs", identity, broken));
  const { code, output, printed } = await runScript(["run 1m", "state"], { flash });
  expect(code).toBe(1);
  expect(printed("run 1m")).toBe("Line 1: The firmware or its board failed: out of ideas\n");
  expect(output).not.toMatch(/> state/);
});

describe("a flash file", () => {
  test("goes on from session to session, and never back in time", async () => {
    const flash = join(folder, "kept.flash");
    await runScript(["desk enrol", "neighbour anna 1m", "run 1d"], { flash });
    const { code, printed } = await runScript(["state", "desk log"], { flash });
    expect(code).toBe(0);
    expect(printed("state")).toMatch(/Time +2026-06-03 08:\d0:00 UTC/);
    expect(printed("desk log")).toMatch(/unknown +[0-9a-f]{14}/);
  });

  test("save and load bring a token back to where it was", async () => {
    const file = join(folder, "saved.flash");
    const { code, printed } = await runScript([
      "desk enrol",
      `save ${file}`,
      "desk erase",
      "state",
      `load ${file}`,
      "state",
      "run 10m",
    ]);
    expect(code).toBe(0);
    expect(printed("state")).toMatch(/Contact detection +off/);
    expect(printed("state", 1)).toMatch(/Contact detection +on/);
    expect(printed("run 10m")).toMatch(/needs a desk/);
  });

  test("another board's flash, or none at all, is refused", async () => {
    const file = join(folder, "wrong.flash");
    writeFileSync(file, new Uint8Array(LAYOUTS.puckjs.storagePages * PAGE_BYTES));
    const refused = await runScript([], { flash: file });
    expect(refused.code).toBe(1);
    expect(refused.output).toMatch(/is not the flash of a token on a puckjs/);
    expect(readFileSync(file).every((byte) => byte === 0)).toBe(true);
    const loading = await runScript([`load ${file}`]);
    expect(loading.output).toMatch(/^Line 1: The file .* is not the flash/m);
    expect((await runScript(["load nowhere.flash"])).output).toMatch(/cannot be read/);
  });
});

describe("what cannot be done is said in one sentence, and ends a script", () => {
  test.each([
    ["frobnicate", /There is no command "frobnicate"; help lists them\./],
    ["e extra", /"extra" is not known here; write on, off or scans\./],
    ["run", /Say how long: run 10m\./],
    ["run fast", /"fast" is no duration/],
    ["until 2020-01-01", /2020-01-01 is past/],
    ["press", /Say how long: press 3s\./],
    ["neighbour anna", /Say where anna is/],
    ["neighbour anna 2m window", /"window" is nothing between tokens/],
    ["neighbour anna/ 2m", /is no name/],
    ["neighbour anna gone", /There is no neighbour anna/],
    ["desk", /Say which: enrol, status/],
    ["desk share anna", /There is no neighbour anna/],
    ["power on", /The token has power already/],
    ["battery 101", /"101" is no percentage; write a number from 0 to 100\./],
    ["flash 6", /There is no page "6"; the token's own are 0 to 5\./],
    ["flash fail", /Say which: on or off\./],
    ["save", /Say where: save token\.flash\./],
    ["p 1s\nd", /Say which: enrol, status/],
  ])("%j", async (command, sentence) => {
    const { code, output } = await runScript(["help", ...command.split("\n"), "state"]);
    expect(code).toBe(1);
    const line = 1 + command.split("\n").length;
    expect(output).toMatch(new RegExp(`^Line ${line}: `, "m"));
    const [, told] = output.split(`\nLine ${line}: `);
    expect(told).toMatch(sentence);
    expect(told!.trim().split("\n")).toHaveLength(1);
  });

  test("without power there is nothing to press, read or hear", async () => {
    for (const command of ["press 1s", "desk log", "air", "power off"]) {
      const { code, output } = await runScript(["power off", command]);
      expect(code).toBe(1);
      expect(output).toMatch(/Line 2: The token has no power; put it on: power on\./);
    }
  });
});

test("a script ends quietly when nobody reads any more", async () => {
  let lines = 0;
  const code = await runTokenShell({
    board: "puckjs",
    seed: "test",
    input: Readable.from(["desk enrol\n", "run 1d\n", "run 1d\n"]),
    output: new Writable({
      write: (_chunk, _encoding, done) => {
        lines++;
        done(lines > 3 ? new Error("write EPIPE") : null);
      },
    }),
  });
  expect(code).toBe(0);
  expect(lines).toBe(4);
});

test("a terminal gets a prompt, completion, and goes on after a mistake", async () => {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} });
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
  let shown = "";
  output.on("data", (chunk) => {
    shown += chunk;
  });
  const shows = (text: string | RegExp) =>
    vi.waitFor(() => expect(shown.slice(-400)).toMatch(text), { timeout: 30_000 });
  const code = runTokenShell({
    board: "puckjs",
    seed: "test",
    input: input as unknown as NodeJS.ReadableStream,
    output,
  });
  await shows(/08:00:00>/);
  const type = (text: string) => {
    for (const key of text) input.write(key);
  };
  type("nonsense\r");
  await shows(/There is no command "nonsense"/);
  type("neig");
  input.write("\t");
  await shows(/neighbour /);
  input.write("\x03");
  await shows(/\^C/);
  type("desk enrol\r");
  await shows(/window closed[\s\S]*08:01:0\d>/);
  type("neighbour anna 1m\r");
  await shows(/08:02:1\d>/);
  type("run 400d\r");
  await shows(/anna: \d+ min/);
  input.write("\x03");
  await shows(/Stopped after /);
  type("quit\r");
  expect(await code).toBe(0);
});
