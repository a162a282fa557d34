import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeCardCode } from "../../../companion/provisioning/card-code.ts";
import { TEXT_FILES } from "../../../companion/texts/texts.ts";
import { type KeyServer, openKeyServer } from "../../../server/key-server.ts";
import { createLaboratory } from "../../../simulator/demo/laboratory.ts";
import { expectFailure, type Outcome, saqbol } from "../../support/saqbol.ts";

const SECRET = "a-secret-api-key";
const CODE = "1234567890";

let folder: string;
let server: KeyServer;
let url: string;
let close: () => Promise<void>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "saqbol-settings-"));
  server = openKeyServer({ dataDir: ":memory:", now: () => Date.now() / 1000 });
  ({ url, close } = await server.listen({ port: 0 }));
  const laboratory = createLaboratory(url, server.laboratoryKey);
  await laboratory.register(CODE);
  await laboratory.report(CODE, "negative");
});

afterAll(async () => {
  await close();
  server.close();
  rmSync(folder, { recursive: true });
});

/** Writes a settings file for this project's server at one address. */
function settings(name: string, address: string, changes: object = {}): string {
  const file = join(folder, name);
  const content = {
    testResults: { protocol: "corona-warn-app", url: address },
    verification: {
      protocol: "google",
      url: address,
      token: "registration-token",
      apiKey: SECRET,
    },
    publish: { protocol: "google", url: address, healthAuthorityId: "kz.saqbol" },
    ...changes,
  };
  writeFileSync(file, JSON.stringify(content));
  return file;
}

/** Runs with an environment of its own, which names no server. */
async function inEnvironment(
  env: Readonly<Record<string, string>>,
  ...args: string[]
): Promise<Outcome> {
  const child = spawn(process.execPath, ["dist/companion/saqbol.js", ...args], {
    env: { PATH: process.env["PATH"], HOME: folder, ...env },
  });
  const outcome: Outcome = { code: null, stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => (outcome.stdout += chunk));
  child.stderr.on("data", (chunk) => (outcome.stderr += chunk));
  child.stdin.end(`${CODE}\n`);
  const [code] = await once(child, "close");
  return { ...outcome, code };
}

describe("saqbol settings", () => {
  test("check says what a file means, but not the API key", async () => {
    const file = settings("good.json", url);
    const { code, stdout } = await saqbol(["settings", "check", file]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Settings: +\S*good\.json$/m);
    expect(stdout).toMatch(/^Verification: .* for looked-up tests, with an API key$/m);
    expect(stdout).toMatch(/^Publishing: .* as kz\.saqbol, no chaff$/m);
    expect(stdout).not.toContain(SECRET);
    const inJson = await saqbol(["settings", "check", file, "--json"]);
    expect(JSON.parse(inJson.stdout)).toMatchObject({
      file,
      verification: { url, token: "registration-token", accept: ["confirmed"], apiKey: true },
      publish: { chaffPerDay: null },
      riskConfig: null,
      texts: null,
    });
    expect(inJson.stdout).not.toContain(SECRET);
  });

  test("check tells a mistake in one sentence, and fails", async () => {
    const file = settings("bad.json", url, { publish: { url } });
    expectFailure(await saqbol(["settings", "check", file]), /lacks `publish.protocol`; add it/);
    const { code, stdout } = await saqbol(["settings", "check", file, "--json"]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout).error.code).toBe("settings-invalid");
    expectFailure(await saqbol(["settings", "check", join(folder, "none")]), /cannot be read/);
  });

  test("texts writes out what wearers are told, which settings can name then", async () => {
    const texts = join(folder, "texts");
    const { code, stdout } = await saqbol(["settings", "texts", "--out", texts]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^18 texts are in .*texts; change them, /);
    expect(readdirSync(texts).sort()).toEqual([...TEXT_FILES].sort());
    const file = settings("texts.json", url, { texts: "texts" });
    const check = await saqbol(["settings", "check", file]);
    expect(check.stdout).toContain(`Texts:         ${texts}`);
    writeFileSync(join(texts, "help.kk.txt"), "");
    expectFailure(await saqbol(["settings", "check", file]), /help\.kk\.txt is empty; write it/);
  });

  test("texts overwrites nothing", async () => {
    const texts = join(folder, "own-texts");
    mkdirSync(texts);
    writeFileSync(join(texts, "help.kk.txt"), "Ours.");
    const outcome = await saqbol(["settings", "texts", "--out", texts]);
    expectFailure(outcome, /help\.kk\.txt is there already, and nothing was written; choose/);
    expect(readdirSync(texts)).toEqual(["help.kk.txt"]);
    expect(readFileSync(join(texts, "help.kk.txt"), "utf8")).toBe("Ours.");
  });

  test("schema prints the schema", async () => {
    const { stdout } = await saqbol(["settings", "schema"]);
    expect(JSON.parse(stdout).properties).toHaveProperty("verification");
  });
});

