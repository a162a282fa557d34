import { generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { unzipSync, zipSync } from "fflate";
import { expect, test } from "vitest";
import { readExport } from "../../../companion/exports/export-file.ts";
import { writeExportFile } from "../../../server/export-file.ts";
import { failureCode } from "./make-export.ts";

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
const trusted = [{ id: "401", version: "v1", pem }];

const temporaryExposureKey = fc.record({
  keyData: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  rollingStartIntervalNumber: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  rollingPeriod: fc.integer({ min: 1, max: 144 }),
  transmissionRiskLevel: fc.integer({ min: 0, max: 8 }),
  daysSinceOnsetOfSymptoms: fc.integer({ min: -14, max: 14 }),
  createdAt: fc.constant(0),
});

const content = fc.record({
  region: fc.constantFrom("KZ", "KG"),
  startTimestamp: fc.integer({ min: 0, max: 2 ** 32 }),
  endTimestamp: fc.integer({ min: 2 ** 32, max: 2 ** 40 }),
  keys: fc.array(temporaryExposureKey, { maxLength: 40 }),
});

const sample = writeExportFile(
  {
    region: "KZ",
    startTimestamp: 1_600_000_000,
    endTimestamp: 1_600_014_400,
    keys: Array.from({ length: 20 }, (_, i) => ({
      keyData: new Uint8Array(16).fill(i),
      rollingStartIntervalNumber: 2_666_880,
      rollingPeriod: 144 - i,
      transmissionRiskLevel: 2,
      daysSinceOnsetOfSymptoms: -i,
      createdAt: 0,
    })),
  },
  privateKey,
);

test("what the server writes the desk reads", () => {
  fc.assert(
    fc.property(content, (written) => {
      const file = readExport(writeExportFile(written, privateKey), trusted);
      expect(file).toEqual({
        region: written.region,
        startTimestamp: written.startTimestamp,
        endTimestamp: written.endTimestamp,
        batchNum: 1,
        batchSize: 1,
        keys: written.keys.map(({ createdAt: _, ...key }) => ({ ...key, reportType: 1 })),
        revisedKeys: [],
      });
    }),
  );
});

test("random bytes are refused with a Failure", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
      expect(failureCode(() => readExport(bytes, trusted))).not.toBe("no failure");
    }),
  );
});

test("every truncation is refused as damaged", () => {
  for (let length = 0; length < sample.length; length++) {
    const cut = sample.slice(0, length);
    expect(failureCode(() => readExport(cut, trusted))).toBe("export-not-a-zip");
  }
});

test("every flipped bit is refused with a Failure or changes nothing", () => {
  const intact = readExport(sample, trusted);
  for (let bit = 0; bit < sample.length * 8; bit++) {
    const flipped = flip(sample, bit);
    // Some bits of a zip mean nothing here, such as times of day.
    const outcome = failureCode(() => expect(readExport(flipped, trusted)).toEqual(intact));
    expect(outcome).toMatch(/^(no failure|export-)/);
  }
});

test("a flipped bit inside is noticed even when the zip's checksums are right", () => {
  const intact = readExport(sample, trusted);
  const { "export.bin": bin, "export.sig": sig } = unzipSync(sample) as {
    [name: string]: Uint8Array;
  };
  for (let bit = 0; bit < bin!.length * 8; bit++) {
    const zip = zipSync({ "export.bin": flip(bin!, bit), "export.sig": sig! }, { level: 0 });
    const expected = bit < 128 ? "export-header-wrong" : "export-signature-wrong";
    expect(failureCode(() => readExport(zip, trusted))).toBe(expected);
  }
  for (let bit = 0; bit < sig!.length * 8; bit++) {
    const zip = zipSync({ "export.bin": bin!, "export.sig": flip(sig!, bit) }, { level: 0 });
    // The batch numbers in export.sig are not used.
    const outcome = failureCode(() => expect(readExport(zip, trusted)).toEqual(intact));
    expect(outcome).toMatch(/^(no failure|export-(signature-wrong|signer-unknown|malformed))$/);
  }
});

function flip(bytes: Uint8Array, bit: number): Uint8Array {
  const flipped = bytes.slice();
  flipped[bit >> 3]! ^= 1 << (bit & 7);
  return flipped;
}
