import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { readExport } from "../../../companion/exports/export-file.ts";
import {
  bytesField,
  exportBin,
  failureCode,
  HEADER,
  intField,
  keyPair,
  message,
  SHA512,
  signer,
  tekSignature,
  trusted,
  zipped,
} from "./make-export.ts";

const KEY = new Uint8Array(16).fill(5);
const key = (write: Parameters<typeof message>[0] = () => {}) =>
  message((writer) => {
    bytesField(writer, 1, KEY);
    intField(writer, 3, 2_666_880);
    write(writer);
  });
const read = (zip: Uint8Array) => readExport(zip, trusted);

describe("contents", () => {
  test("an absent period is a whole day, absent onset stays absent", () => {
    const bin = exportBin((writer) => bytesField(writer, 7, key()));
    expect(read(zipped(bin))).toEqual({
      region: "KZ",
      startTimestamp: 1_600_000_000,
      endTimestamp: 1_600_014_400,
      batchNum: 1,
      batchSize: 1,
      keys: [
        {
          keyData: KEY,
          rollingStartIntervalNumber: 2_666_880,
          rollingPeriod: 144,
          transmissionRiskLevel: 0,
          reportType: 0,
        },
      ],
      revisedKeys: [],
    });
  });

  test("onset days are zigzag numbers; revised keys are kept apart", () => {
    const revised = key((writer) => {
      intField(writer, 5, 5);
      // Field 6, varint, zigzag of -3.
      writer.raw(Uint8Array.of(0x30, 0x05));
    });
    const file = read(zipped(exportBin((writer) => bytesField(writer, 8, revised))));
    expect(file.keys).toEqual([]);
    expect(file.revisedKeys).toMatchObject([{ reportType: 5, daysSinceOnsetOfSymptoms: -3 }]);
  });

  test("unknown fields and known fields of another wire type are passed over", () => {
    const odd = key((writer) => {
      intField(writer, 8, 1);
      bytesField(writer, 99, "future");
      bytesField(writer, 4, "not a number");
    });
    const bin = exportBin((writer) => {
      bytesField(writer, 200, "future");
      bytesField(writer, 7, odd);
    });
    expect(read(zipped(bin)).keys).toMatchObject([{ keyData: KEY, rollingPeriod: 144 }]);
  });

  test("batch numbers are read", () => {
    const bin = exportBin((writer) => {
      intField(writer, 4, 2);
      intField(writer, 5, 3);
    });
    expect(read(zipped(bin))).toMatchObject({ batchNum: 2, batchSize: 3 });
  });

  test.each([
    ["a key of 15 bytes", message((writer) => bytesField(writer, 1, new Uint8Array(15)))],
    ["a key of 17 bytes", message((writer) => bytesField(writer, 1, new Uint8Array(17)))],
    ["no key bytes", message((writer) => intField(writer, 3, 1))],
    ["period 0", key((writer) => intField(writer, 4, 0))],
    ["period 145", key((writer) => intField(writer, 4, 145))],
    ["a negative start", key((writer) => intField(writer, 3, -1))],
    ["a key that is cut off", key().slice(0, 9)],
  ])("%s is malformed", (_, bytes) => {
    const bin = exportBin((writer) => bytesField(writer, 7, bytes));
    expect(failureCode(() => read(zipped(bin)))).toBe("export-malformed");
  });

  test.each([
    ["batch 3 of 2", 3, 2],
    ["batch 0 of 1", 0, 1],
  ])("%s is malformed", (_, batchNum, batchSize) => {
    const bin = exportBin((writer) => {
      intField(writer, 4, batchNum);
      intField(writer, 5, batchSize);
    });
    expect(failureCode(() => read(zipped(bin)))).toBe("export-malformed");
  });

  test("a file that is signed but cut off is malformed", () => {
    const bin = exportBin((writer) => bytesField(writer, 7, key())).slice(0, -3);
    expect(failureCode(() => read(zipped(bin)))).toBe("export-malformed");
  });
});

