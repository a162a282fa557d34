import { expect, test } from "vitest";
import { DayRecorder } from "../../../simulator/run/day-recorder.ts";
import type { ScanHeard } from "../../../simulator/run/hearing.ts";
import { Timeline } from "../../../simulator/timeline.ts";
import { scripted } from "./scripted-boards.ts";
import { DAY } from "./small-world.ts";

/** What happens at times in seconds after power-on; the recorder begins at 10 s, which is the scenario's start. */
function record(day: number, actions: readonly (readonly [at: number, script: string])[]) {
  const timeline = new Timeline(0);
  const device = scripted(
    timeline,
    actions.map(([at, script]) => `setTimeout(() => { ${script} }, ${1000 * at});`).join("\n"),
  );
  timeline.runUntil(10_000);
  const recorder = new DayRecorder(device, day, () => timeline.now / 1000 - 10);
  return { recorder, run: (until: number) => timeline.runUntil(1000 * (10 + until)) };
}

const address = (last: number): string =>
  `NRF.setAddress("c0:00:00:00:00:0${last} random"); NRF.sleep(); NRF.wake();`;
const write = (at: number): string =>
  `require("Flash").write(new Uint8Array(12), ${0x75000 + at});`;
const scan = (from: number, to: number): ScanHeard => ({
  person: 0,
  from,
  to,
  arrivals: [],
  beacons: 2,
  strongest: -60,
});

test("a new address is a rotation, and the one that it has already is none", () => {
  const { recorder, run } = record(0, [
    [5, address(1)],
    [20, address(2)],
    [30, "NRF.sleep();"],
    [40, "NRF.wake();"],
    [50, address(3)],
  ]);
  run(100);
  expect(recorder.events).toEqual([
    { from: 10, to: 10, what: "rotation" },
    { from: 40, to: 40, what: "rotation" },
  ]);
});

test("writes that follow each other are one operation; an erasure is one, too", () => {
  const { recorder, run } = record(0, [
    [20, write(0)],
    [20.6, write(12)],
    [21.5, write(24)],
    [23, 'require("Flash").erasePage(0x75000);'],
    [60, write(0)],
  ]);
  run(100);
  expect(recorder.events.map(({ what, from, to }) => [what, from, to])).toEqual(
    [10, 13, 50].map((at) => ["flash", at, at]),
  );
});

test("a light is from on to off, also when it is switched on twice", () => {
  const { recorder, run } = record(0, [
    [20, "LED1.write(true);"],
    [21, "LED1.write(true);"],
    [22, "LED1.write(false);"],
    [23, "LED1.write(false);"],
  ]);
  run(100);
  expect(recorder.events).toEqual([{ from: 10, to: 12, what: "light" }]);
});

test("what begins on the day belongs to it, whatever the day, and nothing else", () => {
  for (const day of [0, 1]) {
    const begin = 10 + day * DAY;
    const { recorder, run } = record(day, [
      [begin - 2, address(1)],
      [begin - 1, write(0)],
      [begin + 3, write(12)],
      [begin + DAY - 1, address(2)],
      [begin + DAY - 1, "LED1.write(true);"],
      [begin + DAY + 1, "LED1.write(false);"],
      [begin + DAY + 2, address(3)],
      [begin + DAY + 3, write(24)],
    ]);
    run(day * DAY + 60);
    recorder.scanned(scan(day * DAY - 1, day * DAY + 1));
    recorder.scanned(scan(day * DAY + 58, day * DAY + 60));
    run((day + 1) * DAY + 60);
    recorder.scanned(scan((day + 1) * DAY - 1, (day + 1) * DAY + 1));
    recorder.scanned(scan((day + 1) * DAY, (day + 1) * DAY + 2));
    expect(
      recorder.events.map(({ what, from, to }) => [what, from - day * DAY, to - day * DAY]),
    ).toEqual([
      ["flash", 3, 3],
      ["scan", 58, 60],
      ["rotation", DAY - 1, DAY - 1],
      ["light", DAY - 1, DAY + 1],
      ["scan", DAY - 1, DAY + 1],
    ]);
  }
});

test("a scan is told of with what it heard", () => {
  const { recorder } = record(0, []);
  recorder.scanned(scan(1, 2));
  expect(recorder.events).toEqual([{ from: 1, to: 2, what: "scan", beacons: 2, strongest: -60 }]);
});

test("after the end of an interrupted run nothing is recorded", () => {
  const { recorder, run } = record(0, [
    [20, write(0)],
    [40, address(1)],
  ]);
  run(20);
  recorder.end();
  run(60);
  recorder.scanned(scan(25, 26));
  expect(recorder.events).toEqual([{ from: 10, to: 10, what: "flash" }]);
});
