import fc from "fast-check";
import { expect, test } from "vitest";
import { creationTime } from "../../server/publish-checks.ts";
import { type Pilot, START, startPilot, TODAY } from "./pilot.ts";
import { readExported } from "./read-exported.ts";
import { dayKey, publish, publishReport } from "./upload.ts";

const HOUR = 3600;
const BATCH = 4 * HOUR;

/** Seconds at which a key with this span may leave the server: its end and 12 intervals. */
const embargoEnd = (key: { rollingStartNumber: number; rollingPeriod: number }) =>
  (key.rollingStartNumber + key.rollingPeriod + 12) * 600;

test("whatever its times and the upload's, a key is filed in a batch that is made after its embargo", () => {
  const second = fc.integer({ min: START, max: START + 3 * 86_400 });
  // A key may start now at the latest and have ended 15 days ago.
  const age = fc.integer({ min: 0, max: 15 * 144 });
  const period = fc.integer({ min: 1, max: 144 });
  fc.assert(
    fc.property(second, age, period, (now, intervalsAgo, rollingPeriod) => {
      const key = { rollingStartNumber: Math.floor(now / 600) - intervalsAgo, rollingPeriod };
      const createdAt = creationTime(key, now);
      const batchEnd = createdAt - (createdAt % BATCH) + BATCH;
      expect(createdAt % HOUR).toBe(0);
      expect(batchEnd + 2 * HOUR).toBeGreaterThanOrEqual(embargoEnd(key));
    }),
    { numRuns: 2000 },
  );
});

/** When, in steps of ten minutes, an export first holds the key, as new or revised. */
async function firstExport(
  pilot: Pilot,
  key: { key: string },
  list: "keys" | "revisedKeys",
): Promise<number> {
  const seen = new Set<string>();
  for (; pilot.time < START + 4 * 86_400; pilot.time += 600) {
    if (pilot.server.createExports() === 0) continue;
    for (const path of (await pilot.exportPaths()).filter((each) => !seen.has(each))) {
      seen.add(path);
      const file = readExported(await pilot.exportFile(path), pilot.server.exportPublicKeys);
      const keys = file[list].map(({ keyData }) => Buffer.from(keyData).toString("base64"));
      if (keys.includes(key.key)) return pilot.time;
    }
  }
  throw new Error("the key was never exported");
}

test.each([
  ["of today", { rollingPeriod: 144 }],
  ["of today that was cut short at this moment", { rollingPeriod: 81 }],
  ["of today that was cut short an hour ago", { rollingPeriod: 75 }],
  ["of today that ends in ten minutes", { rollingPeriod: 82 }],
  ["of today that ends shortly before a full hour", { rollingPeriod: 89 }],
])("a key %s leaves the server after its embargo", async (_, span) => {
  const pilot = await startPilot();
  const key = { ...dayKey(0), ...span };
  await publish(pilot, [key]);
  expect(await firstExport(pilot, key, "keys")).toBeGreaterThanOrEqual(embargoEnd(key));
});

test("a key that is revised while it is still valid keeps its embargo", async () => {
  const pilot = await startPilot();
  const key = dayKey(0);
  const { json } = await publishReport(pilot, "likely", [key]);
  pilot.time += 2 * HOUR;
  await publishReport(pilot, "confirmed", [key], { revisionToken: json.revisionToken });
  const at = await firstExport(pilot, key, "revisedKeys");
  expect(at).toBeGreaterThanOrEqual(embargoEnd({ rollingStartNumber: TODAY, rollingPeriod: 144 }));
});
