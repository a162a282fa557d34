/**
 * The built bundle and the companion, each over an unmodified Bluetooth stack of its own (bleno, noble), joined by two
 * virtual controllers.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BluetoothRadio } from "../../companion/bluetooth/bluetooth-radio.ts";
import { publishedKeys } from "../../companion/exports/published-keys.ts";
import { encodeCardCode } from "../../companion/provisioning/card-code.ts";
import { KeyServerClient } from "../../companion/servers/key-server-client.ts";
import { systemTimers } from "../../companion/timers.ts";
import type { GattLink } from "../../companion/token/gatt-link.ts";
import { openToken } from "../../companion/token/open-token.ts";
import type { TokenClient, TokenKey } from "../../companion/token/token-client.ts";
import { checkVisit } from "../../companion/visit/check-visit.ts";
import { decodeLog } from "../../protocol/encounter-log.ts";
import { syncPayload } from "../../protocol/service.ts";
import { SYNC_VERSION } from "../../protocol/sync-session.ts";
import { openKeyServer } from "../../server/key-server.ts";
import { atDesk, cardKeyOf } from "../../simulator/at-desk.ts";
import { TokenProcess } from "../../simulator/ble/token-process.ts";
import { bumblePython, VirtualAir } from "../../simulator/ble/virtual-air.ts";
import { createLaboratory } from "../../simulator/demo/laboratory.ts";
import { fortnight } from "../../simulator/fortnight.ts";
import { createRandom } from "../../simulator/random.ts";
import { World } from "../../simulator/world.ts";

const DAY = 86_400;
const now = (): number => Date.now() / 1000;
const oldest = (now() - 14 * DAY + 3600) / 600;
const python = bumblePython();

test.runIf(process.env["CI"])("Bumble is there", () => {
  expect(python).toBeDefined();
});

if (!python) {
  console.warn(
    "Not run: the tests over a real Bluetooth stack need a Python that has the package bumble; name it in BUMBLE_PYTHON.",
  );
}

describe.skipIf(!python)("over a real Bluetooth stack", () => {
  const folder = mkdtempSync(join(tmpdir(), "saqbol-ble-"));
  let air: VirtualAir;
  let token: TokenProcess;
  let key: Uint8Array;
  /** What is on the token, as its flash gives it without a radio; today's key has been cut short for that. */
  let log: ReturnType<typeof decodeLog>;
  let keys: TokenKey[];
  /** Of a wearer who was near. */
  let neighboursKeys: TokenKey[];

  beforeAll(async () => {
    const world = new World(now() - 14 * DAY - 3600, "real stack");
    const [device, neighbour] = await fortnight(world);
    const allKeys = async (client: TokenClient) => {
      await client.setState("on", true);
      return client.readKeys();
    };
    log = recent(decodeLog(await atDesk(world, device!, (client) => client.readLog())));
    keys = (await atDesk(world, device!, allKeys)).filter(
      (each) => each.rollingStartIntervalNumber + each.rollingPeriod > oldest,
    );
    neighboursKeys = await atDesk(world, neighbour!, allKeys);
    key = cardKeyOf(device!);
    writeFileSync(join(folder, "flash"), device!.flash.bytes);
    writeFileSync(join(folder, "card"), `${encodeCardCode({ serial: 1, key })}\n`);
    air = await VirtualAir.open(python!);
    token = new TokenProcess([
      "--hold",
      ...["--adapter", air.tokenAdapter],
      ...["--flash", join(folder, "flash")],
    ]);
    await token.told(({ event }) => event === "advertising");
  });

  afterAll(async () => {
    await token?.stop();
    air?.close();
    rmSync(folder, { recursive: true });
    expect(air?.complaints).toEqual([]);
  });

  // What will not expire while the tests run.
  const recent = (encounters: ReturnType<typeof decodeLog>) =>
    encounters.filter(({ interval }) => interval > oldest);

  async function visit<T>(
    serve: (client: TokenClient, losses: () => number) => Promise<T>,
  ): Promise<T> {
    const radio = await BluetoothRadio.open(air.deskAdapter);
    let losses = 0;
    try {
      const client = await openToken(radio, systemTimers, key, { onLost: () => losses++ });
      try {
        return await serve(client, () => losses);
      } finally {
        client.close();
      }
    } finally {
      await radio.close();
    }
  }

  test("a full log is checked, the result comes back, the keys come over", async () => {
    const published = neighboursKeys.map((each) => ({
      ...each,
      transmissionRiskLevel: 0,
      reportType: 1,
    }));
    expect(log.length).toBeGreaterThan(700);
    const trace = join(folder, "trace");
    await air.trace(trace);
    await visit(async (client) => {
      const progress: number[] = [];
      const result = await checkVisit(client, [publishedKeys(published)], now, {
        progress: (read, all) => progress.push(read / all),
      });
      expect(result.encounters).toBeGreaterThanOrEqual(log.length);
      expect(result.risk.level).toBe("high");
      expect(result.warnings.map(({ code }) => code)).toContain("log-full");
      expect(progress.length).toBeGreaterThan(20);
      expect(progress.at(-1)).toBe(1);
      const after = await client.status();
      expect(after.exposure.level).toBe(2);
      expect(Math.abs(after.time - now())).toBeLessThan(2);
      await expect(client.readKeys()).rejects.toMatchObject({ code: "consent-missing" });
      await client.setState("on", true);
      expect(await client.readKeys()).toEqual(expect.arrayContaining(keys));
      await client.setState("on", false);
    });
    // Nothing of it was in the clear; what the desk reads is in there all the same, by its length.
    const onAir = readFileSync(trace, "ascii");
    expect(onAir.length).toBeGreaterThan(2 * 12 * log.length);
    expect(onAir).toContain(Buffer.from(syncPayload()).toString("hex"));
    const secrets = [
      key,
      ...keys.map(({ keyData }) => keyData),
      ...log.map((each) => each.rpiPrefix),
    ];
    for (const secret of secrets) expect(onAir).not.toContain(Buffer.from(secret).toString("hex"));
  });

  test("the log comes over whole when the link is lost at every tenth packet", async () => {
    await air.cutEvery(10);
    const read = await visit(async (client, losses) => {
      const records = await client.readLog();
      expect(losses()).toBeGreaterThan(log.length / 27 / 2);
      return recent(decodeLog(records));
    });
    await air.cutEvery(0);
    expect(read).toEqual(log);
  }, 180_000);

  test.each([10, 20, 30])(
    "a visit goes on when the link is lost once, at packet %i",
    async (packet) => {
      await air.cutAt(packet);
      const status = await visit(async (client) => {
        await client.setClock(now);
        await client.setState("on", true);
        expect(await client.readKeys()).toEqual(expect.arrayContaining(keys));
        await client.setState("on", false);
        return client.status();
      });
      expect((await air.counts()).cuts).toBe(1);
      await air.cutEvery(0);
      expect(Math.abs(status.time - now())).toBeLessThan(3);
    },
  );

  test("a hostile central learns nothing, changes nothing, and is shown the door", async () => {
    const random = createRandom("hostile");
    const radio = await BluetoothRadio.open(air.deskAdapter);
    try {
      const links = radio.links(20_000, new Set());
      const { value } = await links.next();
      const link = value as GattLink;
      const heard: Uint8Array[] = [];
      link.onNotification((fragment) => heard.push(fragment));
      const gone = new Promise<void>((resolve) => link.onDisconnect(resolve));
      const hello = Buffer.concat([Buffer.of(0, 0, SYNC_VERSION), random.bytes(16)]);
      await link.write(hello);
      for (let frame = 0; frame < 100; frame++) {
        const counter = Buffer.of(random.uint32() & 3, 0);
        const sealed = random.bytes(random.uint32() % 49);
        await link.write(Buffer.concat([counter, sealed]));
      }
      // More than a token takes.
      await expect(link.write(random.bytes(60))).rejects.toThrow();
      await gone;
      // The answer to the hello, and its repetitions: one notification of 32 bytes each.
      expect(heard.length).toBeGreaterThan(0);
      expect(new Set(heard.map((each) => Buffer.from(each).toString("hex"))).size).toBe(1);
      await links.return();
    } finally {
      await radio.close();
    }
    expect(await visit(async (client) => recent(decodeLog(await client.readLog())))).toEqual(log);
  });

  test("the command line serves a wearer: scan, resume, status, sync, share, pause, erase", async () => {
    // Exports show what was published hours ago.
    let ahead = 0;
    const server = openKeyServer({ dataDir: ":memory:", now: () => now() + ahead });
    const { url, close } = await server.listen({ port: 0 });
    try {
      const laboratory = createLaboratory(url, server.laboratoryKey);
      for (const code of ["1111111111", "2222222222"]) {
        await laboratory.register(code);
        await laboratory.report(code, "positive");
      }
      const desk = new KeyServerClient({
        verificationUrl: url,
        keyServerUrl: url,
        healthAuthorityId: server.healthAuthorityId,
      });
      await desk.publish(await desk.lookUp("1111111111"), neighboursKeys);
      ahead = 8 * 3600;
      server.createExports();
      writeFileSync(join(folder, "key.pem"), server.exportPublicKeyPem);
      writeFileSync(join(folder, "code"), "2222222222\n");
      const saqbol = async (...words: string[]): Promise<Record<string, unknown>> => {
        const at = ["--adapter", air.deskAdapter, "--json"];
        const run = promisify(execFile)(
          process.execPath,
          ["dist/companion/saqbol.js", ...words, ...at],
          { env: { ...process.env, XDG_CACHE_HOME: folder } },
        );
        return JSON.parse((await run).stdout) as Record<string, unknown>;
      };
      const card = ["--card", join(folder, "card")];
      const from = ["--server", url];

      expect(await saqbol("scan", "--seconds", "2")).toMatchObject({ tokens: [{}] });
      expect(await saqbol("resume", ...card)).toEqual({ state: "on" });
      expect(await saqbol("status", ...card)).toMatchObject({ state: "on", clockSet: true });
      const trusted = ["--public-key", join(folder, "key.pem")];
      expect(await saqbol("sync", ...card, ...from, ...trusted)).toMatchObject({
        level: "high",
      });
      const code = ["--code", join(folder, "code"), "--consent"];
      const { published } = await saqbol("share", ...card, ...from, ...code);
      expect(published).toBeGreaterThanOrEqual(13);
      expect(await saqbol("pause", ...card)).toEqual({ state: "paused" });
      expect(await saqbol("erase", ...card, "--yes")).toEqual({ state: "off" });
      expect(await saqbol("status", ...card)).toMatchObject({
        state: "off",
        exposure: { level: "none" },
      });
      const other = join(folder, "other");
      writeFileSync(other, encodeCardCode({ serial: 2, key: new Uint8Array(16) }));
      await expect(saqbol("status", "--card", other)).rejects.toMatchObject({
        code: 4,
        stdout: expect.stringContaining("wrong-token"),
      });
    } finally {
      await close();
    }
  }, 180_000);
});
