/** Other processes and the directory of a running server: the server is the built one. */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openSecretStore } from "../../server/secret-store.ts";
import { openSecrets } from "../../server/secrets.ts";
import { temporaryDirectory } from "./directory.ts";

/** The server, and how it ends. */
function start(directory: string) {
  const args = ["dist/server/main.js", "--data", directory, "--port", "0", "--metrics-port", "0"];
  const child = spawn(process.execPath, args);
  let [stdout, stderr] = ["", ""];
  child.stderr.on("data", (chunk) => (stderr += chunk));
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve) => {
    child.on("close", (code) => resolve({ code, stderr }));
  });
  const urls = new Promise<{ service: string; metrics: string }>((resolve) => {
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
      const [service, metrics] = stdout.match(/http:\S+/g) ?? [];
      if (service && metrics && stdout.includes("Ctrl-C")) resolve({ service, metrics });
    });
  });
  const stop = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return ended;
  };
  onTestFinished(async () => void (await stop("SIGKILL")));
  return { pid: child.pid!, urls, ended, stop };
}

/** What `sqlite3 key-server.sqlite .backup` does to the file: it opens, reads and closes it. */
function readFromOutside(directory: string): void {
  const script = `
    const db = new (require("libsql"))(process.argv[1]);
    db.prepare("SELECT count(*) FROM tests").all([]);
    db.close();`;
  execFileSync(process.execPath, ["-e", script, join(directory, "key-server.sqlite")]);
}

/** Registers a sample; the status. */
async function register(url: string, directory: string, code: string): Promise<number> {
  const [key] = openSecrets(openSecretStore(directory)).laboratoryKeys;
  const response = await fetch(`${url}/laboratory/v1/samples`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-api-key": key! },
    body: JSON.stringify({ code }),
  });
  return response.status;
}

/** Waits for the end of the first turn of upkeep, whose thread has opened the database by then. */
async function upkeepDone(metrics: string): Promise<void> {
  for (;;) {
    const text = await (await fetch(metrics)).text();
    if (/^saqbol_upkeep_timestamp_seconds [1-9]/m.test(text)) return;
  }
}

/** Where there is no /proc, the log itself must do. */
function openFiles(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((name) => readlinkSync(join(folder, name)));
}

test("a reader in another process takes no log away, and what is stored later survives a kill", async () => {
  const directory = temporaryDirectory();
  const server = start(directory);
  const { service, metrics } = await server.urls;
  await upkeepDone(metrics);
  expect(await register(service, directory, "1234567890")).toBe(201);
  readFromOutside(directory);
  expect(existsSync(join(directory, "key-server.sqlite-wal"))).toBe(true);
  expect(openFiles(server.pid).filter((file) => file.endsWith("(deleted)"))).toEqual([]);
  expect(await register(service, directory, "1234567891")).toBe(201);
  expect((await server.stop("SIGKILL")).stderr).toBe("");

  const next = await start(directory).urls;
  expect(await register(next.service, directory, "1234567890")).toBe(409);
  expect(await register(next.service, directory, "1234567891")).toBe(409);
});

test("one process at a time may use a directory; a kill leaves it free", async () => {
  const directory = temporaryDirectory();
  const first = start(directory);
  const { metrics } = await first.urls;
  await upkeepDone(metrics);
  expect(await start(directory).ended).toEqual({
    code: 1,
    stderr: `saqbol-server: Another server is running in ${directory}; stop it first, or choose another directory with --data.\n`,
  });
  await first.stop("SIGKILL");
  const third = start(directory);
  await third.urls;
  expect(await third.stop("SIGTERM")).toEqual({ code: 0, stderr: "" });
});
