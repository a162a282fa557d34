import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../main.js", import.meta.url));

/** The server in a process of its own, called over HTTP from ever new addresses. */
export class BenchServer {
  readonly #child: ChildProcess;
  readonly #url: string;
  readonly #dataDir: string;
  #calls = 0;

  private constructor(child: ChildProcess, url: string, dataDir: string) {
    this.#child = child;
    this.#url = url;
    this.#dataDir = dataDir;
  }

  static async start(dataDir: string): Promise<BenchServer> {
    const args = [MAIN, "--data", dataDir, "--port", "0", "--trust-proxy", "1"];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    for await (const chunk of child.stdout) {
      text += chunk;
      const url = /(http:\/\/\S+)[\s\S]*Ctrl-C/.exec(text)?.[1];
      if (url) return new BenchServer(child, url, dataDir);
    }
    throw new Error("the server did not start");
  }

  /** @param keyFile which API key to call with */
  async post(path: string, body: unknown, keyFile?: string): Promise<Record<string, string>> {
    const response = await fetch(this.#url + path, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        // No limit is to be met: each call comes from another address.
        "x-forwarded-for": `10.${(this.#calls >> 16) & 255}.${(this.#calls >> 8) & 255}.${this.#calls++ & 255}`,
        ...(keyFile && { "x-api-key": readFileSync(join(this.#dataDir, keyFile), "utf8").trim() }),
      },
      body: JSON.stringify(body),
    });
    const json = (await response.json()) as Record<string, string>;
    if (!response.ok) throw new Error(`${path} was answered ${response.status}`);
    return json;
  }

  get(path: string): Promise<Response> {
    return fetch(this.#url + path);
  }

  /** The most memory (resident set) that the process has had so far, where Linux tells it. */
  peakMemory(): string {
    const file = `/proc/${this.#child.pid}/status`;
    if (!existsSync(file)) return "not known on this system";
    const kilobytes = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(file, "utf8"))?.[1]);
    return `${Math.round(kilobytes / 1024)} MB`;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once("close", resolve));
    this.#child.kill("SIGTERM");
    await ended;
  }
}
