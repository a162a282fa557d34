import { type ChildProcess, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Database } from "../../server/database.ts";
import { openKeyServer } from "../../server/key-server.ts";
import { insertKey } from "../../server/temporary-exposure-keys.ts";

let folder: string;
let running: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "saqbol-server-"));
  running = [];
});

afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

function start(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ["dist/server/main.js", ...args], {
    env: { ...process.env, ...env },
  });
  running.push(child);
  const outcome: Outcome = { code: null, stdout: "", stderr: "" };
  child.stderr.on("data", (chunk) => (outcome.stderr += chunk));
  const ended = new Promise<Outcome>((resolve) => {
    child.on("close", (code) => resolve({ ...outcome, code }));
  });
  const url = new Promise<string>((resolve) => {
    child.stdout.on("data", (chunk) => {
      outcome.stdout += chunk;
      // The last line of what it says at the start.
      const match = /(http:\/\/127\.0\.0\.1:\d+)[\s\S]*Ctrl-C/.exec(outcome.stdout);
      if (match?.[1]) resolve(match[1]);
    });
  });
  return { child, ended, outcome, url };
}

test("it starts on a free port, says where things are, answers, and stops when told", async () => {
  const data = join(folder, "data");
  const { child, ended, url } = start(["--data", data, "--port", "0"]);
  const health = await fetch(`${await url}/health`);
  expect(await health.json()).toEqual({ status: "ok", maintenance_mode: false });
  child.kill("SIGTERM");
  const { code, stdout, stderr } = await ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const files = stdout.match(/\S+\/data\/\S+/g) ?? [];
  expect(files.length).toBeGreaterThanOrEqual(2);
  for (const file of files) expect(existsSync(file)).toBe(true);
  expect(statSync(data).mode & 0o077).toBe(0);
});

test("the environment stands in for options", async () => {
  const env = { SAQBOL_SERVER_DATA: join(folder, "data"), SAQBOL_SERVER_PORT: "0" };
  const { child, ended, url } = start([], env);
  expect(await url).toMatch(/^http/);
  child.kill("SIGINT");
  expect((await ended).code).toBe(0);
});

test("--help says what it is and which options it takes", async () => {
  const { ended } = start(["--help"]);
  const { code, stdout } = await ended;
  expect(code).toBe(0);
  const options = [
    "data",
    "port",
    "host",
    "trust-proxy",
    "metrics-port",
    "daily-codes",
    "maintenance",
  ];
  for (const option of options) {
    expect(stdout).toContain(`--${option}`);
    const variable = `SAQBOL_SERVER_${option.replace("-", "_").toUpperCase()}`;
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(`env: ${variable})`);
  }
});

test("a port in use, a file for a directory, a port that is none: one sentence each", async () => {
  const first = start(["--data", join(folder, "one"), "--port", "0"]);
  const port = new URL(await first.url).port;
  const taken = await start(["--data", join(folder, "two"), "--port", port]).ended;
  writeFileSync(join(folder, "file"), "");
  const file = await start(["--data", join(folder, "file"), "--port", "0"]).ended;
  const odd = await start(["--data", folder, "--port", "http"]).ended;
  for (const [outcome, code] of [
    [taken, 1],
    [file, 1],
    [odd, 2],
  ] as const) {
    expect(outcome.code).toBe(code);
    expect(outcome.stderr).toMatch(/^saqbol-server: /);
    expect(outcome.stdout).toBe("");
    expect(outcome.stderr.trim().split("\n")).toHaveLength(1);
  }
  expect(taken.stderr).toMatch(/ --port\./);
  expect(file.stderr).toMatch(/directory/);
});