describe("which settings count", () => {
  const DEAD = "http://127.0.0.1:1";
  const look = (env: Readonly<Record<string, string>>, ...args: string[]) =>
    inEnvironment(env, "test-result", "--json", ...args);
  const found = { result: "negative" };

  test("a file that is named, on the command line or in the environment", async () => {
    const file = settings("named.json", url);
    expect(JSON.parse((await look({}, "--settings", file)).stdout)).toEqual(found);
    expect(JSON.parse((await look({ SAQBOL_SETTINGS: file })).stdout)).toEqual(found);
  });

  test("a server that is named, on the command line or in the environment", async () => {
    expect(JSON.parse((await look({}, "--server", url)).stdout)).toEqual(found);
    expect(JSON.parse((await look({ SAQBOL_SERVER: url })).stdout)).toEqual(found);
  });

  test("the file in the usual place, when nothing is named", async () => {
    const home = join(folder, "home");
    mkdirSync(join(home, "saqbol"), { recursive: true });
    settings(join("home", "saqbol", "settings.json"), url);
    const env = { XDG_CONFIG_HOME: home };
    expect(JSON.parse((await look(env)).stdout)).toEqual(found);
    const other = await look({ ...env, SAQBOL_SERVER: DEAD });
    expect(JSON.parse(other.stdout).error.code).toBe("server-unreachable");
  });

  test("the command line before the environment", async () => {
    const dead = settings("dead.json", DEAD);
    const file = settings("alive.json", url);
    const server = await look({ SAQBOL_SETTINGS: dead }, "--server", url);
    expect(JSON.parse(server.stdout)).toEqual(found);
    const named = await look({ SAQBOL_SERVER: DEAD }, "--settings", file);
    expect(JSON.parse(named.stdout)).toEqual(found);
  });

  test("never both, which is told", async () => {
    const file = settings("both.json", url);
    const outcome = await inEnvironment({}, "test-result", "--server", url, "--settings", file);
    expectFailure(outcome, /Both a server and a settings file/);
    const env = { SAQBOL_SERVER: url, SAQBOL_SETTINGS: file };
    expectFailure(await inEnvironment(env, "test-result"), /Both a server and a settings file/);
  });

  test("none at all is wrong usage", async () => {
    const outcome = await inEnvironment({}, "test-result");
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toBe(
      "saqbol: No server is known; name a settings file with --settings, or a server with --server.\n",
    );
  });

  test("without laboratories a test cannot be looked up", async () => {
    const file = settings("no-lab.json", url, {
      testResults: undefined,
      verification: undefined,
      publish: undefined,
    });
    expectFailure(
      await inEnvironment({ SAQBOL_SETTINGS: file }, "test-result"),
      /ask the laboratory/,
    );
  });

  test("without a server to publish to nothing is asked of the wearer", async () => {
    const file = settings("no-publish.json", url, { publish: undefined });
    const outcome = await inEnvironment({ SAQBOL_SETTINGS: file }, "share", "--card", "-");
    expectFailure(outcome, /name no server to publish to/);
  });
});

describe("saqbol share", () => {
  test.each([
    ["--symptom-onset", "yesterday"],
    ["--symptom-onset", "2026-02-30"],
    ["--symptom-onset", "2020-01-01"],
    ["--since", "3026-01-01"],
  ])("%s %s is wrong usage", async (...args) => {
    expect((await saqbol(["share", "--server", url, ...args])).code).toBe(2);
  });

  test("refuses a code of another form before it looks for the token", async () => {
    const file = settings("codes.json", url, {
      verification: { protocol: "google", url, token: "verification-code" },
    });
    const card = join(folder, "card");
    writeFileSync(card, encodeCardCode({ serial: 1, key: new Uint8Array(16).fill(0xab) }));
    const code = join(folder, "code");
    writeFileSync(code, "12345\n");
    const outcome = await saqbol(["share", "--settings", file, "--card", card, "--code", code]);
    expectFailure(outcome, /at least six digits or letters/);
  });
});

