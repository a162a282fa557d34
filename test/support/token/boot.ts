import { fileURLToPath } from "node:url";
import { crc32 } from "node:zlib";
import { buildSync } from "esbuild";
import { nodePrimitives } from "../../../companion/matching/node-primitives.ts";
import type { Machine } from "./machine.ts";

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
const script = new Function("platform", `${outputFiles[0]?.text}; return firmware;`);

/** What the fake board is given. */
export interface Platform {
  readonly machine: Machine;
  crc32(bytes: Uint8Array): number;
  sha256(message: Uint8Array): Uint8Array;
  aes128(key: Uint8Array, block: Uint8Array): Uint8Array;
}

/** What can be seen of a running firmware. */
export interface Firmware {
  readonly image: Uint8Array;
  readonly lastInterval: number;
  readonly KEYS: number;
  readonly STATE: number;
  readonly EXPOSURE: number;
  logStart(): number;
  logEnd(): number;
  readLog(position: number): readonly [string, readonly [number, number], Uint8Array] | undefined;
  neighbourCount(): number;
  hasDropped(): boolean;
  renew(): boolean;
}

/** Puts the battery into a machine: the firmware's sources run on it, from boot on. */
export function boot(machine: Machine): Firmware {
  return script({ machine, crc32: (bytes: Uint8Array) => crc32(bytes), ...nodePrimitives });
}
