import { expect, test } from "vitest";
import { eachEvent } from "../../../simulator/air/advertising.ts";
import { receiverShare, receiverWindows } from "../../../simulator/air/windows.ts";
import { createRandom } from "../../../simulator/random.ts";

const SCAN = 290;
const PART = { from: 0, to: SCAN };
const ADVERTISER = { interval: 270, from: -1e9, to: 1e9 };

// How long the receiver is on in a scan, the mean over many, in ms.
function receiverOn(window: number, sends: boolean): number {
  const random = createRandom(`window ${window}`);
  let sum = 0;
  for (let scan = 0; scan < 4000; scan++) {
    const events: number[] = [];
    if (sends) eachEvent(random, ADVERTISER, PART, (start) => events.push(start));
    for (const each of receiverWindows(
      { ...PART, parameters: { window, interval: window } },
      events,
    )) {
      if (each) sum += each.to - each.from;
    }
  }
  return sum / 4000;
}

// Means of 40 scans of the emulated chip, whose own events fell anywhere in them.
test.each([
  [100, false, 286],
  [20, false, 274],
  [100, true, 181],
  [50, true, 229],
  [20, true, 251],
  [10, true, 248],
  [4, true, 208],
])(
  "windows of %s ms, while it sends: %s: the receiver is on for %s ms of 290",
  (window, sends, measured) => {
    const modelled = receiverOn(window, sends);
    expect(Math.abs(modelled - measured)).toBeLessThanOrEqual(0.1 * measured);
  },
);

test("a window longer than the time between own events hears next to nothing", () => {
  // The chip: 22 ms.
  expect(receiverOn(300, true)).toBeLessThan(29);
});

test("the share that is counted for charge is the mean of what scans have", () => {
  for (const window of [10, 20, 50]) {
    const parameters = { window, interval: window };
    expect(receiverShare(parameters, 275)).toBeCloseTo(receiverOn(window, true) / SCAN, 1);
    expect(receiverShare(parameters)).toBeCloseTo(receiverOn(window, false) / SCAN, 1);
  }
  expect(receiverShare({ window: 25, interval: 100 })).toBeCloseTo(0.238, 9);
  expect(receiverShare({ window: 999, interval: 999 }, 275)).toBe(0);
});
