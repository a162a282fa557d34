/**
 * The line to an Espruino board, over TCP, a serial port or Bluetooth, through the `espruino` package.
 *
 * That package is made for a program of its own: it prints what it does, lives in global variables,
 * switches certificate checks off, and lets errors of a port go uncaught. All of this is undone or
 * caught here, and it is not even loaded before a board is spoken to.
 *
 * @module
 */
import { existsSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "../failure.ts";
import type { EspruinoFacts } from "./flash-target.ts";

/** An open line to a board. */
export interface EspruinoLink extends EspruinoFacts {
  /**
   * Evaluates an expression (ASCII) on the board.
   *
   * @param seconds - how long the board may take; 10 unless given
   * @returns its value, if JSON can express it
   * @throws Failure `link-lost`, `board-error`
   */
  evaluate(expression: string, seconds?: number): Promise<unknown>;
  /** Stops whatever runs on the board, so that its flash can be erased. @throws Failure */
  reset(): Promise<void>;
  /** Closes the line; does nothing when it has gone by itself. */
  close(): Promise<void>;
}

// The parts of the package that are used; it ships no types.
interface Connection {
  chunkSize: number;
  closeLowLevel: () => void;
  on(event: "packet", listener: (type: number, data: string) => void): void;
  on(event: "close", listener: () => void): void;
  removeListener(event: string, listener: unknown): void;
  espruinoSendPacket(type: "EVAL", data: string, options: { timeout: number }): Promise<void>;
}

interface Espruino {
  readonly Config: Record<string, unknown>;
  readonly Core: {
    readonly Serial: {
      readonly connection: Connection;
      startListening(listener: (data: ArrayBuffer) => void): void;
      open(port: string, onOpen: (info: unknown) => void, onClose: () => void): void;
      close(): void;
    };
    readonly Utils: {
      executeExpression(expression: string, callback: (result?: string) => void): void;
    };
  };
}

const BLUETOOTH = /^([0-9a-f]{2}(:[0-9a-f]{2}){5}|[0-9a-f]{32})$/i;
// Looking for a board over Bluetooth takes some seconds; the package gives up after three.
const OPEN_BLUETOOTH_SECONDS = 20;
const OPEN_OTHER_SECONDS = 5;
const HELLO_SECONDS = 10;
const EVALUATE_SECONDS = 10;
const CLOSE_SECONDS = 1;
// A reset happens only after the board has answered.
const RESET_SECONDS = 1;
const BLUETOOTH_WRITE_BYTES = 20;
const OTHER_WRITE_BYTES = 512;
const RESPONSE_PACKET = 0;

/**
 * Opens the line to a board. Only one can be open at a time.
 *
 * @param port - tcp://host:port, path of a serial port, or Bluetooth address
 * @throws Failure `port-not-found`, `board-silent`, `link-lost`
 */
export async function openEspruinoLink(port: string): Promise<EspruinoLink> {
  const restoreConsole = muteConsole();
  const fault = new AbortController();
  const onFault = (error: unknown): void => fault.abort(error);
  process.on("uncaughtException", onFault);
  const release = (): void => {
    process.off("uncaughtException", onFault);
    restoreConsole();
  };
  try {
    const espruino = await load();
    configure(espruino, port);
    await open(espruino, port, fault.signal);
    return await greet(espruino, port, fault.signal, release);
  } catch (error) {
    release();
    throw error;
  }
}

function muteConsole(): () => void {
  const { log, info, warn, error } = console;
  const silent = (): void => {};
  Object.assign(console, { log: silent, info: silent, warn: silent, error: silent });
  return () => Object.assign(console, { log, info, warn, error });
}

function load(): Promise<Espruino> {
  const certificateChecks = process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
  const { init } = createRequire(import.meta.url)("espruino") as {
    init(callback: () => void): void;
  };
  return new Promise((resolve) => {
    init(() => {
      if (certificateChecks === undefined) delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
      else process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = certificateChecks;
      resolve((globalThis as unknown as { Espruino: Espruino }).Espruino);
    });
  });
}

function configure({ Config, Core }: Espruino, port: string): void {
  Object.assign(Config, {
    SERIAL_TCPIP: port.startsWith("tcp://") ? [port] : [],
    SERIAL_IGNORE: "",
    BLUETOOTH_LOW_ENERGY: BLUETOOTH.test(port),
    BLUETOOTH_LOW_ENERGY_DBUS: false,
    WEB_BLUETOOTH: false,
    // It would ask a web site about the board.
    ENV_ON_CONNECT: false,
  });
  const { connection } = Core.Serial;
  // The package calls it after a failed write, but leaves it undefined.
  connection.closeLowLevel = () => {};
}

async function open({ Core }: Espruino, port: string, fault: AbortSignal): Promise<void> {
  // The package knows serial ports by their true names.
  const path = existsSync(port) ? realpathSync(port) : port;
  const bluetooth = BLUETOOTH.test(port);
  const seconds = bluetooth ? OPEN_BLUETOOTH_SECONDS : OPEN_OTHER_SECONDS;
  const deadline = Date.now() + seconds * 1000;
  const attempt = (): Promise<boolean> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), deadline - Date.now());
      fault.addEventListener("abort", () => resolve(false));
      Core.Serial.open(
        path,
        (info) => {
          clearTimeout(timer);
          resolve(info !== undefined);
        },
        () => {},
      );
    });
  while (!(await attempt())) {
    if (fault.aborted || !bluetooth || Date.now() >= deadline) {
      throw new Failure(
        "port-not-found",
        `No board can be reached at ${port}; check the port, and start a Bluetooth board with its button held, so that it can be found.`,
      );
    }
  }
}

