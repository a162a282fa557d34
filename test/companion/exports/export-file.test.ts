import { describe, expect, test } from "vitest";
import {
  inspectExport,
  keysOf,
  type PublishedKeys,
  readExport,
} from "../../../companion/exports/export-file.ts";
import { eachPublishedKey } from "../../support/each-published-key.ts";
import {
  bytesField,
  exportBin,
  failureCode,
  HEADER,
  intField,
  keyPair,
  message,
  SHA256,
  SHA512,
  signatureInfo,
  signer,
  tekSignature,
  trusted,
  zipped,
} from "./make-export.ts";

const KEY = new Uint8Array(16).fill(5);
const key = (write: Parameters<typeof message>[0] = () => {}, keyData = KEY) =>
  message((writer) => {
    bytesField(writer, 1, keyData);
    intField(writer, 3, 2_666_880);
    write(writer);
  });
const read = (zip: Uint8Array) => readExport(zip, trusted);
const list = (keys: PublishedKeys) => [...eachPublishedKey([keys])];
const withKeys = (...keys: Uint8Array[]) =>
  exportBin((writer) => {
    for (const bytes of keys) bytesField(writer, 7, bytes);
  });

describe("contents", () => {
  test("an absent period is a whole day, absent onset stays absent", () => {
    const { keys, revisedKeys, ...file } = read(zipped(withKeys(key())));
    expect(file).toEqual({
      region: "KZ",
      startTimestamp: 1_600_000_000,
      endTimestamp: 1_600_014_400,
      batchNum: 1,
      batchSize: 1,
    });
    expect(list(keys)).toEqual([
      {
        keyData: KEY,
        rollingStartIntervalNumber: 2_666_880,
        rollingPeriod: 144,
        transmissionRiskLevel: 0,
        reportType: 0,
      },
    ]);
    expect(revisedKeys.length).toBe(0);
  });

  test("an absent start is interval 0", () => {
    const bare = message((writer) => bytesField(writer, 1, KEY));
    expect(list(read(zipped(withKeys(bare))).keys)).toMatchObject([
      { keyData: KEY, rollingStartIntervalNumber: 0 },
    ]);
  });

  test("absent timestamps, region and batch numbers have defaults, and the file can be signed", () => {
    const bin = Buffer.concat([
      Buffer.from(HEADER),
      message((writer) => {
        bytesField(writer, 6, "");
        bytesField(writer, 7, key());
      }),
    ]);
    expect(read(zipped(bin))).toMatchObject({
      region: "",
      startTimestamp: 0,
      endTimestamp: 0,
      batchNum: 1,
      batchSize: 1,
      keys: { length: 1 },
    });
  });

  test("onset days are zigzag numbers; revised keys are kept apart", () => {
    const revised = key((writer) => {
      intField(writer, 5, 5);
      // Field 6, varint, zigzag of -3.
      writer.raw(Uint8Array.of(0x30, 0x05));
    });
    const file = read(zipped(exportBin((writer) => bytesField(writer, 8, revised))));
    expect(file.keys.length).toBe(0);
    expect(list(file.revisedKeys)).toMatchObject([{ reportType: 5, daysSinceOnsetOfSymptoms: -3 }]);
  });

  test("revised keys come after the keys, file by file", () => {
    const revised = exportBin((writer) => {
      bytesField(
        writer,
        8,
        key((fields) => intField(fields, 5, 5)),
      );
      bytesField(
        writer,
        7,
        key((fields) => intField(fields, 5, 1)),
      );
    });
    const files = [zipped(revised), zipped(withKeys(key((fields) => intField(fields, 5, 2))))];
    const types = [...eachPublishedKey(keysOf(files.map(read)))].map((each) => each.reportType);
    expect(types).toEqual([1, 5, 2]);
  });

  test("the reserved field 7 and the variant of a key are passed over", () => {
    const old = key((writer) => {
      intField(writer, 7, 9);
      bytesField(writer, 7, "reserved");
      intField(writer, 8, 2);
    });
    expect(list(read(zipped(withKeys(old))).keys)).toEqual(
      list(read(zipped(withKeys(key()))).keys),
    );
  });

  test("unknown fields and known fields of another wire type are passed over", () => {
    const odd = key((writer) => {
      bytesField(writer, 99, "future");
      bytesField(writer, 4, "not a number");
    });
    const bin = exportBin((writer) => {
      bytesField(writer, 200, "future");
      bytesField(writer, 7, odd);
    });
    expect(list(read(zipped(bin)).keys)).toMatchObject([{ keyData: KEY, rollingPeriod: 144 }]);
  });

  test("keys in any order are taken in the order of the file", () => {
    const bytes = [9, 1, 5].map((fill) => new Uint8Array(16).fill(fill));
    const file = read(zipped(withKeys(...bytes.map((data) => key(() => {}, data)))));
    expect(list(file.keys).map(({ keyData }) => keyData)).toEqual(bytes);
  });

  test("a key that comes again stays, so that its latest report counts", () => {
    const reports = [1, 2].map((type) => key((writer) => intField(writer, 5, type)));
    expect(list(read(zipped(withKeys(...reports))).keys)).toMatchObject([
      { reportType: 1 },
      { reportType: 2 },
    ]);
  });

  test.each([
    ["another period", (fields: Writer) => intField(fields, 4, 100)],
    ["another start", (fields: Writer) => intField(fields, 3, 2_666_881)],
  ])("a key that comes again with %s is refused; the first one is kept", (_, change) => {
    const other = new Uint8Array(16).fill(6);
    const bin = withKeys(
      key(),
      key(() => {}, other),
      key(change),
      key(),
    );
    expect(list(read(zipped(bin)).keys)).toMatchObject([
      { keyData: KEY, rollingStartIntervalNumber: 2_666_880, rollingPeriod: 144 },
      { keyData: other },
      { keyData: KEY, rollingStartIntervalNumber: 2_666_880, rollingPeriod: 144 },
    ]);
  });

  test.each([
    ["a key of 15 bytes", message((writer) => bytesField(writer, 1, new Uint8Array(15)))],
    ["a key of 17 bytes", message((writer) => bytesField(writer, 1, new Uint8Array(17)))],
    ["no key bytes", message((writer) => intField(writer, 3, 1))],
    ["period 0", key((writer) => intField(writer, 4, 0))],
    ["period 145", key((writer) => intField(writer, 4, 145))],
    ["a negative start", key((writer) => intField(writer, 3, -1))],
    ["a key that is cut off", key().slice(0, 9)],
    ["a number that is cut off", key((writer) => intField(writer, 4, 500)).slice(0, -1)],
  ])("%s is malformed", (_, bytes) => {
    expect(failureCode(() => read(zipped(withKeys(bytes))))).toBe("export-malformed");
  });

  test("a window that ends before it begins is malformed", () => {
    const bin = exportBin((writer) => writer.tag(2, 1).fixed64(1_599_999_999));
    expect(failureCode(() => read(zipped(bin)))).toBe("export-malformed");
  });

  test("a file that is signed but cut off is malformed", () => {
    const bin = withKeys(key()).slice(0, -3);
    expect(failureCode(() => read(zipped(bin)))).toBe("export-malformed");
  });
});

