import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

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
  return { child, ended, url };
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
  for (const word of ["--data", "--port", "--host", "SAQBOL_SERVER_DATA"]) {
    expect(stdout).toContain(word);
  }
});

test("a port in use, a file for a directory, a port that is none: one sentence each", async () => {
  const first = start(["--data", join(folder, "one"), "--port", "0"]);
  const port = new URL(await first.url).port;
  const taken = await start(["--data", join(folder, "two"), "--port", port]).ended;
  writeFileSync(join(folder, "file"), "");
  const file = await start(["--data", join(folder, "file"), "--port", "0"]).ended;
  const odd = await start(["--data", folder, "--port", "http"]).ended;
  for (const outcome of [taken, file, odd]) {
    expect(outcome.code).not.toBe(0);
    expect(outcome.stdout).toBe("");
    expect(outcome.stderr.trim().split("\n")).toHaveLength(1);
  }
  expect(taken.stderr).toMatch(/port/);
  expect(file.stderr).toMatch(/directory/);
});
