import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { DeskView } from "../../../companion/desk/desk-api.ts";
import { expectFailure, type Outcome } from "../../support/saqbol.ts";
import { ask, post } from "./exchange.ts";

// These run the built command line, see CONTRIBUTING.md.
const PROGRAM = resolve("dist/companion/saqbol.js");

let folder: string;
let running: RunningDesk | undefined;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "saqbol-desk-"));
});
afterEach(async () => {
  running?.child.kill("SIGKILL");
  running = undefined;
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A desk in a process of its own, in an empty directory and without settings. */
class RunningDesk {
  readonly child: ChildProcess;
  readonly outcome: Outcome = { code: null, stdout: "", stderr: "" };
  readonly ended: Promise<Outcome>;

  constructor(args: readonly string[], environment: Record<string, string> = {}) {
    const { PATH, HOME } = process.env;
    this.child = spawn(process.execPath, [PROGRAM, "desk", ...args], {
      cwd: folder,
      env: { PATH, HOME, XDG_CONFIG_HOME: folder, XDG_CACHE_HOME: folder, ...environment },
    });
    this.child.stdout!.on("data", (chunk) => {
      this.outcome.stdout += chunk;
    });
    this.child.stderr!.on("data", (chunk) => {
      this.outcome.stderr += chunk;
    });
    this.ended = once(this.child, "close").then(([code]) => ({ ...this.outcome, code }));
  }

  /** Its address, once it is open. */
  async url(): Promise<string> {
    const address = /http:\/\/127\.0\.0\.1:\d+\/[\w-]{22}\//;
    const open = () => address.exec(this.outcome.stdout)?.[0];
    await expect.poll(open, { timeout: 20_000 }).toBeDefined();
    return open()!;
  }
}

function start(args: readonly string[], environment?: Record<string, string>): RunningDesk {
  running = new RunningDesk(args, environment);
  return running;
}

/** The first view that the desk shows. */
async function viewOf(url: string): Promise<DeskView> {
  const abort = new AbortController();
  const { body } = await fetch(`${url}api/view`, { signal: abort.signal });
  const { value } = await body!.getReader().read();
  abort.abort();
  return JSON.parse(/data: (.*)\n/.exec(Buffer.from(value!).toString())![1]!);
}

describe("saqbol desk", () => {
  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "serves the page until %s, then it is gone and all is well",
    async (signal) => {
      const desk = start(["--no-open"]);
      const url = await desk.url();
      expect(desk.outcome.stdout).toBe(`The desk is open at ${url}\nStop with Ctrl-C.\n`);
      expect((await ask(url)).text).toContain("page.js");
      const view = await viewOf(url);
      expect(view).toMatchObject({ locked: false, visit: null, test: null });
      desk.child.kill(signal);
      expect(await desk.ended).toMatchObject({ code: 0, stderr: "" });
      await expect(ask(url)).rejects.toThrow("ECONNREFUSED");
    },
  );

  test("ends while a page watches it", async () => {
    const desk = start(["--no-open"]);
    const response = await fetch(`${await desk.url()}api/view`);
    desk.child.kill("SIGINT");
    await response.text().catch(() => {});
    expect((await desk.ended).code).toBe(0);
  });

  test("--json prints one object with the address, and goes on", async () => {
    const desk = start(["--no-open", "--json"]);
    const url = await desk.url();
    expect(JSON.parse(desk.outcome.stdout)).toEqual({ url });
    expect((await ask(url)).status).toBe(200);
  });

  test("--texts takes a health authority's words, and refuses those that cannot be used", async () => {
    const texts = mkdtempSync(join(folder, "texts-"));
    writeFileSync(join(texts, "help.en.txt"), "Call the clinic's desk.\n");
    const desk = start(["--no-open", "--texts", texts]);
    const { text } = await ask(`${await desk.url()}texts/en.json`);
    expect(JSON.parse(text)).toMatchObject({ help: ["Call the clinic's desk."] });
    desk.child.kill("SIGINT");
    await desk.ended;
    writeFileSync(join(texts, "help.en.txt"), "\n");
    const refused = await start(["--no-open", "--texts", texts]).ended;
    expectFailure(refused, /help\.en\.txt/);
  });

  test("without settings it opens, and the page is told that nothing is connected", async () => {
    const view = await viewOf(await start(["--no-open"]).url());
    expect(view.setUp).toEqual({
      exports: false,
      testResults: false,
      publishing: null,
      demonstration: false,
    });
  });

  test("with a settings file it connects what that names", async () => {
    const settings = join(folder, "connected.json");
    writeFileSync(
      settings,
      JSON.stringify({
        testResults: { protocol: "corona-warn-app", url: "https://laboratory.example" },
      }),
    );
    const view = await viewOf(await start(["--no-open", "--settings", settings]).url());
    expect(view.setUp).toMatchObject({ exports: false, testResults: true });
  });

  test("it takes the port that is named; one that is taken is said in one sentence", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    expectFailure(await start(["--no-open", "--port", String(port)]).ended, /port \d+; .*--port/);
    other.close();
    await once(other, "close");
    const url = await start(["--no-open", "--port", String(port)]).url();
    expect(new URL(url).port).toBe(String(port));
  });

  test.each([
    [["--port", "x"]],
    [["--port", "65536"]],
    [["--lock-after", "0"]],
    [["--lock-after", "61"]],
    [["--host", "0.0.0.0"]],
    [["--region", "KZ"]],
  ])("%j is wrong usage", async (args) => {
    const { code, stderr } = await start(["--no-open", ...args]).ended;
    expect(code).toBe(2);
    expect(stderr).toMatch(/^saqbol: /);
  });
});

