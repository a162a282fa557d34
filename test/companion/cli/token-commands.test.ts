import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hciOptionsOf } from "../../../companion/bluetooth/adapter-name.ts";
import { encodeCardCode } from "../../../companion/provisioning/card-code.ts";
import { type KeyServer, openKeyServer } from "../../../server/key-server.ts";
import { createLaboratory } from "../../../simulator/demo/laboratory.ts";
import { expectFailure, saqbol } from "../../support/saqbol.ts";
import { keyPair, signer } from "../exports/make-export.ts";

const CODE = encodeCardCode({ serial: 7, key: new Uint8Array(16).fill(0xab) });
const DIRECTORY = mkdtempSync(join(tmpdir(), "saqbol-commands-"));
const PUBLIC_KEY = join(DIRECTORY, "public-key.pem");
writeFileSync(PUBLIC_KEY, keyPair().pem);
afterAll(() => rmSync(DIRECTORY, { recursive: true }));
const ABSENT = ["--adapter", "/dev/saqbol-no-such-port"];

describe("commands that need a token", () => {
  test.each([
    ["status"],
    ["sync", "--server", "http://127.0.0.1:1", "--public-key", PUBLIC_KEY],
    ["share", "--server", "http://127.0.0.1:1"],
    ["pause"],
    ["resume"],
    ["erase", "--yes"],
  ])("%s takes no card from the command line, and does not repeat it", async (...words) => {
    const outcome = await saqbol([...words, "--card", CODE]);
    expectFailure(outcome, /does not belong on the command line/);
    expect(outcome.stderr).not.toContain("ABAB");
  });

  test("say when there is no card", async () => {
    expectFailure(await saqbol(["status"]), /no terminal to ask at; .* --card/);
    expectFailure(await saqbol(["status", "--card", "-"]), /nothing is on standard input/);
    expectFailure(await saqbol(["status", "--card", "/nowhere"]), /cannot be read/);
  });

  test("say when a card was misread, without repeating it", async () => {
    const wrong = `${CODE.slice(0, -1)}${CODE.endsWith("0") ? "1" : "0"}`;
    const outcome = await saqbol(["status", "--card", "-"], `${wrong}\n`);
    expectFailure(outcome, /scan the card again/);
    expect(outcome.stderr).not.toContain("ABAB");
  });

  test.each([
    ["status", "--card", ` ${CODE}`],
    ["status", "--card", "ABABABAB"],
    ["share", "--server", "http://127.0.0.1:1", "--card", "package.json", "--code", "ABABABAB"],
    [CODE],
    [`--crad=${CODE}`],
  ])("do not repeat a secret in the wrong place: %#", async (...words) => {
    const { code, stdout, stderr } = await saqbol(words);
    expect(code).not.toBe(0);
    expect(stdout + stderr).not.toContain("ABAB");
  });

  test("say when there is no Bluetooth, with an exit code of its own", async () => {
    const outcome = await saqbol(["status", "--card", "-", ...ABSENT], `${CODE}\n`);
    expectFailure(outcome, /Bluetooth|adapter/, 5);
    const { code, stdout } = await saqbol(["scan", "--seconds", "1", "--json", ...ABSENT]);
    expect(code).toBe(5);
    expect(JSON.parse(stdout).error.code).toMatch(/^bluetooth-/);
    expectFailure(await saqbol(["listen", ...ABSENT]), /Bluetooth|adapter/, 5);
  });

  test.each([
    ["scan", "--seconds", "0"],
    ["scan", "--seconds", "x"],
    ["listen", "--seconds", "-1"],
    ["listen", "--seconds", ""],
    ["sync"],
    ["share", "--card", "-"],
  ])("%j is wrong usage", async (...args) => {
    expect((await saqbol(args)).code).toBe(2);
  });

  test("erasing needs a word more than its name", async () => {
    expectFailure(await saqbol(["erase", "--card", "-"], `${CODE}\n`), /Nothing was erased/);
  });
});

describe("saqbol share", () => {
  let server: KeyServer;
  let url: string;
  let close: () => Promise<void>;

  beforeAll(async () => {
    server = openKeyServer({ dataDir: ":memory:", now: () => Date.now() / 1000 });
    ({ url, close } = await server.listen({ port: 0 }));
  });

  afterAll(async () => {
    await close();
    server.close();
  });

  const share = (input: string, ...args: string[]) =>
    saqbol(["share", "--server", url, "--card", "-", "--code", "-", ...args, ...ABSENT], input);

  test("looks at test and consent before it looks for the token", async () => {
    const laboratory = createLaboratory(url, server.laboratoryKey);
    await laboratory.register("1234567890");
    const input = `${CODE}\n1234567890\n`;
    expectFailure(await share(input, "--consent"), /has not reported a positive test/);
    await laboratory.report("1234567890", "positive");
    expectFailure(await share(input), /has not agreed/);
    expectFailure(await share(input, "--consent"), /Bluetooth|adapter/, 5);
    expectFailure(await share(`${CODE}\n`, "--consent"), /nothing is on standard input/);
  });
});

test("adapters are named by number or by port", () => {
  expect(hciOptionsOf("0")).toEqual({ deviceId: 0 });
  expect(hciOptionsOf("hci1")).toEqual({ deviceId: 1 });
  const uart = (port: string, baudRate: number) => ({
    hciDriver: "uart",
    bindParams: { uart: { port, baudRate } },
  });
  expect(hciOptionsOf("COM5")).toEqual(uart("COM5", 1_000_000));
  expect(hciOptionsOf("/dev/ttyACM0@115200")).toEqual(uart("/dev/ttyACM0", 115_200));
});

describe("commands that name a server", () => {
  test.each([
    ["http to another computer", "http://192.0.2.2:8080"],
    ["no address", "nonsense"],
  ])("refuse %s", async (_, server) => {
    const outcome = await saqbol(["download", "--server", server, "--public-key", PUBLIC_KEY]);
    expectFailure(outcome, /must begin with https/);
  });

  test.each([
    ["a private key", "private.pem"],
    ["something else", "package.json"],
  ])("refuse %s as public key, even if there is nothing to check with it", async (_, name) => {
    const file = name === "private.pem" ? join(DIRECTORY, name) : name;
    const pem = signer.privateKey.export({ type: "pkcs8", format: "pem" });
    writeFileSync(join(DIRECTORY, "private.pem"), pem);
    const words = ["download", "--server", "http://127.0.0.1:1", "--public-key", file];
    expectFailure(await saqbol(words), /is not an ECDSA P-256 public key/);
  });

  test("refuse options of --server beside a settings file", async () => {
    const words = ["download", "--settings", "settings.json", "--public-key", PUBLIC_KEY];
    expectFailure(await saqbol(words), /--public-key belongs to --server/, 2);
  });
});