test("it finishes what is under way when it is told to stop, and takes nothing new", async () => {
  const data = join(folder, "data");
  const { child, ended, url } = start(["--data", data, "--port", "0"]);
  const address = new URL(await url);
  const key = readFileSync(join(data, "laboratory-key"), "utf8").trim();
  const body = JSON.stringify({ code: "1234567890" });
  // An idle connection, and one whose call has half arrived.
  const idle = connect(Number(address.port), address.hostname);
  const socket = connect(Number(address.port), address.hostname);
  let answer = "";
  socket.on("data", (chunk) => (answer += chunk));
  const closed = new Promise((resolve) => socket.on("close", resolve));
  const head = [
    "POST /laboratory/v1/samples HTTP/1.1",
    "host: test",
    "content-type: application/json",
    `x-api-key: ${key}`,
    `content-length: ${body.length}`,
  ];
  socket.write(`${head.join("\r\n")}\r\n\r\n${body.slice(0, 5)}`);
  // Answered on another connection: by now the server has seen the first half.
  await fetch(`${address.origin}/health`, { headers: { connection: "close" } });
  child.kill("SIGTERM");
  await refused(address);
  socket.write(body.slice(5));
  await closed;
  expect(answer).toMatch(/^HTTP\/1\.1 201 /);
  expect(await ended).toMatchObject({ code: 0, stderr: "" });
  idle.destroy();
});

/** Resolves once nobody listens there any more. */
async function refused({ port, hostname }: URL): Promise<void> {
  for (;;) {
    const open = await new Promise((resolve) => {
      const probe = connect(Number(port), hostname);
      probe.on("connect", () => resolve(true));
      probe.on("error", () => resolve(false));
    });
    if (!open) return;
  }
}

test("metrics are on a port of their own, on loopback, and only when asked for", async () => {
  const args = ["--data", join(folder, "data"), "--port", "0"];
  const { child, outcome, url } = start([...args, "--metrics-port", "0"]);
  const service = await url;
  await fetch(`${service}/health`);
  expect((await fetch(`${service}/metrics`)).status).toBe(404);
  const metrics = /Metrics: +(http:\/\/127\.0\.0\.1:\d+\/metrics)/.exec(outcome.stdout)![1]!;
  const text = await (await fetch(metrics)).text();
  expect(text).toMatch(/saqbol_http_request_seconds_count\{route="\/health",status="200"\} 1/);
  expect(text).toContain("process_resident_memory_bytes");
  child.kill("SIGTERM");
  const plain = start(args);
  await plain.url;
  expect(plain.outcome.stdout).not.toContain("Metrics");
});

test("keys are listed, rotated and retired from the command line, and none is shown", async () => {
  const data = join(folder, "data");
  const run = async (...args: string[]) => start(["keys", ...args, "--data", data]).ended;
  // While the server runs.
  await start(["--data", data, "--port", "0"]).url;
  const rotated = await run("rotate", "export");
  expect(rotated).toMatchObject({ code: 0, stderr: "" });
  expect(rotated.stdout).toContain(join(data, "export-public-key.v2.pem"));
  const { code, stdout } = await run("list", "--json");
  expect(code).toBe(0);
  const listed = JSON.parse(stdout);
  const kinds = listed.map(({ kind, version }: { kind: string; version: number }) => [
    kind,
    version,
  ]);
  expect(kinds).toEqual([
    ["export", 2],
    ["export", 1],
    ["certificate", 1],
    ["token", 1],
    ["secret", 1],
    ["laboratory", 1],
    ["device", 1],
    ["admin", 1],
  ]);
  expect(listed[0]).toMatchObject({ keyId: "401-v2", newest: true });
  const human = (await run("list")).stdout;
  for (const { file } of listed) {
    const secret =
      readFileSync(file, "utf8").trim().split("\n").at(-2) ?? readFileSync(file, "utf8").trim();
    expect(stdout + human).not.toContain(secret);
  }
  expect((await run("retire", "export", "1")).code).toBe(0);
  expect(existsSync(join(data, "export-signing-key.pem"))).toBe(false);
  for (const args of [
    ["retire", "export", "2"],
    ["retire", "export", "7"],
    ["rotate", "nonsense"],
    ["list", "nonsense"],
  ]) {
    const refused = await run(...args);
    expect(refused.code).not.toBe(0);
    expect(refused.stdout).toBe("");
    expect(refused.stderr.trim().split("\n")).toHaveLength(1);
  }
});

test.each([
  ["--trust-proxy", "everybody"],
  ["--metrics-port", "http"],
  ["--daily-codes", "many"],
])("%s %s is refused in one sentence", async (...args) => {
  const { code, stdout, stderr } = await start(["--data", join(folder, "data"), ...args]).ended;
  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(stderr).toMatch(/^saqbol-server: /);
});