describe.skipIf(process.platform !== "linux")("the browser", () => {
  /** A program in the place of a browser, which notes what it was started with, and ends in some way. */
  function browser(exitCode: number): { path: string; started: () => string } {
    const notes = join(folder, `started-${exitCode}`);
    const path = join(folder, `browser-${exitCode}`);
    writeFileSync(path, `#!/bin/sh\necho "$@" >'${notes}'\nexit ${exitCode}\n`);
    chmodSync(path, 0o755);
    return { path, started: () => (existsSync(notes) ? readFileSync(notes, "utf8").trim() : "") };
  }

  test("is started with an address that works once, and not with the lasting one", async () => {
    const { path, started } = browser(0);
    const desk = start([], { BROWSER: path });
    const url = await desk.url();
    await expect.poll(started, { timeout: 20_000 }).toMatch(/\/open\/[\w-]{22}$/);
    expect(started()).not.toContain(new URL(url).pathname);
    const first = await ask(started());
    expect([first.status, first.headers.location]).toEqual([303, new URL(url).pathname]);
    expect((await ask(started())).status).toBe(410);
    expect(desk.outcome.stderr).toBe("");
  });

  test("that cannot be opened is no failure of the desk, which says so", async () => {
    const desk = start([], { BROWSER: browser(3).path });
    const url = await desk.url();
    await expect.poll(() => desk.outcome.stderr, { timeout: 20_000 }).not.toBe("");
    expect(desk.outcome.stderr).toMatch(/^saqbol: No browser could be opened; .*\.\n$/);
    expect((await ask(url)).status).toBe(200);
  });
});

describe.skipIf(process.platform === "win32")("a process that ends badly", () => {
  /** A desk that does something unexpected on SIGUSR2. */
  function startFaulty(fault: string): RunningDesk {
    const preload = join(folder, "fault.mjs");
    writeFileSync(preload, `process.on("SIGUSR2", () => {\n${fault}\n});\n`);
    return start(["--no-open"], { NODE_OPTIONS: `--import ${preload}` });
  }

  test("prints where a fault was, quotes nothing, and leaves no file", async () => {
    const desk = startFaulty(`
      const error = new Error("SQB1:SECRET\\n    at SQB1:SECRET");
      throw Object.assign(error, { card: "SQB1:SECRET" });`);
    await desk.url();
    const before = readdirSync(folder);
    desk.child.kill("SIGUSR2");
    const { code, stdout, stderr } = await desk.ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^saqbol: the desk failed: Error\n {4}at .*fault\.mjs/);
    expect(stdout + stderr).not.toContain("SECRET");
    expect(readdirSync(folder)).toEqual(before);
  });

  test("quotes nothing of a rejection that nobody takes", async () => {
    const desk = startFaulty(`Promise.reject({ card: "SQB1:SECRET" });`);
    await desk.url();
    desk.child.kill("SIGUSR2");
    const { code, stderr } = await desk.ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^saqbol: the desk failed: /);
    expect(stderr).not.toContain("SECRET");
  });

  test("SIGUSR1 opens no debugger, and the desk goes on", async () => {
    const desk = start(["--no-open"]);
    const url = await desk.url();
    desk.child.kill("SIGUSR1");
    await post(`${url}api/stir`, {});
    expect((await ask(url)).status).toBe(200);
    expect(desk.outcome.stderr).toBe("");
  });

  test("Node writes no report and no snapshot by itself", () => {
    const { reportOnFatalError, reportOnSignal, reportOnUncaughtException } = process.report!;
    expect([reportOnFatalError, reportOnSignal, reportOnUncaughtException]).toEqual([
      false,
      false,
      false,
    ]);
  });
});