describe("signature", () => {
  const bin = exportBin();

  test("with SHA-512 is accepted", () => {
    const signature = tekSignature(bin, { oid: SHA512, hash: "sha512" });
    expect(read(zipped(bin, [signature])).region).toBe("KZ");
  });

  test.each([
    ["another id", { id: "310" }],
    ["another version", { version: "v2" }],
    ["another algorithm", { oid: "1.2.840.113549.1.1.11" }],
  ])("under %s has no trusted signer", (_, signing) => {
    const zip = zipped(bin, [tekSignature(bin, signing)]);
    expect(failureCode(() => read(zip))).toBe("export-signer-unknown");
  });

  test("is not there", () => {
    expect(failureCode(() => read(zipped(bin, [])))).toBe("export-signer-unknown");
  });

  test("of a foreign key under a trusted name does not fit", () => {
    const zip = zipped(bin, [tekSignature(bin, { key: keyPair().privateKey })]);
    expect(failureCode(() => read(zip))).toBe("export-signature-wrong");
  });

  test("with SHA-512 under the name of SHA-256 does not fit", () => {
    const zip = zipped(bin, [tekSignature(bin, { hash: "sha512" })]);
    expect(failureCode(() => read(zip))).toBe("export-signature-wrong");
  });

  test("without the header does not fit", () => {
    const zip = zipped(bin, [tekSignature(bin.subarray(16))]);
    expect(failureCode(() => read(zip))).toBe("export-signature-wrong");
  });

  test("is found among others", () => {
    const foreign = tekSignature(bin, { id: "310", key: keyPair().privateKey });
    expect(read(zipped(bin, [foreign, tekSignature(bin)])).region).toBe("KZ");
  });

  test("is checked before the contents are read", () => {
    const broken = Buffer.concat([Buffer.from(HEADER), Buffer.from([0xff, 0xff])]);
    const zip = zipped(broken, [tekSignature(broken, { key: keyPair().privateKey })]);
    expect(failureCode(() => read(zip))).toBe("export-signature-wrong");
    expect(failureCode(() => read(zipped(broken)))).toBe("export-malformed");
  });

  test.each([
    ["nonsense", "nonsense"],
    ["of another curve", keyPair("P-384").pem],
  ])("a trusted key that is %s is the settings' fault", (_, pem) => {
    const settings = [{ id: "401", version: "v1", pem }];
    expect(failureCode(() => readExport(zipped(bin), settings))).toBe("trusted-key-invalid");
  });

  test("the second of two trusted keys counts too", () => {
    const keys = [{ id: "310", version: "v1", pem: keyPair().pem }, ...trusted];
    expect(readExport(zipped(bin), keys).region).toBe("KZ");
  });
});

describe("container", () => {
  const bin = exportBin();
  const entries = { "export.bin": bin, "export.sig": new Uint8Array(1) };

  test("may be stored without compression", () => {
    const list = message((writer) => bytesField(writer, 1, tekSignature(bin)));
    const zip = zipSync({ "export.bin": bin, "export.sig": list }, { level: 0 });
    expect(read(zip).region).toBe("KZ");
  });

  test.each([
    ["a third entry", { ...entries, "readme.txt": new Uint8Array(1) }],
    ["one entry", { "export.bin": bin }],
    ["another name", { "export.bin": bin, "Export.sig": new Uint8Array(1) }],
    ["a folder", { folder: entries }],
    ["nothing", {}],
  ])("with %s is not an export", (_, content) => {
    expect(failureCode(() => read(zipSync(content)))).toBe("export-entries-wrong");
  });

  test("with another header is not version 1", () => {
    const other = Buffer.from(bin);
    other.write("EK Export v2");
    expect(failureCode(() => read(zipped(other)))).toBe("export-header-wrong");
    expect(failureCode(() => read(zipped(Buffer.from("EK"))))).toBe("export-header-wrong");
  });

  test.each([
    ["nothing", new Uint8Array(0)],
    ["text", Buffer.from("<html>404</html>".repeat(100))],
  ])("of %s is not a zip", (_, bytes) => {
    expect(failureCode(() => read(bytes))).toBe("export-not-a-zip");
  });

  test("an entry above the limit is refused before it is inflated", () => {
    const zip = zipSync({ ...entries, "export.bin": new Uint8Array(32 * 1024 * 1024 + 1) });
    expect(zip.length).toBeLessThan(100_000);
    expect(failureCode(() => read(zip))).toBe("export-too-large");
  });

  test("an entry that inflates to more than it states is refused", () => {
    const zip = Buffer.from(zipSync({ ...entries, "export.bin": new Uint8Array(1_000_000) }));
    const directory = zip.indexOf(Buffer.from("PK\x01\x02", "latin1"));
    zip.writeUInt32LE(10, directory + 24);
    expect(failureCode(() => read(zip))).toBe("export-not-a-zip");
  });

  test("a file above the limit is not looked at", () => {
    expect(failureCode(() => read(new Uint8Array(33 * 1024 * 1024)))).toBe("export-too-large");
  });
});

test("no message quotes the file", () => {
  const bin = exportBin((writer) => bytesField(writer, 7, key()));
  const zip = zipped(bin, [tekSignature(bin, { id: "SECRET", key: signer.privateKey })]);
  expect(() => read(zip)).toThrow(/^(?!.*SECRET)/);
});
