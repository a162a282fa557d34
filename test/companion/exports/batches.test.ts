import { expect, test } from "vitest";
import { incompleteBatches, requireWholeBatches } from "../../../companion/exports/batches.ts";
import { failureCode } from "./make-export.ts";

const part = (batchNum: number, batchSize: number, changes: object = {}) => ({
  region: "KZ",
  startTimestamp: 1,
  endTimestamp: 2,
  batchNum,
  batchSize,
  ...changes,
});

test("a batch of several files needs all of them", () => {
  expect(failureCode(() => requireWholeBatches([part(1, 2)]))).toBe("export-batch-incomplete");
  requireWholeBatches([part(2, 2), part(1, 2)]);
  requireWholeBatches([part(1, 1), part(1, 1, { startTimestamp: 0 })]);
  requireWholeBatches([]);
});

test("the same part twice does not make up for another", () => {
  expect(incompleteBatches([part(1, 2), part(1, 2)]).size).toBe(1);
});

test.each([{ region: "RU" }, { startTimestamp: 0 }, { endTimestamp: 3 }])(
  "a part of another batch does not either: %j",
  (changes) => {
    expect(incompleteBatches([part(1, 2), part(2, 2, changes)]).size).toBe(2);
  },
);
