import { fileURLToPath } from "node:url";
import { crc32 } from "node:zlib";
import { buildSync } from "esbuild";
import { nodePrimitives } from "../../../companion/matching/node-primitives.ts";
import { cryptCcm } from "../../../protocol/ccm.ts";
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
const script = new Function("platform", `${outputFiles[0]?.text}; return firmware;`);

/** What the fake board is given. */
export interface Platform {
  readonly machine: Machine;
  readonly tokenKey: Uint8Array;
  crc32(bytes: Uint8Array): number;
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
  readonly EXPOSURE: number;
  logStart(): number;
  logEnd(): number;
  readLog(position: number): readonly [string, readonly [number, number], Uint8Array] | undefined;
  readonly neighbourCount: number;
  hasDropped(): boolean;
  renew(): boolean;
}

/** Puts the battery into a machine: the firmware's sources run on it, from boot on. */
export function boot(machine: Machine): Firmware {
  return script({
    machine,
    tokenKey: TOKEN_KEY,
    crc32: (bytes: Uint8Array) => crc32(bytes),
    ...nodePrimitives,
    crypt: (key: Uint8Array, nonce: Uint8Array, bytes: Uint8Array, opening: boolean) =>
      cryptCcm(blockPrimitives, key, nonce, bytes, opening),
  });
}
