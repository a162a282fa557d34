import { expect, test } from "vitest";
import { deleteExpired } from "../../server/retention.ts";
import { insertKey } from "../../server/temporary-exposure-keys.ts";
import { everyByte, temporaryDirectory } from "./directory.ts";
import { START, seededRandom, TODAY } from "./pilot.ts";
import { upkeepContext } from "./upkeep-context.ts";

const DAY = 86_400;

test("of tens of thousands of keys that came and went, not one is left in the files", () => {
  const directory = temporaryDirectory();
  const clock = { time: START };
  const context = upkeepContext(directory, clock);
  const random = seededRandom("many keys");
  const days: Uint8Array[][] = [];
  for (let day = 0; day < 20; day++) {
    clock.time = START + day * DAY;
    // Three batches of a few uploads and their padding.
    const keys = Array.from({ length: 3 * 1050 }, () => random(16));
    days.push(keys);
    for (let at = 0; at < keys.length; at += 150) {
      context.db.transaction(() => {
        for (const keyData of keys.slice(at, at + 150)) {
          insertKey(context.db, {
            keyData,
            rollingStartIntervalNumber: TODAY,
            rollingPeriod: 144,
            transmissionRiskLevel: 2,
            daysSinceOnsetOfSymptoms: 0,
            reportType: 1,
            createdAt: clock.time - (clock.time % 3600),
          });
        }
      });
    }
    deleteExpired(context);
  }
  const bytes = everyByte(directory);
  const there = days.map((keys) => countIn(bytes, keys));
  expect(there).toEqual(days.map((keys, day) => (day > 19 - 14 ? keys.length : 0)));
  expect(context.db.all("PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
});

/** How many of these keys are in the bytes, at whatever place; one pass for all of them. */
function countIn(bytes: Buffer, keys: readonly Uint8Array[]): number {
  const byStart = new Map<number, Buffer>();
  for (const key of keys) byStart.set(Buffer.from(key).readUInt32LE(), Buffer.from(key));
  expect(byStart.size).toBe(keys.length);
  const found = new Set<Buffer>();
  for (let at = 0; at + 16 <= bytes.length; at++) {
    const key = byStart.get(bytes.readUInt32LE(at));
    if (key && bytes.compare(key, 0, 16, at, at + 16) === 0) found.add(key);
  }
  return found.size;
}
