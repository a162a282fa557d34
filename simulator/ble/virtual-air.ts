/**
 * Two virtual Bluetooth controllers of Google's Bumble, joined by a link without a radio: what real Bluetooth stacks can be
 * run over where there is no adapter. Needs a Python that has the package `bumble`.
 *
 * @module
 */
import { type ChildProcessByStdio, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("controllers.py", import.meta.url)).replace("/dist/", "/");
/** Bumble has no LE Set Data Length, which noble tries, and says so each time. */
const EXPECTED =
  /Unsupported command .*HCI_LE_SET_DATA_LENGTH|^\s*(\S*connection_handle|\S*tx_octets|\S*tx_time):/;

/** What the link has carried since it was last told when to break. */
export interface AirCounts {
  /** From the peripheral. */
  readonly packets: number;
  /** How often the link was lost. */
  readonly cuts: number;
}

/** A packet that is sent again and again, and cannot be connected to. */
export interface AirBeacon {
  /** Random: six hexadecimal bytes with colons. */
  readonly address: string;
  /** Advertising data in hexadecimal. */
  readonly data: string;
  /** Event type of an extended advertising report: 16 for a legacy packet that cannot be answered. */
  readonly kind: number;
  /** Between two packets; Bluetooth's random delay comes on top. */
  readonly seconds: number;
}

/** The Python that has Bumble: what BUMBLE_PYTHON names, or python3; undefined when it has not. */
export function bumblePython(): string | undefined {
  const python = process.env["BUMBLE_PYTHON"] ?? "python3";
  try {
    execFileSync(python, ["-c", "import bumble"], { stdio: "ignore" });
    return python;
  } catch {
    return undefined;
  }
}

/** See the module's description. */
export class VirtualAir {
  /** Names of the adapters on either side, as `--adapter` takes them. */
  readonly tokenAdapter: string;
  readonly deskAdapter: string;
  /** What the controllers have complained about. */
  readonly complaints: string[] = [];
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #answers: AsyncIterator<string>;
  readonly #directory: string;

  private constructor(python: string) {
    this.#directory = mkdtempSync(join(tmpdir(), "saqbol-air-"));
    this.tokenAdapter = join(this.#directory, "hci0");
    this.deskAdapter = join(this.#directory, "hci1");
    this.#process = spawn(python, [SCRIPT, this.#directory], { stdio: ["pipe", "pipe", "pipe"] });
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
    createInterface({ input: this.#process.stderr }).on("line", (line) => {
      if (line && !EXPECTED.test(line)) this.complaints.push(line);
    });
  }

  /** Starts the controllers. @throws Error when Bumble does not start */
  static async open(python: string): Promise<VirtualAir> {
    const air = new VirtualAir(python);
    await air.#answer();
    return air;
  }

  /** Loses the link at every so many notifications from now on; 0 is never again. Counts begin anew. */
  cutEvery(notifications: number): Promise<AirCounts> {
    return this.#ask({ cutEvery: notifications });
  }

  /** Loses the link once, at this packet of the peripheral from now on, whatever it is. Counts begin anew. */
  cutAt(packet: number): Promise<AirCounts> {
    return this.#ask({ cutAt: packet });
  }

  /** What was counted. */
  counts(): Promise<AirCounts> {
    return this.#ask({});
  }

  /** Writes all that is on air from now on to a file: seconds, who, bytes. */
  trace(path: string): Promise<AirCounts> {
    return this.#ask({ trace: path });
  }

  /** Sends it from now on, in the place of the one before; null ends that. */
  beacon(beacon: AirBeacon | null): Promise<AirCounts> {
    return this.#ask({ beacon });
  }

  /** Ends the controllers. */
  close(): void {
    this.#process.kill();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async #ask(command: object): Promise<AirCounts> {
    this.#process.stdin.write(`${JSON.stringify(command)}\n`);
    return JSON.parse(await this.#answer()) as AirCounts;
  }

  async #answer(): Promise<string> {
    const answer = await this.#answers.next();
    if (answer.done) throw new Error(`Bumble has ended: ${this.complaints.join("\n")}`);
    return answer.value;
  }
}
