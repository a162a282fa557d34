import type { BinaryWriter } from "@bufbuild/protobuf/wire";
import { describe, expect, test } from "vitest";
import { readExport } from "../../../companion/exports/export-file.ts";
import type { DatedEncounter } from "../../../companion/matching/match-log.ts";
import type { RiskModel } from "../../../companion/risk/risk.ts";
import { DEFAULT_RISK_MODEL, riskModelOf } from "../../../companion/risk/risk-configuration.ts";
import { checkLog } from "../../../companion/visit/check-log.ts";
import { fromHex, vectors } from "../../support/vectors.ts";
import {
  bytesField,
  exportBin,
  intField,
  message,
  trusted,
  zipped,
} from "../exports/make-export.ts";

interface Report {
  type?: number;
  onset?: number;
}

/** What a key server signs: the vectors' key, with a report and perhaps a later one. */
function exported(first: Report, revised?: Report): Uint8Array {
  const write = (writer: BinaryWriter, field: number, { type, onset }: Report) => {
    const key = message((fields) => {
      bytesField(fields, 1, fromHex(vectors.tek));
      intField(fields, 3, vectors.startInterval);
      if (type !== undefined) intField(fields, 5, type);
      if (onset !== undefined) fields.tag(6, 0).sint32(onset);
    });
    bytesField(writer, field, key);
  };
  const bin = exportBin((writer) => {
    write(writer, 7, first);
    if (revised) write(writer, 8, revised);
  });
  return zipped(bin);
}

/** A wearer who was near the vectors' one for so many minutes; 8 + 50 dB are less than 63. */
const log = (minutes: number): DatedEncounter[] => {
  const [interval, rpi, aem] = vectors.intervals[60]!;
  const rpiPrefix = fromHex(rpi).subarray(0, 7);
  const aemPrefix = fromHex(aem).subarray(0, 2);
  return [{ rpiPrefix, aemPrefix, interval, epoch: 1, minutes, meanRssi: -52, bestRssi: -50 }];
};

async function levelOf(zip: Uint8Array, minutes: number, model: RiskModel): Promise<string> {
  const { keys, revisedKeys } = readExport(zip, trusted);
  return (await checkLog(log(minutes), [keys, revisedKeys], { model })).level;
}

/** From how many minutes the risk is low, and high; undefined when it is none at all. */
async function limits(
  zip: Uint8Array,
  model: RiskModel = DEFAULT_RISK_MODEL,
): Promise<[low: number, high: number] | undefined> {
  const levels = await Promise.all(
    Array.from({ length: 30 }, (_, minutes) => levelOf(zip, minutes, model)),
  );
  const low = levels.indexOf("low");
  return low < 0 && !levels.includes("high") ? undefined : [low, levels.indexOf("high")];
}

// Minutes count 0.8 each at that attenuation, and 0.6 to 1.6 times as much by the report.
describe("an export's report", () => {
  const standard = 4;
  const high = 1;

  test.each<[string, number | undefined, number, [number, number] | undefined]>([
    ["confirmed test", 1, high, [4, 7]],
    ["confirmed test", 1, standard, [5, 8]],
    ["clinical diagnosis", 2, high, [6, 10]],
    ["clinical diagnosis", 2, standard, [7, 12]],
    ["self-report", 3, high, [8, 14]],
    ["self-report", 3, standard, [11, 19]],
    ["report of unknown type", 0, standard, [11, 19]],
    ["report without a type", undefined, standard, [11, 19]],
    ["recursive report", 4, high, undefined],
    ["revoked report", 5, high, undefined],
    ["report of a type that is not known yet", 6, high, undefined],
  ])(
    "%s (%s) at onset day %i is low and high from %j minutes",
    async (_, type, onset, expected) => {
      expect(await limits(exported({ ...(type !== undefined && { type }), onset }))).toEqual(
        expected,
      );
    },
  );

  test.each<[number | undefined, [number, number] | undefined]>([
    [-15, [5, 8]],
    [-14, undefined],
    [-4, undefined],
    [-3, [5, 8]],
    [-2, [5, 8]],
    [-1, [4, 7]],
    [0, [4, 7]],
    [3, [4, 7]],
    [4, [5, 8]],
    [10, [5, 8]],
    [11, undefined],
    [14, undefined],
    [15, [5, 8]],
    [3986, [5, 8]],
    [undefined, [5, 8]],
  ])(
    "of a confirmed test at onset day %s is low and high from %j minutes",
    async (onset, expected) => {
      expect(await limits(exported({ type: 1, ...(onset !== undefined && { onset }) }))).toEqual(
        expected,
      );
    },
  );

  test("is read as the configuration says", async () => {
    const model = riskModelOf(
      {
        model: "corona-warn-app",
        diagnosisKeysDataMapping: {
          daysSinceOnsetToInfectiousness: { 1: 1, 2: 2 },
          infectiousnessWhenDaysSinceOnsetMissing: 0,
          reportTypeWhenMissing: 1,
        },
      },
      "It",
    );
    expect(await limits(exported({ type: 3, onset: 1 }), model)).toEqual([11, 19]);
    expect(await limits(exported({ onset: 2 }), model)).toEqual([4, 7]);
    expect(await limits(exported({ type: 1, onset: 0 }), model)).toBeUndefined();
    expect(await limits(exported({ type: 1 }), model)).toBeUndefined();
  });
});

describe("a revised key", () => {
  test.each<[string, Report, Report, [number, number] | undefined]>([
    ["a self-report that was confirmed", { type: 3, onset: 4 }, { type: 1, onset: 4 }, [5, 8]],
    ["a diagnosis that was confirmed", { type: 2, onset: 4 }, { type: 1, onset: 4 }, [5, 8]],
    ["an onset day that was corrected", { type: 1, onset: 4 }, { type: 1, onset: 0 }, [4, 7]],
    [
      "an onset day that makes it harmless",
      { type: 1, onset: 0 },
      { type: 1, onset: 12 },
      undefined,
    ],
    ["a report that was revoked", { type: 3, onset: 0 }, { type: 5, onset: 0 }, undefined],
  ])("is what counts: %s", async (_, first, revised, expected) => {
    expect(await limits(exported(first, revised))).toEqual(expected);
  });
});
