import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { ExportCache } from "../../companion/exports/export-cache.ts";
import { keysOf } from "../../companion/exports/export-file.ts";
import { dateOfDay } from "../../companion/risk/date-of-day.ts";
import { KeyServerClient } from "../../companion/servers/key-server-client.ts";
import { checkVisit } from "../../companion/visit/check-visit.ts";
import { shareVisit } from "../../companion/visit/share-visit.ts";
import { atDesk } from "../../simulator/at-desk.ts";
import { DeskWorld } from "../../simulator/desk-demo/desk-world.ts";
import { SLIPS, slipCode } from "../../simulator/desk-demo/slips.ts";

/** Monday, 2026-11-23, 03:00 in Almaty: the wearers' noon is yet to come. */
const NIGHT = Date.UTC(2026, 10, 22, 22) / 1000;
const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

async function open() {
  const desk = await DeskWorld.open({ now: NIGHT, seed: "test" });
  const directory = mkdtempSync(join(tmpdir(), "saqbol-desk-world-"));
  cleanUps.push(
    () => desk.close(),
    () => rmSync(directory, { recursive: true }),
  );
  const now = (): number => desk.world.now;
  const cache = new ExportCache({ regions: desk.server.settings.exports, directory, now });
  const { url, healthAuthorityId } = desk.server.settings.publish!;
  const client = new KeyServerClient({
    verificationUrl: url,
    keyServerUrl: url,
    healthAuthorityId,
  });
  const check = async () => {
    await cache.update();
    const { device } = desk.token("A");
    const result = await atDesk(desk.world, device, (token) =>
      checkVisit(token, keysOf(cache.files()), now),
    );
    return {
      level: result.risk.level,
      days: result.risk.days.map(({ day }) => dateOfDay(day)),
    };
  };
  return { desk, client, check, now };
}

test("it ends at the present, and A has met C on three days", async () => {
  const { desk, check } = await open();
  expect(desk.world.now).toBeCloseTo(NIGHT, 3);
  expect(await check()).toEqual({
    level: "high",
    days: ["2026-11-19", "2026-11-18", "2026-11-16"],
  });
});

test("when B has shared, the next check of A finds B at once", async () => {
  const { desk, client, check, now } = await open();
  await check();
  const found = await client.lookUp(slipCode("positive"));
  await atDesk(desk.world, desk.token("B").device, (token) =>
    shareVisit(token, client, found, true, now),
  );
  expect(desk.server.publishedKeys()).toBeGreaterThan(15);
  expect((await check()).days.slice(0, 2)).toEqual(["2026-11-21", "2026-11-20"]);
});

test("each slip gives the result that is on it", async () => {
  const { client } = await open();
  for (const { kind, code } of SLIPS) {
    const result = client.lookUp(code).then((found) => client.testResult(found));
    if (kind === "unknown") await expect(result).rejects.toMatchObject({ code: "code-unknown" });
    else expect(await result).toBe(kind);
  }
});

test("a token from the drawer was never on, and has a card of its own", async () => {
  const { desk } = await open();
  const { card } = desk.token("B");
  const { device, card: newCard } = desk.replace("B");
  expect(newCard).not.toBe(card);
  expect(desk.devices).toHaveLength(2);
  const status = await atDesk(desk.world, device, (token) => token.status());
  expect(status).toMatchObject({ state: "off", lastInterval: 0 });
});