test.each(["test-result", "share"])("saqbol %s downloads no published keys", async (command) => {
  const calls: string[] = [];
  const sink = createServer((request, response) => {
    calls.push(request.url ?? "");
    response.end();
  });
  await new Promise<void>((resolve) => sink.listen(0, "127.0.0.1", resolve));
  const exportsUrl = `http://127.0.0.1:${(sink.address() as { port: number }).port}/`;
  const publicKeys = [{ id: "401", version: "v1", pem: server.exportPublicKeyPem }];
  const region = { region: "KZ", indexUrl: `${exportsUrl}index.txt`, baseUrl: exportsUrl };
  const file = settings("exports.json", url, { exports: [{ ...region, publicKeys }] });
  const card = encodeCardCode({ serial: 1, key: new Uint8Array(16).fill(0xab) });
  const words = command === "share" ? ["--card", "-", "--code", "-"] : [];
  const input = command === "share" ? `${card}\n${CODE}\n` : `${CODE}\n`;
  const { stdout, stderr } = await saqbol([command, "--settings", file, ...words], input);
  expect(stdout + stderr).toMatch(/negative|has not reported a positive test/);
  expect(calls).toEqual([]);
  sink.close();
});

describe("saqbol chaff", () => {
  let chaffUrl: string;
  const calls: string[] = [];
  const sink = createServer((request, response) => {
    calls.push(`${request.url} ${request.headers["x-chaff"]} ${request.headers["x-api-key"]}`);
    request.resume().on("end", () => response.end("{}"));
  });

  beforeAll(async () => {
    await new Promise<void>((resolve) => sink.listen(0, "127.0.0.1", resolve));
    chaffUrl = `http://127.0.0.1:${(sink.address() as { port: number }).port}`;
  });

  afterAll(() => void sink.close());

  const google = (chaff?: object) => ({
    verification: {
      protocol: "google",
      url: chaffUrl,
      token: "verification-code",
      apiKey: SECRET,
    },
    publish: { protocol: "google", url: chaffUrl, healthAuthorityId: "x", ...(chaff && { chaff }) },
  });

  test("--once sends one", async () => {
    const file = settings("once.json", chaffUrl, google());
    const { code, stdout, stderr } = await saqbol(["chaff", "--once", "--settings", file]);
    expect([code, stdout, stderr]).toEqual([0, "1 sent.\n", ""]);
    expect(calls).toEqual([
      `/api/verify 1 ${SECRET}`,
      `/api/certificate 1 ${SECRET}`,
      "/v1/publish 1 undefined",
    ]);
  });

  test("--once says when no server has answered", async () => {
    const { verification, publish } = google();
    const url = "http://127.0.0.1:1";
    const nowhere = {
      verification: { ...verification, url },
      publish: { ...publish, url },
    };
    const file = settings("nowhere.json", url, nowhere);
    const outcome = await saqbol(["chaff", "--once", "--settings", file]);
    expectFailure(outcome, /did not answer, so that the chaff hides nothing/);
  });

  test("wants to be told how many", async () => {
    const file = settings("none.json", chaffUrl, google());
    expectFailure(await saqbol(["chaff", "--settings", file]), /do not say how much chaff/);
  });

  test("runs until it is stopped, and keeps no times in a log", async () => {
    const file = settings("run.json", chaffUrl, google({ perDay: 8 }));
    const child = spawn(process.execPath, [
      "dist/companion/saqbol.js",
      "chaff",
      "--settings",
      file,
      "--json",
    ]);
    let stderr = "";
    let stdout = "";
    child.stdout.on("data", (chunk) => (stdout += chunk));
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
      child.kill("SIGTERM");
    });
    const [code] = await once(child, "close");
    expect(code).toBe(0);
    expect(stderr).toBe("Sending chaff, 8 a day on average. Stop with Ctrl-C.\n");
    expect(JSON.parse(stdout)).toEqual({ sent: 0 });
  });
});
