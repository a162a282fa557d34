import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { cacheHome, expectFailure, saqbol, startSaqbol } from "../../support/saqbol.ts";
import { etagOf, madeExport, startHost } from "./export-host.ts";
import {
  bytesField,
  exportBin,
  HEADER,
  intField,
  keyPair,
  message,
  signatureInfo,
  signatureList,
  signer,
  tekSignature,
  zipped,
} from "./make-export.ts";
import { makeZip } from "./make-zip.ts";

const folder = mkdtempSync(join(tmpdir(), "saqbol-export-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, bytes: Uint8Array | string): string => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};
const pem = file("signer.pem", signer.pem);
const otherPem = file("other.pem", keyPair().pem);

/** Made like the sample of Google's key server: unaligned keys, short periods, sizes behind the data. */
function sample(): Uint8Array {
  const keys = [
    [2_649_836, 114],
    [2_649_980, 1],
  ].map(([start, period], index) =>
    message((writer) => {
      bytesField(writer, 1, Buffer.from(`key bytes, no. ${index + 1}`));
      intField(writer, 2, 3);
      intField(writer, 3, start as number);
      intField(writer, 4, period as number);
    }),
  );
  const named = { id: "some_id", version: "1" };
  const bin = Buffer.concat([
    Buffer.from(HEADER),
    message((writer) => {
      writer.tag(1, 1).fixed64(Date.UTC(2020, 4, 22, 15) / 1000);
      writer.tag(2, 1).fixed64(Date.UTC(2020, 4, 23, 15) / 1000);
      bytesField(writer, 3, "US");
      intField(writer, 4, 1);
      intField(writer, 5, 1);
      bytesField(writer, 6, signatureInfo(named));
      for (const key of keys) bytesField(writer, 7, key);
      bytesField(writer, 8, keys[0] as Uint8Array);
    }),
  ]);
  const sig = signatureList([tekSignature(bin, named)]);
  return makeZip([
    { name: "export.bin", content: bin, descriptor: "signed" },
    { name: "export.sig", content: sig, descriptor: "signed" },
  ]);
}

const SUMMARY = {
  region: "US",
  startTimestamp: 1_590_159_600,
  endTimestamp: 1_590_246_000,
  batchNum: 1,
  batchSize: 1,
  keys: 2,
  revisedKeys: 1,
  firstKeyDay: "2020-05-19",
  lastKeyDay: "2020-05-20",
  signers: [{ id: "some_id", version: "1", algorithm: "1.2.840.10045.4.3.2" }],
};

describe("saqbol export inspect", () => {
  const path = file("sample.zip", sample());
  const inspect = (...args: string[]) => saqbol(["export", "inspect", ...args]);

  test("says what a file holds, and verified", async () => {
    const { code, stdout } = await inspect(path, "--public-key", pem);
    expect(stdout).toBe(
      [
        "Region:    US",
        "Window:    2020-05-22T15:00:00Z to 2020-05-23T15:00:00Z",
        "Batch:     1 of 1",
        "Keys:      2, and 1 revised",
        "Key days:  2020-05-19 to 2020-05-20",
        "Signature: verified; key some_id, version 1",
        "",
      ].join("\n"),
    );
    expect(code).toBe(0);
    const json = await inspect(path, "--public-key", pem, "--json");
    expect([json.code, JSON.parse(json.stdout)]).toEqual([
      0,
      { ...SUMMARY, signature: "verified" },
    ]);
  });

  test("without a public key says unverified, and that is no failure", async () => {
    const { code, stdout } = await inspect(path, "--json");
    expect([code, JSON.parse(stdout)]).toEqual([0, { ...SUMMARY, signature: "unverified" }]);
  });

  test("with another public key says invalid, and fails", async () => {
    const { code, stdout } = await inspect(path, "--public-key", otherPem, "--json");
    expect([code, JSON.parse(stdout)]).toEqual([1, { ...SUMMARY, signature: "invalid" }]);
    expect((await inspect(path, "--public-key", otherPem)).stdout).toContain("Signature: invalid");
  });

  test("a file without signature, times and region is unverified, which fails if a key was given", async () => {
    const bare = Buffer.concat([Buffer.from(HEADER)]);
    const unsigned = file("unsigned.zip", zipSync({ "export.bin": bare }));
    const { code, stdout } = await inspect(unsigned, "--public-key", pem);
    expect(code).toBe(1);
    expect(stdout).toBe(
      [
        "Region:    not named",
        "Window:    not named to not named",
        "Batch:     1 of 1",
        "Keys:      0, and 0 revised",
        "Key days:  none",
        "Signature: unverified; none in the file",
        "",
      ].join("\n"),
    );
    expect((await inspect(unsigned)).code).toBe(0);
  });

  test("never shows bytes of keys", async () => {
    for (const args of [[], ["--json"]]) {
      const { stdout } = await inspect(path, "--public-key", pem, ...args);
      expect(stdout).not.toMatch(/key bytes|6b6579206279746573|a2V5IGJ5dGVz/i);
    }
  });

  test("gives a file no say over the terminal", async () => {
    const bin = exportBin((writer) => bytesField(writer, 3, "\x1b[2JKZ\x07\n\u009b31m\u202e"));
    const zip = zipped(bin, [tekSignature(bin, { id: "\x1b]0;x\x07" })]);
    const { stdout } = await inspect(file("terminal.zip", zip));
    expect(stdout).toContain("Region:    \ufffd[2JKZ\ufffd\ufffd\ufffd31m\ufffd\n");
    expect(stdout).toContain("key \ufffd]0;x\ufffd,");
    expect(stdout.replaceAll("\n", "")).not.toMatch(/\p{C}/u);
  });

  test("a damaged file, none at all, and a key that is none are told in one sentence", async () => {
    const cut = file("cut.zip", sample().subarray(0, 300));
    expectFailure(await inspect(cut), /damaged/);
    const json = await inspect(cut, "--json");
    expect([json.code, JSON.parse(json.stdout).error.code]).toEqual([1, "export-not-a-zip"]);
    expectFailure(await inspect(join(folder, "nowhere.zip")), /cannot be read/);
    expectFailure(await inspect(path, "--public-key", path), /not an ECDSA P-256 public key/);
    expect((await inspect()).code).toBe(2);
  });

  test("--help says what the states and exit codes mean", async () => {
    const { stdout } = await inspect("--help");
    for (const word of ["verified", "unverified", "invalid", "Exit codes", "--public-key"]) {
      expect(stdout).toContain(word);
    }
  });
});

describe("saqbol download", () => {
  let now: number;
  beforeEach(() => {
    now = Math.floor(Date.now() / 1000);
  });

  const serve = async () => {
    const host = await startHost();
    // As the one address of a server has it.
    const { answer } = host;
    host.answer = (path, headers, response) => {
      const below = path.replace("/exports/KZ/index.txt", "/lists/index.txt");
      answer.call(host, below.replace("/exports/", "/files/"), headers, response);
    };
    return host;
  };
  const args = (url: string, ...more: string[]) => [
    "download",
    ...["--server", url, "--public-key", pem, ...more],
  ];

  test("downloads what is new, and puts copies where they are wanted", async () => {
    const host = await serve();
    host.files.set("KZ/1.zip", madeExport([1], { end: now - 10 }));
    const first = await saqbol(args(host.url));
    expect([first.code, first.stdout]).toEqual([
      0,
      "1 files with 1 keys, all signatures verified; 1 of them are new.\n",
    ]);
    host.files.set("KZ/2.zip", madeExport([2], { end: now, revised: [1] }));
    const out = join(folder, "copies");
    const { code, stdout } = await saqbol(args(host.url, "--out", out, "--json"));
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      {
        files: [join(out, "KZ-1.zip"), join(out, "KZ-2.zip")],
        keys: 3,
        downloaded: 1,
        waiting: 0,
      },
    ]);
    expect(readdirSync(out)).toEqual(["KZ-1.zip", "KZ-2.zip"]);
    expect(new Uint8Array(readFileSync(join(out, "KZ-2.zip")))).toEqual(host.files.get("KZ/2.zip"));
  });

  const copiesOf = async (...options: string[]) => {
    const out = mkdtempSync(join(folder, "copies-"));
    const { stdout } = await saqbol(["download", ...options, "--out", out, "--json"]);
    const { files } = JSON.parse(stdout) as { files: string[] };
    expect(readdirSync(out).map((name) => join(out, name))).toEqual([...files].sort());
    return files.map((copy) => [copy.slice(out.length + 1), new Uint8Array(readFileSync(copy))]);
  };

  test("--out puts files of several regions under names of their own", async () => {
    const regions = await Promise.all(
      ["KZ", "KG", "KZ"].map(async (region, number) => {
        const host = await startHost();
        host.files.set("v1/1.zip", madeExport([number], { region, end: now - 10 + number }));
        return { region, host };
      }),
    );
    const exports = regions.map(({ region, host: { indexUrl, baseUrl } }) => {
      return { region, indexUrl, baseUrl, publicKeys: [{ id: "401", version: "v1", file: pem }] };
    });
    const settings = file("regions.json", JSON.stringify({ exports }));
    const sent = regions.map(({ host }) => host.files.get("v1/1.zip"));
    expect(await copiesOf("--settings", settings)).toEqual([
      ["KZ-v1-1.zip", sent[0]],
      ["KG-v1-1.zip", sent[1]],
      ["2-KZ-v1-1.zip", sent[2]],
    ]);
  });

  test("--out never puts two files under one name", async () => {
    const host = await serve();
    const paths = ["a/b/c.zip", "a-b/c.zip", "2-a-b-c.zip", "a-b-c.zip"];
    paths.forEach((path, number) => {
      host.files.set(path, madeExport([number], { end: now - 10 + number }));
    });
    expect(await copiesOf(...args(host.url).slice(1))).toEqual([
      ["a-b-c.zip", host.files.get("a/b/c.zip")],
      ["2-a-b-c.zip", host.files.get("a-b/c.zip")],
      ["2-2-a-b-c.zip", host.files.get("2-a-b-c.zip")],
      ["3-a-b-c.zip", host.files.get("a-b-c.zip")],
    ]);
  });

  test("says that a batch is not complete", async () => {
    const host = await serve();
    host.files.set("KZ/1.zip", madeExport([1], { end: now, batch: [1, 2] }));
    const { stdout } = await saqbol(args(host.url));
    expect(stdout).toMatch(/^0 files with 0 keys.*\n1 more files are not used until/);
  });

  test("that is killed goes on where it was", async () => {
    const host = await serve();
    const zip = madeExport([1], { end: now, ballast: 400_000 });
    host.files.set("KZ/1.zip", zip);
    host.fault = (path, response, whole) => {
      if (!path.startsWith("/files/")) return false;
      host.fault = () => false;
      response.setHeader("etag", etagOf(whole));
      response.setHeader("content-length", whole.length);
      response.writeHead(200).write(whole.subarray(0, 200_000));
      return true;
    };
    const child = startSaqbol(args(host.url));
    const ended = new Promise((resolve) => child.on("close", resolve));
    const part = await vi.waitFor(
      () => {
        const [found] = partsIn(cacheHome);
        if (!found || statSync(found).size < 200_000) throw new Error("not there yet");
        return found;
      },
      { timeout: 20_000 },
    );
    child.kill("SIGKILL");
    await ended;
    expect(statSync(part).size).toBe(200_000);
    host.requests.length = 0;
    const { stdout } = await saqbol(args(host.url));
    expect(stdout).toContain("1 files with 1 keys");
    expect(host.requests.map(({ headers, status }) => [headers.range, status])).toEqual([
      [undefined, 200],
      ["bytes=200000-", 206],
    ]);
    expect(partsIn(cacheHome)).toEqual([]);
  });
});

const partsIn = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".part"))
    .map((name) => join(directory, name));
