import { fileURLToPath } from "node:url";
import { crc32 } from "node:zlib";
import { buildSync } from "esbuild";
import { nodePrimitives } from "../../../companion/matching/node-primitives.ts";
import { cryptCcm } from "../../../protocol/ccm.ts";
import { textCalls } from "../../../simulator/espruino/text-in-memory.ts";
import { UnalignedUint32Array } from "../../../simulator/espruino/unaligned.ts";
import { blockPrimitives } from "../block-primitives.ts";
import { type Machine, TOKEN_KEY } from "./machine.ts";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));

const { outputFiles } = buildSync({
  entryPoints: [`${FOLDER}firmware.ts`],
  bundle: true,
  write: false,
  format: "iife",
  globalName: "firmware",
  alias: { "#board": `${FOLDER}board.ts` },
  logLevel: "error",
});
/** Names of Espruino's that the fake board uses. */
const GLOBALS = [
  "NRF",
  "E",
  "global",
  "getTime",
  "setTime",
  "setTimeout",
  "clearTimeout",
  "Uint32Array",
] as const;
const script = new Function("platform", ...GLOBALS, `${outputFiles[0]?.text}; return firmware;`);

/** What the fake board is given. */
export interface Platform {
  readonly machine: Machine;
  readonly tokenKey: Uint8Array;
  sha256(message: Uint8Array): Uint8Array;
  aes128(key: Uint8Array, blocks: Uint8Array): Uint8Array;
  crypt(
    key: Uint8Array,
    nonce: Uint8Array,
    bytes: Uint8Array,
    opening: boolean,
  ): Uint8Array | undefined;
}

/** What can be seen of a running firmware. */
export interface Firmware {
  readonly image: Uint8Array;
  readonly lastInterval: number;
  readonly KEYS: number;
  readonly STATE: number;
  readonly EPOCH: number;
  readonly DOUBTFUL: number;
  readonly EXPOSURE: number;
  readonly RESTARTS: number;
  readonly failures: number;
  logStart(): number;
  logEnd(): number;
  readLog(position: number): readonly [string, readonly [number, number], Uint8Array] | undefined;
  readonly neighbourCount: number;
  hasDropped(): boolean;
  renew(): boolean;
}

/** Puts the battery into a machine: the firmware's sources run on it, from boot on. */
export function boot(machine: Machine): Firmware {
  // What a result of cryptography needs may not be there.
  function inMemory<T>(result: T): T {
    if (machine.isFull()) throw new Error("no room");
    return result;
  }
  const platform: Platform = {
    machine,
    tokenKey: TOKEN_KEY,
    sha256: (message) => inMemory(nodePrimitives.sha256(message)),
    aes128: (key, blocks) => inMemory(nodePrimitives.aes128(key, blocks)),
    crypt: (key, nonce, bytes, opening) =>
      inMemory(cryptCcm(blockPrimitives, key, nonce, bytes, opening)),
  };
  const { radio } = machine;
  const espruino: Record<(typeof GLOBALS)[number], unknown> = {
    NRF: radio.NRF,
    E: {
      hwRand: () => machine.random32(),
      CRC32: (bytes: Uint8Array) => crc32(bytes),
      getBattery: () => 100,
      setConsole: () => {},
      ...textCalls,
    },
    global: radio.global,
    getTime: () => machine.clock,
    setTime: (unixSeconds: number) => machine.setNow(unixSeconds),
    setTimeout: (action: () => void, milliseconds: number) => machine.after(action, milliseconds),
    clearTimeout: (timer: unknown) => machine.cancel(timer),
    Uint32Array: UnalignedUint32Array,
  };
  return script(platform, ...GLOBALS.map((name) => espruino[name]));
}