async function greet(
  { Core }: Espruino,
  port: string,
  fault: AbortSignal,
  release: () => void,
): Promise<EspruinoLink> {
  const { Serial, Utils } = Core;
  const { connection } = Serial;
  const ended = new AbortController();
  const end = (): void => ended.abort();
  connection.on("close", end);
  fault.addEventListener("abort", end);

  function evaluate(expression: string, seconds = EVALUATE_SECONDS): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        ended.signal.removeEventListener("abort", lose);
        connection.removeListener("packet", onPacket);
      };
      const lose = (): void => {
        settle();
        reject(
          new Failure(
            "link-lost",
            `The connection to ${port} was lost; connect the board again, and run this again.`,
          ),
        );
      };
      const onPacket = (type: number, data: string): void => {
        if (type !== RESPONSE_PACKET) return;
        settle();
        resolve(data === "undefined" ? undefined : JSON.parse(data));
      };
      const timer = setTimeout(lose, seconds * 1000);
      if (ended.signal.aborted) return lose();
      ended.signal.addEventListener("abort", lose);
      connection.on("packet", onPacket);
      connection
        .espruinoSendPacket("EVAL", padded(expression), { timeout: seconds * 1000 })
        .catch((reason: unknown) => {
          if (!String(reason).startsWith("NAK")) return lose();
          settle();
          reject(
            new Failure(
              "board-error",
              "The board could not do a step of flashing; start it with its button held, and run this again.",
            ),
          );
        });
    });
  }

  async function close(): Promise<void> {
    if (!ended.signal.aborted) {
      const gone = new Promise<void>((resolve) => {
        ended.signal.addEventListener("abort", () => resolve());
      });
      Serial.close();
      await Promise.race([gone, sleep(CLOSE_SECONDS * 1000)]);
    }
    connection.removeListener("close", end);
    release();
  }

  Serial.startListening(() => {});
  // In plain text, which boards understand that are too old for packets.
  const hello = new Promise<string | undefined>((resolve) => {
    Utils.executeExpression("process.env", resolve);
    ended.signal.addEventListener("abort", () => resolve(undefined));
  });
  const answer = await Promise.race([hello, sleep(HELLO_SECONDS * 1000)]);
  const facts = factsOf(answer ?? "");
  if (!facts) {
    await close();
    throw new Failure(
      "board-silent",
      `Nothing at ${port} answers like an Espruino board; start it with its button held, and run this again.`,
    );
  }
  // What is written as text goes out in small pieces, and leaves that setting behind.
  connection.chunkSize = BLUETOOTH.test(port) ? BLUETOOTH_WRITE_BYTES : OTHER_WRITE_BYTES;
  return {
    ...facts,
    evaluate,
    reset: async () => {
      await evaluate("reset()");
      await sleep(RESET_SECONDS * 1000);
    },
    close,
  };
}

function factsOf(environment: string): EspruinoFacts | undefined {
  try {
    const { BOARD, VERSION, STORAGE } = JSON.parse(environment) as Record<string, unknown>;
    if (typeof BOARD !== "string" || typeof VERSION !== "string") return undefined;
    return { board: BOARD, version: VERSION, storageBytes: Number(STORAGE) || 0 };
  } catch {
    return undefined;
  }
}

// The package sends text over TCP as UTF-8, which would spoil a byte of the packet's length beyond 127;
// below 32 there are characters that serial ports may take for flow control.
function padded(expression: string): string {
  const low = expression.length & 0xff;
  if (low >= 0x20 && low < 0x80) return expression;
  return expression + " ".repeat((0x120 - low) & 0xff);
}
