import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PRELOAD = fileURLToPath(new URL("preload.mjs", import.meta.url));

/** Which call into the database kills the process. */
export interface Kill {
  readonly thread: "main" | "upkeep";
  /** Counted from 1. */
  readonly call: number;
}

/** The server in a process of its own, with its clock set. */
export class ServerProcess {
  readonly #child: ChildProcess;
  /** Resolves when the process is gone, to its exit code or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Resolves to its address, or to undefined when it ends before it has one. */
  readonly url: Promise<string | undefined>;
  stderr = "";

  /** @param bundle where main.js is */
  constructor(bundle: string, dataDir: string, time: number, kill?: Kill) {
    const main = join(bundle, "main.js");
    const args = ["--import", PRELOAD, main, "--data", dataDir, "--port", "0"];
    this.#child = spawn(process.execPath, [...args, "--trust-proxy", "1"], {
      env: {
        ...process.env,
        SAQBOL_TEST_TIME: String(time),
        SAQBOL_TEST_KILL: kill ? `${kill.thread} ${kill.call}` : "",
      },
    });
    this.#child.stderr?.on("data", (chunk) => (this.stderr += chunk));
    this.ended = new Promise((resolve) => {
      this.#child.on("close", (code, signal) => resolve(code ?? signal!));
    });
    this.url = new Promise((resolve) => {
      let text = "";
      this.#child.stdout?.on("data", (chunk) => {
        text += chunk;
        const match = /(http:\/\/127\.0\.0\.1:\d+)[\s\S]*Ctrl-C/.exec(text);
        if (match) resolve(match[1]);
      });
      void this.ended.then(() => resolve(undefined));
    });
  }

  /** Sends a signal and waits for the end. */
  async stop(signal: "SIGTERM" | "SIGKILL"): Promise<number | NodeJS.Signals> {
    this.#child.kill(signal);
    return this.ended;
  }

  /** Sends SIGKILL after some milliseconds. */
  killAfter(milliseconds: number): void {
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), milliseconds);
    void this.ended.then(() => clearTimeout(timer));
  }
}
