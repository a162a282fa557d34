import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { inspectExport, readExport } from "../../../companion/exports/export-file.ts";
import {
  bytesField,
  exportBin,
  failureCode,
  message,
  signatureList,
  signer,
  tekSignature,
  trusted,
  zipped,
} from "./make-export.ts";
import { type MadeEnd, type MadeEntry, makeZip } from "./make-zip.ts";

const bin = exportBin((writer) =>
  bytesField(
    writer,
    7,
    message((key) => bytesField(key, 1, new Uint8Array(16))),
  ),
);
const sig = signatureList([tekSignature(bin)]);
const entries = { "export.bin": bin, "export.sig": sig };

/** An export whose entries, or one of them, are made in another way. */
function made(
  changes: Partial<MadeEntry> | { bin?: Partial<MadeEntry>; sig?: Partial<MadeEntry> } = {},
  end?: MadeEnd,
): Buffer {
  const each = "bin" in changes || "sig" in changes ? changes : { bin: changes, sig: changes };
  return makeZip(
    [
      { name: "export.bin", content: bin, ...each.bin },
      { name: "export.sig", content: sig, ...each.sig },
    ],
    end,
  );
}
const codeOf = (zip: Uint8Array) => failureCode(() => readExport(zip, trusted));
const DAMAGED = "export-not-a-zip";
const UNSUPPORTED = "export-zip-unsupported";
const WRONG_ENTRIES = "export-entries-wrong";

describe("tolerated:", () => {
  test.each([
    ["what the library of the server writes", zipped(bin)],
    ["deflated entries", made()],
    ["stored entries", made({ method: 0 })],
    ["a descriptor behind the data, as Google's server writes it", made({ descriptor: "signed" })],
    ["a descriptor without signature", made({ descriptor: "plain" })],
    ["a zip64 descriptor", made({ descriptor: "zip64" })],
    ["an extra field of zip64 that nothing needs", made({ localExtra: Buffer.alloc(20, 1) })],
    ["extra fields and comments of entries", made({ directoryExtra: sig, comment: "made today" })],
    ["names marked as UTF-8", made({ flags: 1 << 11 })],
    ["entries in the other order", zipSync({ "export.sig": sig, "export.bin": bin })],
  ])("%s", (_, zip) => {
    expect(readExport(zip, trusted)).toMatchObject({ region: "KZ", keys: { length: 1 } });
  });

  test("data that looks like parts of a zip, with a descriptor behind it", () => {
    const odd = exportBin((writer) =>
      bytesField(writer, 99, "PK\x07\x08 PK\x03\x04 PK\x01\x02 PK\x05\x06"),
    );
    const zip = makeZip([
      { name: "export.bin", content: odd, method: 0, descriptor: "signed" },
      { name: "export.sig", content: signatureList([tekSignature(odd)]), descriptor: "signed" },
    ]);
    expect(readExport(zip, trusted).region).toBe("KZ");
  });
});

