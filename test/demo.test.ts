import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { decodeLog } from "../protocol/encounter-log.ts";
import { RECORD_BYTES } from "../protocol/encounter-record.ts";
import { PAGE_BYTES, PUCKJS, poolStart } from "../protocol/flash-layout.ts";
import { silentNarrator } from "../simulator/demo/narrator.ts";
import { type DemoOptions, type DemoResult, runDemo } from "../simulator/demo/scenario.ts";
import type { EspruinoDevice } from "../simulator/espruino/device.ts";

const run = (options: Partial<DemoOptions> = {}): Promise<DemoResult> =>
  runDemo({ seed: 1, narrator: silentNarrator, ...options });

const timeless = ({ wallSeconds, ...rest }: DemoResult) => rest;

// Calls back with the address of each record of the log.
function eachRecord(device: EspruinoDevice, visit: (at: number) => void): void {
  const view = new DataView(device.flash.bytes.buffer);
  for (let page = poolStart(PUCKJS); page < PUCKJS.storagePages * PAGE_BYTES; page += PAGE_BYTES) {
    // A page with a valid number whose top bit is not set holds encounters.
    const number = view.getUint16(page, true);
    if (view.getUint16(page + 2, true) !== (number ^ 0xffff) || number >= 0x8000) continue;
    for (let at = page + 4; at + RECORD_BYTES <= page + 4096; at += RECORD_BYTES) {
      const record = device.flash.bytes.subarray(at, at + RECORD_BYTES);
      const marked = Buffer.concat([device.flash.bytes.subarray(page + 4, page + 16), record]);
      if (decodeLog(marked).length > 0) visit(at);
    }
  }
}

describe("the demonstration", () => {
  test("warns A and not C, with date, minutes, signal strength and level", async () => {
    const result = await run();
    expect(result.exposed).toEqual({ A: true, C: false });
    expect(result.exposure).toMatchObject({ date: "2026-05-11", level: "high" });
    expect(Math.abs(result.exposure!.durationMinutes - 50)).toBeLessThanOrEqual(6);
    expect(result.exposure!.attenuationDb).toBeGreaterThan(45);
    expect(result.exposure!.attenuationDb).toBeLessThan(73);
    // Of three days, and of the day on which B is told.
    expect(result.keysPublished).toBe(4);
    expect(result.virtualDays).toBeGreaterThan(3);
  });

  test("repeats exactly for a seed, and differs between seeds", async () => {
    const [first, again, other] = [await run(), await run(), await run({ seed: 2 })];
    expect(timeless(again)).toEqual(timeless(first));
    expect(other.exposed).toEqual(first.exposed);
    expect(timeless(other)).not.toEqual(timeless(first));
  });

  test("without B's consent nothing is published and nobody is warned", async () => {
    const result = await run({ consent: false });
    expect(result).toMatchObject({
      exposed: { A: false, C: false },
      exposure: null,
      keysPublished: 0,
    });
  });

  test("one bit changed in one record of A's log takes that record's minutes away", async () => {
    const whole = await run();
    let records = 0;
    const minutes: number[] = [];
    await run({ tamper: (device) => eachRecord(device, () => records++) });
    expect(records).toBeGreaterThan(8);
    for (let changed = 0; changed < records; changed++) {
      let number = 0;
      const result = await run({
        tamper: (device) =>
          eachRecord(device, (at) => {
            // In the identifier, which the record's check does not cover.
            if (number++ === changed) device.flash.bytes[at]! ^= 1;
          }),
      });
      minutes.push(result.exposure!.durationMinutes);
    }
    const lost = minutes.map((each) => whole.exposure!.durationMinutes - each);
    expect(Math.min(...lost)).toBeGreaterThanOrEqual(0);
    expect(lost.reduce((sum, each) => sum + each, 0)).toBe(whole.exposure!.durationMinutes);
  }, 120_000);

  test("one bit changed in every record of A's log leaves nothing to warn of", async () => {
    const result = await run({
      tamper: (device) =>
        eachRecord(device, (at) => {
          device.flash.bytes[at + 3]! ^= 0x10;
        }),
    });
    expect(result.exposed).toEqual({ A: false, C: false });
    expect(result.exposure).toBeNull();
  });
});

describe("npm run demo", () => {
  const demo = (...args: string[]) =>
    promisify(execFile)(process.execPath, ["dist/simulator/demo/main.js", ...args]);

  test("tells the story in eight steps and ends with what the wearer of A is told", async () => {
    const { stdout } = await demo("--seed", "7");
    for (let step = 1; step <= 8; step++) expect(stdout).toContain(`[${step}/8]`);
    expect(stdout).toMatch(/looks the code up: pending/);
    expect(stdout).toMatch(/looks again: positive/);
    expect(stdout).toMatch(/A: .*risk high; pressed, the token shows the warning signal/);
    expect(stdout).toMatch(/C: .*risk none; pressed, the token shows no warning/);
    expect(stdout).toMatch(/Date: +2026-05-11/);
    expect(stdout).toMatch(/Time together: +\d+ minutes/);
    expect(stdout).toMatch(/Signal strength: +\d+ dB/);
    expect(stdout).toMatch(/Risk: +high/);
    expect(stdout).toMatch(/What to do: +Stay at home/);
  });

  test("--json prints one object and nothing else", async () => {
    const { stdout } = await demo("--json", "--seed", "7");
    expect(Object.keys(JSON.parse(stdout))).toEqual([
      "exposed",
      "exposure",
      "keysPublished",
      "virtualDays",
      "wallSeconds",
    ]);
  });

  test("a seed that is no number is refused", async () => {
    await expect(demo("--seed", "x")).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/whole number/),
    });
  });
});