type Writer = Parameters<Parameters<typeof message>[0]>[0];

describe("batch", () => {
  const batch = (number?: number, size?: number) =>
    read(
      zipped(
        exportBin((writer) => {
          if (number !== undefined) intField(writer, 4, number);
          if (size !== undefined) intField(writer, 5, size);
        }),
      ),
    );

  test("numbers are read", () => {
    expect(batch(2, 3)).toMatchObject({ batchNum: 2, batchSize: 3 });
  });

  test("number without a size means nothing", () => {
    expect(batch(2)).toMatchObject({ batchNum: 1, batchSize: 1 });
  });

  test.each([
    [undefined, 3],
    [3, 2],
    [0, 1],
    [1, 0],
    [-1, 1],
  ])("%s of %s is malformed", (number, size) => {
    expect(failureCode(() => batch(number, size))).toBe("export-malformed");
  });
});

describe("signature", () => {
  const bin = exportBin();

  test("with SHA-256 is accepted", () => {
    expect(read(zipped(bin)).region).toBe("KZ");
  });

  test("of an old file names an app in reserved fields, which are passed over", () => {
    const info = signatureInfo();
    expect(Buffer.from(info).includes("kz.saqbol.app")).toBe(true);
    expect(inspectExport(zipped(bin), undefined).signatures).toMatchObject([
      { id: "401", version: "v1", algorithm: SHA256 },
    ]);
  });

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
    expect(
      failureCode(() =>
        read(
          zipped(
            exportBin(() => {}, 0),
            [],
          ),
        ),
      ),
    ).toBe("export-unsigned");
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

  test("that is not DER does not fit", () => {
    const broken = message((writer) => {
      bytesField(writer, 1, tekSignature(bin).subarray(2, 2 + (tekSignature(bin)[1] as number)));
      bytesField(writer, 4, new Uint8Array(64));
    });
    expect(failureCode(() => read(zipped(bin, [broken])))).toBe("export-signature-wrong");
  });

  test("of the old and of the new key: one that is trusted is enough", () => {
    const next = keyPair();
    const rotated = exportBin(() => {}, 2);
    const zip = zipped(rotated, [
      tekSignature(rotated, { version: "v2", key: next.privateKey }),
      tekSignature(rotated),
    ]);
    const v2 = { id: "401", version: "v2", pem: next.pem };
    for (const keys of [trusted, [v2], [...trusted, v2], [v2, ...trusted]]) {
      expect(readExport(zip, keys).region).toBe("KZ");
    }
    const v3 = { id: "401", version: "v3", pem: next.pem };
    expect(failureCode(() => readExport(zip, [v3]))).toBe("export-signer-unknown");
  });

  test("by the second of two keys that are trusted under one name is accepted", () => {
    const keys = [{ id: "401", version: "v1", pem: keyPair().pem }, ...trusted];
    expect(readExport(zipped(bin), keys).region).toBe("KZ");
  });

  test("is found among others", () => {
    const both = exportBin(() => {}, 2);
    const foreign = tekSignature(both, { id: "310", key: keyPair().privateKey });
    expect(read(zipped(both, [foreign, tekSignature(both)])).region).toBe("KZ");
  });

  test.each([
    ["fewer", 0],
    ["more", 2],
  ])("is refused when export.bin announces %s, as phones do", (_, announced) => {
    const uneven = exportBin(() => {}, announced);
    expect(failureCode(() => read(zipped(uneven)))).toBe("export-signatures-uneven");
    expect(inspectExport(zipped(uneven), signer.pem).state).toBe("invalid");
  });

  test("is one of ten at most", () => {
    const of = (count: number) => {
      const many = exportBin(() => {}, count);
      return zipped(many, Array(count).fill(tekSignature(many)));
    };
    expect(read(of(10)).region).toBe("KZ");
    expect(failureCode(() => read(of(11)))).toBe("export-malformed");
  });

  test("is checked before the contents are read", () => {
    const broken = Buffer.concat([Buffer.from(HEADER), Buffer.from([0xff, 0xff])]);
    const zip = zipped(broken, [tekSignature(broken, { key: keyPair().privateKey })]);
    expect(failureCode(() => read(zip))).toBe("export-signature-wrong");
    expect(failureCode(() => read(zipped(broken)))).toBe("export-malformed");
  });

  test("counts only with a configured key: one that a file brings along is not looked at", () => {
    const own = keyPair();
    const bringing = exportBin((writer) => bytesField(writer, 99, own.pem));
    const zip = zipped(bringing, [tekSignature(bringing, { key: own.privateKey })]);
    expect(failureCode(() => read(zip))).toBe("export-signature-wrong");
    expect(failureCode(() => readExport(zip, []))).toBe("export-signer-unknown");
  });

  test.each([
    ["nonsense", "nonsense"],
    ["of another curve", keyPair("P-384").pem],
  ])("a trusted key that is %s is the settings' fault", (_, pem) => {
    const settings = [{ id: "401", version: "v1", pem }];
    expect(failureCode(() => readExport(zipped(bin), settings))).toBe("trusted-key-invalid");
  });
});

describe("inspection", () => {
  const bin = withKeys(key());

  test("says verified for a signature by the key given, whatever key is named", () => {
    const zip = zipped(bin, [tekSignature(bin, { id: "some_id", version: "1" })]);
    const { state, file, signatures } = inspectExport(zip, signer.pem);
    expect([state, file.keys.length]).toEqual(["verified", 1]);
    expect(signatures).toMatchObject([{ id: "some_id", version: "1" }]);
  });

  test("says invalid for any other signature", () => {
    expect(inspectExport(zipped(bin), keyPair().pem).state).toBe("invalid");
    const zip = zipped(bin, [tekSignature(bin, { oid: "1.2.3" })]);
    expect(inspectExport(zip, signer.pem).state).toBe("invalid");
  });

  test("says unverified without a key, or without a signature", () => {
    expect(inspectExport(zipped(bin), undefined).state).toBe("unverified");
    expect(inspectExport(zipped(bin, []), signer.pem).state).toBe("unverified");
  });
});

test("no message quotes the file", () => {
  const bin = withKeys(key());
  const zip = zipped(bin, [tekSignature(bin, { id: "SECRET", key: signer.privateKey })]);
  expect(() => read(zip)).toThrow(/^(?!.*SECRET)/);
});