describe("refused:", () => {
  test.each([
    ["a third entry", { ...entries, "readme.txt": new Uint8Array(1) }],
    ["a zip in the zip", { ...entries, "more.zip": zipped(bin) }],
    ["only a zip in the zip", { "export.zip": zipped(bin) }],
    ["no export.bin", { "export.sig": sig }],
    ["another name", { "export.bin": bin, "Export.sig": sig }],
    ["a folder around it", { folder: entries }],
    ["nothing inside", {}],
  ])("%s", (_, content) => {
    expect(codeOf(zipSync(content))).toBe(WRONG_ENTRIES);
  });

  const twice = [
    { name: "export.bin", content: bin },
    { name: "export.bin", content: bin },
  ];
  test.each([
    ["the same entry twice", makeZip(twice), WRONG_ENTRIES],
    ["a name that a zero ends", made({ bin: { name: "export.bin\0.txt" } }), WRONG_ENTRIES],
    ["65,534 entries that are not there", made({}, { entries: 65_534 }), WRONG_ENTRIES],
    ["one entry fewer listed", made({}, { entries: 1 }), DAMAGED],
    ["another name in the local header", made({ sig: { localName: "export.exe" } }), DAMAGED],
    ["encrypted entries", made({ flags: 1 }), UNSUPPORTED],
    ["strongly encrypted entries", made({ flags: 1 << 6 }), UNSUPPORTED],
    ["another compression", made({ bin: { method: 12 } }), UNSUPPORTED],
    ["sizes in zip64", made({ bin: { size: 0xffffffff } }), UNSUPPORTED],
    ["a place in zip64", made({ sig: { offset: 0xffffffff } }), UNSUPPORTED],
    ["a directory in zip64", made({}, { offset: 0xffffffff }), UNSUPPORTED],
    ["a count in zip64", made({}, { entries: 0xffff }), UNSUPPORTED],
    ["data behind the zip", Buffer.concat([made(), Buffer.from("x")]), DAMAGED],
    ["a comment, which is data behind the zip", made({}, { comment: "hello" }), DAMAGED],
    ["two zips in a row", Buffer.concat([made(), made()]), DAMAGED],
    ["data before the zip", Buffer.concat([Buffer.from("#!/bin/sh"), made()]), DAMAGED],
    ["data before the first entry", made({ bin: { leading: sig } }), DAMAGED],
    ["data between the entries", made({ sig: { leading: sig } }), DAMAGED],
    ["data behind a deflated stream", made({ bin: { trailing: sig } }), DAMAGED],
    ["data behind a stored entry", made({ bin: { method: 0, trailing: sig } }), DAMAGED],
    ["a wrong checksum", made({ bin: { checksum: 1 } }), DAMAGED],
    ["an entry that inflates to more than it states", made({ bin: { size: 10 } }), DAMAGED],
    ["an entry that inflates to less", made({ bin: { size: bin.length + 1 } }), DAMAGED],
    ["an entry that overlaps the next", made({ bin: { compressedSize: 5 } }), DAMAGED],
    ["entries at one place", made({ sig: { offset: 0 } }), DAMAGED],
    ["an entry behind the end", made({ sig: { offset: 1_000_000 } }), DAMAGED],
    ["no bytes", new Uint8Array(0), DAMAGED],
    ["text", Buffer.from("<html>404</html>".repeat(100)), DAMAGED],
  ])("%s", (_, zip, code) => {
    expect(codeOf(zip)).toBe(code);
  });

  test("an entry that says it is larger than 32 MiB, before it is inflated", () => {
    const zip = zipSync({ ...entries, "export.bin": new Uint8Array(32 * 1024 * 1024 + 1) });
    expect(zip.length).toBeLessThan(100_000);
    expect(codeOf(zip)).toBe("export-too-large");
  });

  test("an entry that is larger than it says, without inflating it", () => {
    const bomb = { content: new Uint8Array(64 * 1024 * 1024), size: 1000 };
    expect(codeOf(made({ bin: bomb }))).toBe(DAMAGED);
    expect(codeOf(made({ sig: bomb }))).toBe(DAMAGED);
  });

  test("a file above 32 MiB, without looking at it", () => {
    expect(codeOf(new Uint8Array(33 * 1024 * 1024))).toBe("export-too-large");
  });

  test.each(["EK Export v2    ", "EK Export v1   ", "EK", ""])("header '%s'", (header) => {
    const other = Buffer.concat([Buffer.from(header), bin.subarray(16)]);
    expect(codeOf(zipped(header.length < 16 ? Buffer.from(header) : other))).toBe(
      "export-header-wrong",
    );
  });
});

test("a file without export.sig is unverified, and never matched", () => {
  const zip = zipSync({ "export.bin": bin });
  expect(codeOf(zip)).toBe("export-unsigned");
  const { state, file, signatures } = inspectExport(zip, signer.pem);
  expect([state, file.keys.length, signatures]).toEqual(["unverified", 1, []]);
});
