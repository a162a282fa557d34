import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type KeyServer, openKeyServer } from "../../../server/key-server.ts";
import { createLaboratory } from "../../../simulator/demo/laboratory.ts";
import { silentNarrator } from "../../../simulator/demo/narrator.ts";
import { runDemo } from "../../../simulator/demo/scenario.ts";
import { expectFailure, saqbol } from "../../support/saqbol.ts";

const NOW = Date.UTC(2026, 5, 2) / 1000;

let folder: string;
let server: KeyServer;
let url: string;
let close: () => Promise<void>;
let zip: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "saqbol-cli-"));
  await runDemo({
    seed: 1,
    narrator: silentNarrator,
    keep: (name, bytes) => writeFileSync(join(folder, name), bytes),
  });
  zip = join(folder, readdirSync(folder).find((name) => name.endsWith(".zip"))!);
  server = openKeyServer({ dataDir: ":memory:", now: () => NOW });
  const listening = await server.listen({ port: 0 });
  ({ url, close } = listening);
});

afterAll(async () => {
  await close();
  server.close();
  rmSync(folder, { recursive: true });
});

const file = (name: string): string => join(folder, name);

const matchArgs = (changes: Record<string, string> = {}): string[] => {
  const options = {
    log: file("log-A.bin"),
    export: zip,
    "public-key": file("public-key.pem"),
    ...changes,
  };
  return ["match", ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])];
};

describe("saqbol", () => {
  test("--help names commands, exit codes and environment", async () => {
    const { code, stdout } = await saqbol(["--help"]);
    expect(code).toBe(0);
    for (const word of ["sync", "erase", "test-result", "match", "Exit codes", "SAQBOL_SERVER"]) {
      expect(stdout).toContain(word);
    }
  });

  test.each([[["nonsense"]], [["match"]], [["match", "--nonsense"]]])(
    "%j is wrong usage",
    async (args) => {
      const { code, stderr } = await saqbol(args);
      expect(code).toBe(2);
      expect(stderr).toMatch(/^saqbol: /);
    },
  );
});

describe("saqbol test-result", () => {
  const lookUp = (code: string, ...args: string[]) =>
    saqbol(["test-result", "--server", url, ...args], `${code}\n`);

  test("says pending, then positive", async () => {
    const laboratory = createLaboratory(url, server.laboratoryKey);
    await laboratory.register("1112223334");
    expect((await lookUp("1112223334")).stdout).toMatch(/no result yet; look again later/);
    await laboratory.report("1112223334", "positive");
    const { stdout } = await lookUp("111 222 3334", "--json");
    expect(JSON.parse(stdout)).toEqual({ result: "positive" });
  });

  test("a wrong code", async () => {
    expectFailure(await lookUp("5556667778"), /code/i);
    expectFailure(await lookUp("12345"), /exactly 10 digits/);
    const { code, stdout } = await lookUp("12345", "--json");
    expect(code).toBe(1);
    expect(JSON.parse(stdout).error.code).toBe("code-malformed");
  });

  test("a server that cannot be reached", async () => {
    const args = ["test-result", "--server", "http://127.0.0.1:1"];
    expectFailure(await saqbol(args, "1112223334\n"), /reach/);
  });
});

describe("saqbol download", () => {
  const download = (...args: string[]) =>
    saqbol([
      ...["download", "--server", url, "--out", file("exports")],
      ...["--public-key", file("public-key.pem"), ...args],
    ]);

  test("with nothing published says so", async () => {
    const { code, stdout } = await download("--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ files: [], keys: 0, downloaded: 0, waiting: 0 });
  });

  test("a directory that cannot be made", async () => {
    const args = ["download", "--server", url, "--public-key", file("public-key.pem")];
    expectFailure(await saqbol([...args, "--out", "/dev/null/x"]), /cannot be made/);
  });

  test("an unknown region", async () => {
    expectFailure(await download("--region", "XX"), /region/);
  });
});

test("saqbol sync reads its model of risk before anything else", async () => {
  const args = ["sync", "--server", url, "--public-key", file("public-key.pem")];
  const outcome = await saqbol([...args, "--risk-config", file("nowhere.json")]);
  expectFailure(outcome, /nowhere\.json cannot be read/);
});

describe("saqbol match", () => {
  test("says what the wearer is told", async () => {
    const { code, stdout } = await saqbol(matchArgs());
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^2026-05-11: risk high, \d+ minutes, signal \d+ dB below what was sent\nStay at home/,
    );
    const c = await saqbol([...matchArgs({ log: file("log-C.bin") }), "--json"]);
    expect(JSON.parse(c.stdout)).toEqual({ level: "none", days: [] });
  });

  test("by another model of risk", async () => {
    // The demonstration's test is a confirmed one.
    const strict = { model: "corona-warn-app", diagnosisKeysDataMapping: { reportTypes: [2] } };
    writeFileSync(file("strict.json"), JSON.stringify(strict));
    const args = [...matchArgs({ "risk-config": file("strict.json") }), "--json"];
    expect(JSON.parse((await saqbol(args)).stdout)).toEqual({ level: "none", days: [] });
    writeFileSync(file("wrong.json"), "{}");
    expectFailure(await saqbol(matchArgs({ "risk-config": file("wrong.json") })), /is missing/);
  });

  test("an export with a flipped bit", async () => {
    const bytes = readFileSync(zip);
    // In the compressed contents, behind the local header.
    bytes[500]! ^= 1;
    writeFileSync(file("flipped.zip"), bytes);
    expectFailure(await saqbol(matchArgs({ export: file("flipped.zip") })), /damaged|signature/);
  });

  test("a truncated zip", async () => {
    writeFileSync(file("cut.zip"), readFileSync(zip).subarray(0, 2000));
    expectFailure(await saqbol(matchArgs({ export: file("cut.zip") })), /damaged/);
  });

  test("a foreign signature", async () => {
    const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    writeFileSync(file("foreign.pem"), publicKey.export({ type: "spki", format: "pem" }));
    const outcome = await saqbol(matchArgs({ "public-key": file("foreign.pem") }));
    expectFailure(outcome, /signature/);
    const other = await saqbol(matchArgs({ "key-id": "999" }));
    expectFailure(other, /not signed by a key that this desk trusts/);
  });

  test("files that are missing or something else", async () => {
    expectFailure(await saqbol(matchArgs({ log: file("nowhere") })), /cannot be read/);
    expectFailure(await saqbol(matchArgs({ log: zip })), /neither a token's log/);
    writeFileSync(file("odd.bin"), readFileSync(file("log-A.bin")).subarray(0, -5));
    expectFailure(await saqbol(matchArgs({ log: file("odd.bin") })), /cut off/);
    expectFailure(await saqbol(matchArgs({ "public-key": zip })), /key/);
  });
});
