import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readFirmware } from "../../../companion/provisioning/firmware-bundle.ts";
import { FLASH_TARGETS } from "../../../companion/provisioning/flash-target.ts";
import { isProvisioned } from "../../../companion/provisioning/flash-token.ts";
import { openIdentityFile } from "../../../companion/provisioning/identity-file.ts";
import { buildStorageImage } from "../../../companion/provisioning/storage-image.ts";
import { FakeEspruino, serve } from "./fake-espruino.ts";

const PASSPHRASE = "correct horse battery";

let folder: string;
let list: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "saqbol-flash-"));
  list = join(folder, "identities.json");
});
beforeEach(() => rmSync(list, { force: true }));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string): string => join(folder, name);

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

function saqbol(args: string[], environment: Record<string, string> = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["dist/companion/saqbol.js", ...args], {
      env: {
        ...process.env,
        SAQBOL_IDENTITIES: list,
        SAQBOL_PASSPHRASE: PASSPHRASE,
        ...environment,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const outcome: Outcome = { code: null, stdout: "", stderr: "" };
    child.stdout.on("data", (chunk) => (outcome.stdout += chunk));
    child.stderr.on("data", (chunk) => (outcome.stderr += chunk));
    child.on("close", (code) => resolve({ ...outcome, code }));
  });
}

const flash = (...args: string[]) => saqbol(["flash", "--board", "puckjs", ...args]);
const card = (...args: string[]) => saqbol(["card", ...args]);

// One sentence on standard error, or with --json its code.
async function expectFailure(args: string[], code: string, environment = {}): Promise<void> {
  const [plain, json] = await Promise.all([
    saqbol(args, environment),
    saqbol([...args, "--json"], environment),
  ]);
  expect(plain).toMatchObject({ code: 1, stdout: "" });
  expect(plain.stderr).toMatch(/^saqbol: [A-Z][^\n]*\.\n$/);
  expect(json).toMatchObject({ code: 1, stderr: "" });
  expect(JSON.parse(json.stdout).error.code).toBe(code);
}

describe("saqbol flash --hex and saqbol card", () => {
  test("make an image and a card of the same identity", async () => {
    const made = await flash("--hex", file("a.hex"), "--json");
    expect(JSON.parse(made.stdout)).toEqual({ serial: 1, file: file("a.hex") });
    expect((await card("--serial", "1", "--out", file("a.svg"))).stdout).toBe(`${file("a.svg")}\n`);
    expect((await card("--serial", "000 001", "--out", file("a.pdf"))).code).toBe(0);
    expect(readFileSync(file("a.svg"), "utf8")).toContain("Жетон №");
    expect(readFileSync(file("a.pdf"), "latin1")).toMatch(/^%PDF-/);
    // They hold the token key.
    for (const name of ["a.hex", "a.svg", "a.pdf"]) {
      expect(statSync(file(name)).mode & 0o077).toBe(0);
    }
  });

  test("a wrong passphrase, none, a short one; no list, an unknown serial number", async () => {
    const print = ["card", "--serial", "1", "--out", file("none.svg")];
    const make = ["flash", "--board", "puckjs", "--hex", file("none.hex")];
    await expectFailure(print, "identities-missing");
    await expectFailure(make, "passphrase-missing", { SAQBOL_PASSPHRASE: "" });
    await expectFailure(make, "passphrase-short", { SAQBOL_PASSPHRASE: "short" });
    await (await openIdentityFile(list, PASSPHRASE)).add(1);
    const before = readFileSync(list);
    const wrong = { SAQBOL_PASSPHRASE: "incorrect horse" };
    await expectFailure(print, "wrong-passphrase", wrong);
    await expectFailure(make, "wrong-passphrase", wrong);
    await expectFailure(["card", "--serial", "2", "--out", file("none.svg")], "serial-unknown");
    await expectFailure([...make, "--serial", "1"], "serial-taken");
    expect(readFileSync(list).equals(before)).toBe(true);
    expect(existsSync(file("none.hex")) || existsSync(file("none.svg"))).toBe(false);
  });

  test("--again makes the same image, so that the card stays good", async () => {
    await flash("--hex", file("a.hex"));
    const again = ["--hex", file("b.hex"), "--again", "--serial"];
    expect((await flash(...again, "1")).code).toBe(0);
    expect(readFileSync(file("b.hex")).equals(readFileSync(file("a.hex")))).toBe(true);
    await expectFailure(["flash", "--board", "puckjs", ...again, "2"], "serial-unknown");
    expect((await flash("--hex", file("c.hex"), "--again")).code).toBe(2);
  });

  test("no image is made for a board whose code is in a flash chip of its own", async () => {
    await expectFailure(
      ["flash", "--board", "banglejs2", "--hex", file("none.hex")],
      "hex-impossible",
    );
    expect(existsSync(list)).toBe(false);
  });
});

