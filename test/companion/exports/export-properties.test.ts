import { generateKeyPairSync } from "node:crypto";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import fc from "fast-check";
import { unzipSync, zipSync } from "fflate";
import { expect, test } from "vitest";
import { withoutContradictions } from "../../../companion/exports/contradictions.ts";
import { inspectExport, readExport } from "../../../companion/exports/export-file.ts";
import { readAny, readPublishedKey } from "../../../companion/exports/published-key-reader.ts";
import {
  type PublishedKey,
  PublishedKeysBuilder,
  publishedKeys,
} from "../../../companion/exports/published-keys.ts";
import { writeExportFile } from "../../../server/export-file.ts";
import { eachPublishedKey } from "../../support/each-published-key.ts";
import { failureCode, HEADER } from "./make-export.ts";

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
const trusted = [{ id: "401", version: "v1", pem }];

const keyData = fc.uint8Array({ minLength: 16, maxLength: 16 });
const temporaryExposureKey = fc.record({
  keyData,
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
  keys: fc.uniqueArray(temporaryExposureKey, {
    maxLength: 300,
    selector: (key) => key.keyData.join(),
  }),
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
const { "export.bin": bin, "export.sig": sig } = unzipSync(sample) as {
  [name: string]: Uint8Array;
};

test("what the server writes the desk reads", () => {
  fc.assert(
    fc.property(content, (written) => {
      const file = readExport(writeExportFile(written, privateKey), trusted);
      const { keys, revisedKeys, ...rest } = file;
      expect(rest).toEqual({
        region: written.region,
        startTimestamp: written.startTimestamp,
        endTimestamp: written.endTimestamp,
        batchNum: 1,
        batchSize: 1,
      });
      expect([...eachPublishedKey([keys])]).toEqual(
        written.keys.map(({ createdAt: _, ...key }) => ({ ...key, reportType: 1 })),
      );
      expect(revisedKeys.length).toBe(0);
    }),
    { numRuns: 50 },
  );
});

test("random bytes are refused with a Failure", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
      expect(failureCode(() => readExport(bytes, trusted))).not.toBe("no failure");
      expect(failureCode(() => inspectExport(bytes, pem))).not.toBe("no failure");
    }),
  );
});

test("random contents of a zip are refused with a Failure, and never verified", () => {
  const bytes = fc.uint8Array({ maxLength: 300 });
  fc.assert(
    fc.property(bytes, bytes, fc.boolean(), (body, list, withHeader) => {
      const contents = withHeader ? Buffer.concat([Buffer.from(HEADER), body]) : body;
      const zip = zipSync({ "export.bin": contents, "export.sig": list });
      expect(failureCode(() => readExport(zip, trusted))).not.toBe("no failure");
      failureCode(() => expect(inspectExport(zip, pem).state).not.toBe("verified"));
    }),
  );
});

