import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { crc32 } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openEspruinoLink } from "../../companion/provisioning/espruino-link.ts";
import { checkTarget, FLASH_TARGETS } from "../../companion/provisioning/flash-target.ts";
import { flashToken, isProvisioned } from "../../companion/provisioning/flash-token.ts";
import { buildStorageImage } from "../../companion/provisioning/storage-image.ts";
import {
  FILE_HEADER_BYTES,
  IDENTITY_BYTES,
  PUCKJS,
  poolStart,
  regionStart,
} from "../../protocol/flash-layout.ts";

const INTERPRETER_PORT = 2323;
// A build for 32 bits says of itself that it is another board.
function boardName(): string {
  const path = process.env["ESPRUINO"];
  if (!path) return "";
  const command = ["-s", "KILL", "5", path, "-e", 'print("BOARD " + process.env.BOARD)'];
  return (
    /BOARD (\w+)/.exec(spawnSync("timeout", command, { encoding: "latin1" }).stdout)?.[1] ?? ""
  );
}

// What the Linux build says of itself, with the layout of a Puck.js.
const LINUX = {
  ...FLASH_TARGETS.puckjs,
  espruinoBoard: boardName(),
  storageBytes: 256 * 1024,
  storage: 0x10000000,
};
const identity = { serial: 7, key: Uint8Array.from({ length: 16 }, (_, index) => 200 + index) };
// All byte values, of a length that ends within a word.
const firmware = `var running="hello";//${String.fromCharCode(...Array.from({ length: 8190 }, (_, i) => i & 255))}`;
const image = buildStorageImage("puckjs", identity, firmware);

let folder: string;
let port: string;
let proxy: Server;
let interpreter: ChildProcess | undefined;

// The interpreter ignores gentler signals, and must not outlive the tests.
async function kill(): Promise<void> {
  if (!interpreter || interpreter.exitCode !== null || interpreter.signalCode !== null) return;
  const ended = once(interpreter, "close");
  process.kill(-interpreter.pid!, "SIGKILL");
  await ended;
}

async function start(): Promise<void> {
  const command = ["-s", "KILL", "100", process.env["ESPRUINO"] as string, "--telnet"];
  interpreter = spawn("timeout", command, {
    cwd: folder,
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  for (let attempt = 0; attempt < 50 && interpreter.exitCode === null; attempt++) {
    const socket = connect(INTERPRETER_PORT, "127.0.0.1");
    const open = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.resetAndDestroy();
    if (open) return;
    await sleep(100);
  }
  throw new Error("the interpreter did not start");
}

// Ends connections so abruptly that the interpreter's fixed port is free again at once.
function startProxy(): Promise<Server> {
  const server = createServer((desk) => {
    const board = connect(INTERPRETER_PORT, "127.0.0.1");
    const end = (): void => {
      board.resetAndDestroy();
      desk.destroy();
    };
    for (const [from, to] of [
      [desk, board],
      [board, desk],
    ] as const) {
      from
        .on("data", (data) => to.write(data))
        .on("end", end)
        .on("error", end);
    }
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

const flash = (): Buffer => readFileSync(join(folder, "espruino.flash")).subarray(0, image.length);

// A build without network, as one with a Puck.js's variables is, has nothing to connect to.
function hasTelnet(path: string | undefined): boolean {
  if (!path) return false;
  const { stderr } = spawnSync("timeout", ["-s", "KILL", "5", path, "--help"]);
  if (stderr.includes("--telnet")) return true;
  console.warn(`${path} has no --telnet: flashing over TCP is not tested`);
  return false;
}

describe.skipIf(!hasTelnet(process.env["ESPRUINO"]))("on the real interpreter, over TCP", () => {
  beforeAll(async () => {
    proxy = await startProxy();
    port = `tcp://127.0.0.1:${(proxy.address() as { port: number }).port}`;
    folder = mkdtempSync(join(tmpdir(), "saqbol-flash-"));
  });
  afterEach(kill);
  afterAll(() => {
    proxy.close();
    rmSync(folder, { recursive: true, maxRetries: 3 });
  });

  test("a board is flashed and checked, and nothing of its Storage differs from a HEX file", async () => {
    await start();
    const link = await openEspruinoLink(port);
    checkTarget(link, LINUX);
    expect(() => checkTarget(link, FLASH_TARGETS.puckjs)).toThrow(/is a LINUX/);
    expect(await isProvisioned(link, LINUX)).toBe(false);
    await flashToken(link, LINUX, identity, firmware, () => {});
    await link.close();
    expect(flash().equals(image)).toBe(true);
  });

  test("it is a token then, and Storage lists the code and the region", async () => {
    await start();
    const link = await openEspruinoLink(port);
    expect(await isProvisioned(link, LINUX)).toBe(true);
    expect(await link.evaluate(`require("Storage").list().join()`)).toBe(".bootcde,saqbol");
    const code = await link.evaluate(`E.CRC32(require("Storage").read(".bootcde"))`);
    expect(Number(code) >>> 0).toBe(crc32(image.subarray(FILE_HEADER_BYTES, regionStart(PUCKJS))));
    expect(await link.evaluate("running")).toBe("hello");
    await expect(link.evaluate("nothing.like.this")).rejects.toThrow(/could not do a step/);
    await link.close();
  });

  test("an interpreter that is killed midway leaves no token, and the next try makes one", async () => {
    await start();
    const link = await openEspruinoLink(port);
    const other = { ...identity, serial: 8 };
    const lost = flashToken(link, LINUX, other, firmware, (done, total) => {
      if (done > total / 4) void kill();
    });
    await expect(lost).rejects.toThrow(expect.objectContaining({ code: "link-lost" }));
    await link.close();
    const magicAt = poolStart(PUCKJS) - IDENTITY_BYTES;
    expect(
      flash()
        .subarray(magicAt, magicAt + 4)
        .equals(Buffer.alloc(4, 0xff)),
    ).toBe(true);

    await start();
    const again = await openEspruinoLink(port);
    expect(await isProvisioned(again, LINUX)).toBe(false);
    await flashToken(again, LINUX, other, firmware, () => {});
    await again.close();
    expect(flash().equals(buildStorageImage("puckjs", other, firmware))).toBe(true);
  });
});