describe("saqbol flash --batch", () => {
  test("makes images and cards, and all of them can be printed again", async () => {
    const { stdout } = await flash("--batch", "3", "--out", file("batch"), "--language", "en");
    expect(stdout).toBe(`3 tokens, serial numbers 1 to 3, in ${file("batch")}.\n`);
    const names = [1, 2, 3].flatMap((n) => [`card-00000${n}.pdf`, `token-00000${n}.hex`]);
    expect(readdirSync(file("batch")).sort()).toEqual(names.sort());
    expect((await card("--serial", "3", "--out", file("again.pdf"))).code).toBe(0);
    const more = await flash("--batch", "2", "--out", file("batch"), "--serial", "100", "--json");
    expect(JSON.parse(more.stdout)).toEqual({ serials: [100, 101], directory: file("batch") });
  });

  test("says what is whole when it cannot go on, and leaves no half", async () => {
    const out = file("stuck");
    mkdirSync(out);
    // Where the second image belongs is something else.
    mkdirSync(join(out, "token-000002.hex", "x"), { recursive: true });
    const { code, stderr } = await flash("--batch", "3", "--out", out);
    expect(code).toBe(1);
    expect(stderr).toMatch(/only those of 1 to 1 .* --batch 2\.\n$/);
    expect(readdirSync(out).sort()).toEqual([
      "card-000001.pdf",
      "token-000001.hex",
      "token-000002.hex",
    ]);
    expect((await openIdentityFile(list, PASSPHRASE)).find(3).serial).toBe(3);
  });
});

describe("saqbol flash --port", () => {
  const servers: Server[] = [];
  afterAll(() => {
    for (const server of servers) server.close();
  });
  const connected = async (board: FakeEspruino): Promise<string[]> => {
    const { port, server } = await serve(board);
    servers.push(server);
    return ["flash", "--board", "puckjs", "--port", port];
  };

  test("makes a token whose identity is in the list", async () => {
    const board = new FakeEspruino();
    const { code, stdout, stderr } = await saqbol(await connected(board));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^Token 1 is ready/);
    const identity = (await openIdentityFile(list, PASSPHRASE)).find(1);
    const image = buildStorageImage("puckjs", identity, readFirmware("puckjs"));
    expect(Buffer.compare(board.flash, image)).toBe(0);
    expect(board.restarts).toBe(1);
  });

  test("a token stays as it is without --force", async () => {
    const board = new FakeEspruino();
    board.flash.set(buildStorageImage("puckjs", { serial: 6, key: Buffer.alloc(16) }, "1"));
    const before = Buffer.from(board.flash);
    const args = await connected(board);
    await expectFailure(args, "already-provisioned");
    expect(before.equals(board.flash)).toBe(true);
    expect(existsSync(list)).toBe(false);
    expect((await saqbol([...args, "--force"])).code).toBe(0);
    expect(before.equals(board.flash)).toBe(false);
  });

  test("a port that vanishes midway leaves a blank board, and the next try makes a token", async () => {
    const board = new FakeEspruino();
    const args = await connected(board);
    board.vanishesAt = 40;
    const { code, stdout } = await saqbol([...args, "--json"]);
    expect(code).toBe(3);
    expect(JSON.parse(stdout).error.code).toBe("link-lost");
    board.vanishesAt = Number.POSITIVE_INFINITY;
    expect(await isProvisioned(board, FLASH_TARGETS.puckjs)).toBe(false);
    expect((await saqbol(args)).code).toBe(0);
    expect(await isProvisioned(board, FLASH_TARGETS.puckjs)).toBe(true);
  });

  test("a board that is too old, another board, one that cannot do a step", async () => {
    const board = new FakeEspruino();
    const args = await connected(board);
    board.version = "2v19";
    await expectFailure(args, "board-too-old");
    board.version = "2v29.277";
    const other = args.map((word) => (word === "puckjs" ? "banglejs2" : word));
    const built = existsSync("dist/firmware/banglejs2.js");
    await expectFailure(other, built ? "wrong-board" : "firmware-missing");
    board.evaluate = async () => {
      throw new Error("no such function");
    };
    await expectFailure(args, "board-error");
    expect(existsSync(list)).toBe(false);
  });

  test("nothing there, and something that is no board", async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as { port: number };
    servers.push(silent);
    const at = (address: string): string[] => ["flash", "--board", "puckjs", "--port", address];
    await Promise.all([
      expectFailure(at(`tcp://127.0.0.1:${port}`), "board-silent"),
      expectFailure(at("tcp://127.0.0.1:1"), "port-not-found"),
      expectFailure(at(file("ttyUSB7")), "port-not-found"),
    ]);
    expect(existsSync(list)).toBe(false);
  });
});

test.each([
  [["flash", "--board", "puckjs"]],
  [["flash", "--board", "puckjs", "--batch", "3"]],
  [["flash", "--board", "puckjs", "--batch", "0", "--out", "x"]],
  [["flash", "--board", "puckjs", "--hex", "x", "--port", "y"]],
  [["flash", "--board", "toaster", "--hex", "x"]],
  [["card", "--serial", "1", "--out", "card.png"]],
  [["card", "--serial", "x", "--out", "card.svg"]],
])("%j is wrong usage", async (args) => {
  const { code, stderr } = await saqbol(args);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^saqbol: /);
});
