/** `saqbol listen` over noble's own stack, on a virtual controller. */
import { type ChildProcess, spawn } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bumblePython, VirtualAir } from "../../simulator/ble/virtual-air.ts";

const python = bumblePython();
const FIRST = "C0:12:34:56:78:01";
const SECOND = "C0:12:34:56:78:02";
/** Of a legacy packet: one that cannot be answered, and one that can be connected to. */
const NON_CONNECTABLE = 0x10;
const CONNECTABLE = 0x13;

// 28 bytes, as an Android telephone sends them.
const data = (byte: string): string => `03036ffd17166ffd${byte.repeat(16)}01020304`;

describe.skipIf(!python)("over a real Bluetooth stack", () => {
  let air: VirtualAir;
  beforeAll(async () => {
    air = await VirtualAir.open(python!);
  });
  afterAll(() => {
    air?.close();
    expect(air?.complaints).toEqual([]);
  });

  function listen(...options: string[]) {
    const words = ["listen", "--adapter", air.deskAdapter, ...options];
    const child: ChildProcess = spawn(process.execPath, ["dist/companion/saqbol.js", ...words]);
    let stdout = "";
    let stderr = "";
    child.stdout?.on("data", (text) => (stdout += text));
    child.stderr?.on("data", (text) => (stderr += text));
    const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
      child.on("close", (code) => resolve({ code, stdout, stderr })),
    );
    return { child, ended };
  }

  const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

  test("a beacon is judged by its bytes, and followed through a change, until Ctrl-C", async () => {
    const beacon = { kind: NON_CONNECTABLE, seconds: 0.27 };
    await air.beacon({ ...beacon, address: FIRST, data: data("a1") });
    const { child, ended } = listen("--seconds", "0", "--json");
    await pause(7);
    await air.beacon({ ...beacon, address: SECOND, data: data("b2") });
    await pause(4);
    await air.beacon(null);
    child.kill("SIGINT");
    const { code, stdout } = await ended;
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/a1a1|b2b2/i);
    const expected = {
      ...{ addressType: "random static", payloadBytes: 28, connectable: false },
      ...{ payloadForm: "without flags structure", rssi: { min: -50, median: -50, max: -50 } },
    };
    const { senders, changes, others, leftOut } = JSON.parse(stdout);
    expect(senders).toMatchObject([
      { address: FIRST.toLowerCase(), ...expected },
      { address: SECOND.toLowerCase(), ...expected },
    ]);
    expect(changes).toMatchObject([{ kind: "together" }]);
    expect({ others, leftOut }).toEqual({ others: [], leftOut: 0 });
    const [first] = senders;
    expect(first.packets).toBeGreaterThan(5);
    // A busy machine may be late, never early.
    if (first.interval !== null) expect(first.interval).toBeGreaterThan(260);
  });

  test("what deviates is said, and what was sent before under the same address is not mixed in", async () => {
    const deviating = { address: FIRST, kind: CONNECTABLE, seconds: 0.1 };
    await air.beacon({ ...deviating, data: `02011a${data("c3")}` });
    const first = await listen("--seconds", "4").ended;
    expect(first.code).toBe(0);
    expect(first.stdout).toContain("31 bytes, with flags structure 02 01 1A; connectable");
    expect(first.stdout).toContain("! The beacon can be connected to");
    expect(first.stdout).not.toMatch(/c3c3/i);
    // Not a beacon, whatever noble has kept of the address.
    const { ended } = listen("--seconds", "4", "--json");
    await pause(2);
    await air.beacon({ ...deviating, kind: NON_CONNECTABLE, data: "0303 6ffd 02011a" });
    const { senders } = JSON.parse((await ended).stdout);
    expect(senders).toHaveLength(1);
    expect(Date.parse(senders[0].last) - Date.parse(senders[0].first)).toBeLessThan(3000);
    await air.beacon(null);
  });

  test.each([
    ["nothing", null, /^$/, /^saqbol: No beacon was heard in 1 s; see that the token is on/],
    ["broken data", "17166ffd01", /^$/, /No beacon was heard/],
    [
      "a sync window",
      "02010611070142515a2a1f439b5c4d0d7a01001b6e",
      /A token's sync window, c0:12:34:56:78:01, \d+ packets/,
      /whose sync window is open/,
    ],
    ["Espruino", "02010603ff9005", /Espruino's own name/, /Espruino's own name or console/],
  ])("%s: one sentence that says what to do", async (_, bytes, printed, sentence) => {
    const beacon = { address: FIRST, kind: CONNECTABLE, seconds: 0.1 };
    await air.beacon(bytes === null ? null : { ...beacon, data: bytes });
    const { code, stdout, stderr } = await listen("--seconds", "1").ended;
    const inJson = await listen("--seconds", "1", "--json").ended;
    expect(inJson.code).toBe(1);
    const { senders, error } = JSON.parse(inJson.stdout);
    expect([senders, error.code]).toEqual([[], "nothing-heard"]);
    await air.beacon(null);
    expect(code).toBe(1);
    expect(stdout).toMatch(printed);
    expect(stderr).toMatch(sentence);
    expect(stderr).toMatch(/\.\n$/);
  });
});