test("random changes of a good file never give other keys that are verified", () => {
  const intact = readExport(sample, trusted);
  const change = fc.record({
    at: fc.nat(),
    remove: fc.nat({ max: 8 }),
    insert: fc.uint8Array({ maxLength: 8 }),
  });
  const changed = (
    bytes: Uint8Array,
    changes: readonly { at: number; remove: number; insert: Uint8Array }[],
  ) =>
    changes.reduce<Uint8Array>((so, { at, remove, insert }) => {
      const from = at % (so.length + 1);
      return Buffer.concat([so.subarray(0, from), insert, so.subarray(from + remove)]);
    }, bytes);
  const changes = fc.array(change, { minLength: 1, maxLength: 4 });
  const expectSafe = (zip: Uint8Array) => {
    const outcome = failureCode(() => expect(readExport(zip, trusted)).toEqual(intact));
    expect(outcome).toMatch(/^(no failure|export-)/);
  };
  fc.assert(
    fc.property(changes, (list) => expectSafe(changed(sample, list))),
    { numRuns: 1000 },
  );
  fc.assert(
    fc.property(changes, (list) =>
      expectSafe(zipSync({ "export.bin": changed(bin!, list), "export.sig": sig! }, { level: 0 })),
    ),
    { numRuns: 1000 },
  );
  fc.assert(
    fc.property(changes, (list) =>
      expectSafe(zipSync({ "export.bin": bin!, "export.sig": changed(sig!, list) }, { level: 0 })),
    ),
    { numRuns: 1000 },
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
  for (let bit = 0; bit < bin!.length * 8; bit++) {
    const zip = zipSync({ "export.bin": flip(bin!, bit), "export.sig": sig! }, { level: 0 });
    const expected = bit < 128 ? "export-header-wrong" : "export-signature-wrong";
    expect(failureCode(() => readExport(zip, trusted))).toBe(expected);
  }
  for (let bit = 0; bit < sig!.length * 8; bit++) {
    const zip = zipSync({ "export.bin": bin!, "export.sig": flip(sig!, bit) }, { level: 0 });
    // The batch numbers in export.sig are not used.
    const outcome = failureCode(() => expect(readExport(zip, trusted)).toEqual(intact));
    expect(outcome).toMatch(
      /^(no failure|export-(signature-wrong|signer-unknown|unsigned|malformed))$/,
    );
  }
});

/** One field of a key as some server might write it. */
const field = fc.oneof(
  {
    weight: 3,
    arbitrary: keyData.map((data) => (to: BinaryWriter) => lengthPrefixed(to, 1, data)),
  },
  fc.uint8Array({ maxLength: 20 }).map((data) => (to: BinaryWriter) => lengthPrefixed(to, 1, data)),
  {
    weight: 12,
    arbitrary: fc
      .tuple(
        fc.integer({ min: 2, max: 20 }),
        fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer()),
      )
      .map(
        ([number, value]) =>
          (to: BinaryWriter) =>
            to.tag(number, WireType.Varint).int32(value),
      ),
  },
  fc.integer({ min: 1, max: 20 }).map((number) => (to: BinaryWriter) => {
    to.tag(number, WireType.Bit32).fixed32(7);
  }),
  fc.integer({ min: 1, max: 20 }).map((number) => (to: BinaryWriter) => {
    to.tag(number, WireType.StartGroup).tag(2, WireType.Varint).int32(1);
    to.tag(number, WireType.EndGroup);
  }),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value) => (to: BinaryWriter) => {
    to.tag(3, WireType.Varint).uint64(value);
  }),
  fc.uint8Array({ maxLength: 4 }).map((bytes) => (to: BinaryWriter) => to.raw(bytes)),
);

function lengthPrefixed(to: BinaryWriter, number: number, data: Uint8Array): void {
  to.tag(number, WireType.LengthDelimited).bytes(data);
}

test("the quick reader of keys reads every message as the library does", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.array(field, { maxLength: 8 }), fc.boolean(), (fields, first) => {
      const writer = new BinaryWriter();
      if (first) lengthPrefixed(writer, 1, new Uint8Array(16).fill(3));
      for (const write of fields) write(writer);
      const message = writer.finish();
      let expected: PublishedKey[] = [];
      const outcome = failureCode(() => {
        expected = [...eachPublishedKey([publishedKeys([readAny(message)])])];
      });
      // Among other bytes, which must not be looked at.
      const around = Buffer.concat([Buffer.alloc(7, 0x10), message, Buffer.alloc(40, 0x10)]);
      const keys = new PublishedKeysBuilder();
      const read = () => readPublishedKey(around, 7, 7 + message.length, keys);
      expect(failureCode(read)).toBe(outcome);
      expect([...eachPublishedKey([keys.finish()])]).toEqual(expected);
      seen.add(outcome);
    }),
    { numRuns: 5000 },
  );
  expect([...seen].sort()).toEqual(["export-malformed", "no failure"]);
});

test("keys that contradict an earlier one are left out, as a plain list would tell", () => {
  const few = fc.record({
    keyData: fc.constantFrom(...[1, 2, 3, 4, 5].map((fill) => new Uint8Array(16).fill(fill))),
    rollingStartIntervalNumber: fc.constantFrom(144, 288),
    rollingPeriod: fc.constantFrom(144, 100),
    transmissionRiskLevel: fc.constant(0),
    reportType: fc.integer({ min: 0, max: 5 }),
  });
  fc.assert(
    fc.property(fc.array(few), (keys) => {
      const firsts = new Map<string, PublishedKey>();
      const expected = keys.filter((key) => {
        const first = firsts.get(key.keyData.join()) ?? key;
        firsts.set(key.keyData.join(), first);
        return (
          key.rollingPeriod === first.rollingPeriod &&
          key.rollingStartIntervalNumber === first.rollingStartIntervalNumber
        );
      });
      expect([...eachPublishedKey([withoutContradictions(publishedKeys(keys))])]).toEqual(expected);
    }),
  );
});

function flip(bytes: Uint8Array, bit: number): Uint8Array {
  const flipped = bytes.slice();
  flipped[bit >> 3]! ^= 1 << (bit & 7);
  return flipped;
}
