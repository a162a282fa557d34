/**
 * `npm run simulate -- token --ble` in a process of its own: bleno's timers outlive its stop().
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../main.js", import.meta.url)).replace(
  /(dist\/)?simulator\/main\.js$/,
  "dist/simulator/main.js",
);

/** What a simulated token tells, a line at a time. */
export interface TokenEvent {
  readonly event: string;
  /** Of a `card`. */
  readonly code?: string;
  /** Of a `light`. */
  readonly colour?: string;
  readonly on?: boolean;
}

/** A running token. */
export class TokenProcess {
  /** What it has told so far. */
  readonly events: TokenEvent[] = [];
  readonly #process: ChildProcess;
  #onEvent = (): void => {};
  #errors = "";
  #hasEnded = false;

  /** @param options - beside `token --ble --json` */
  constructor(options: readonly string[]) {
    const child = spawn(process.execPath, [MAIN, "token", "--ble", "--json", ...options], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = child;
    createInterface({ input: child.stdout }).on("line", (line) => {
      this.events.push(JSON.parse(line) as TokenEvent);
      this.#onEvent();
    });
    child.stderr.on("data", (data) => {
      this.#errors += data;
    });
    child.on("exit", () => {
      this.#hasEnded = true;
      this.#onEvent();
    });
  }

  /**
   * Waits until it tells something that `isAwaited` accepts, looking at what comes after the first `from` events.
   *
   * @throws Error when it ends before that
   */
  async told(isAwaited: (event: TokenEvent) => boolean, from = 0): Promise<TokenEvent> {
    for (;;) {
      const found = this.events.slice(from).find(isAwaited);
      if (found) return found;
      if (this.#hasEnded) throw new Error(`The simulated token has ended: ${this.#errors}`);
      await new Promise<void>((resolve) => {
        this.#onEvent = resolve;
      });
    }
  }

  /** Ends it; its flash is kept then, if it has a file for it. */
  async stop(): Promise<void> {
    if (this.#hasEnded) return;
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill("SIGTERM");
    await ended;
  }
}