test("a command that there is not is named, and nothing is made", async () => {
  const data = join(folder, "data");
  const outcome = await start(["bogus", "--data", data]).ended;
  expect(outcome).toEqual({
    code: 2,
    stdout: "",
    stderr: "saqbol-server: there is no command 'bogus'; see saqbol-server --help\n",
  });
  expect(existsSync(data)).toBe(false);
});

test("a metrics port in use is named as such, and the server does not stay", async () => {
  const first = start(["--data", join(folder, "one"), "--port", "0"]);
  const { port } = new URL(await first.url);
  const args = ["--data", join(folder, "two"), "--port", "0", "--metrics-port", port];
  expect(await start(args).ended).toEqual({
    code: 1,
    stdout: "",
    stderr: `saqbol-server: Port ${port} on 127.0.0.1 is in use; choose another with --metrics-port.\n`,
  });
});

test.each([
  ["1", true],
  ["true", true],
  ["0", false],
  ["false", false],
  ["", false],
])("SAQBOL_SERVER_MAINTENANCE=%s means maintenance: %s", async (value, expected) => {
  const env = { SAQBOL_SERVER_MAINTENANCE: value };
  const { url } = start(["--data", join(folder, "data"), "--port", "0"], env);
  const health = await fetch(`${await url}/health`);
  expect(await health.json()).toEqual({ status: "ok", maintenance_mode: expected });
});

test("any other SAQBOL_SERVER_MAINTENANCE is refused, and --maintenance needs none", async () => {
  const args = ["--data", join(folder, "data"), "--port", "0"];
  const odd = await start(args, { SAQBOL_SERVER_MAINTENANCE: "maybe" }).ended;
  expect(odd).toMatchObject({ code: 2, stdout: "" });
  expect(odd.stderr).toMatch(/^saqbol-server: SAQBOL_SERVER_MAINTENANCE is 'maybe'; .*\n$/);
  const { url } = start([...args, "--maintenance"], { SAQBOL_SERVER_MAINTENANCE: "0" });
  const health = await fetch(`${await url}/health`);
  expect(await health.json()).toMatchObject({ maintenance_mode: true });
});

test("a directory in which no key server has been gets no keys", async () => {
  const missing = join(folder, "missing");
  const empty = join(folder, "empty");
  mkdirSync(empty);
  for (const data of [missing, empty]) {
    for (const args of [["list"], ["rotate", "export"], ["retire", "export", "1"]]) {
      const { code, stdout, stderr } = await start(["keys", ...args, "--data", data]).ended;
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toBe(
        `saqbol-server: There is no key server in ${data}; name its directory with --data, or start it there first.\n`,
      );
    }
  }
  expect(existsSync(missing)).toBe(false);
  expect(readdirSync(empty)).toEqual([]);
});

test("a fault of the upkeep is told by its kind", async () => {
  const data = join(folder, "data");
  openKeyServer({ dataDir: data, now: () => Date.now() / 1000 }).close();
  const db = new Database(data);
  db.execute("DROP TABLE export_parts");
  db.close();
  const { child, ended, url } = start(["--data", data, "--port", "0"]);
  await url;
  child.kill("SIGTERM");
  expect(await ended).toMatchObject({
    code: 0,
    stderr: "fault: upkeep: SqliteError SQLITE_ERROR\n",
  });
});

test("upkeep runs at the start, in its own thread, and says what it made", async () => {
  const data = join(folder, "data");
  const first = openKeyServer({ dataDir: data, now: () => Date.now() / 1000 - 10 * 3600 });
  const key = Buffer.alloc(16, 7);
  first.close();
  const db = new Database(data);
  insertKey(db, {
    keyData: new Uint8Array(key),
    rollingStartIntervalNumber: Math.floor(Date.now() / 86_400_000 - 1) * 144,
    rollingPeriod: 144,
    transmissionRiskLevel: 2,
    daysSinceOnsetOfSymptoms: 0,
    reportType: 1,
    createdAt: Math.floor(Date.now() / 3_600_000 - 10) * 3600,
  });
  db.close();
  const { child, ended, url } = start(["--data", data, "--port", "0"]);
  await url;
  // Stopping waits for it.
  child.kill("SIGTERM");
  expect(await ended).toMatchObject({
    code: 0,
    stderr: "",
    stdout: expect.stringContaining("Made 1 export file(s)."),
  });
});
