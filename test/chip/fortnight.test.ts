import { afterEach, describe, expect, test } from "vitest";
import { checkVisit } from "../../companion/visit/check-visit.ts";
import { enrolVisit } from "../../companion/visit/enrol-visit.ts";
import { decodeLog } from "../../protocol/encounter-log.ts";
import { LAYOUTS, poolStart } from "../../protocol/flash-layout.ts";
import { intervalAt } from "../../protocol/intervals.ts";
import type { Chip } from "../../simulator/chip/chip.ts";
import { MOST_VARIABLES } from "../../simulator/interpreter/variables.ts";
import { PATIENT, step, tell } from "./steps.ts";
import { boot, NO_CHIP, NOON, visit } from "./token.ts";

const HOUR = 3_600_000;
const BOOT_MILLISECONDS = 5000;
const WINDOW_MILLISECONDS = 75_000;
/** Bytes, without the interrupts of the SoftDevice. */
const MOST_STACK = 7000;
const ALL_VARIABLES = 2630;
/** In an hour a token scans at least each 330 s, and changes its identifier at least each 20 minutes. */
const SCANS_AN_HOUR = 10;
const STATE_PAGE = 0x8000;
const MERGED_PAGES = 3;

let chip: Chip | undefined;
afterEach(() => chip?.end());

/** A wearer's days: how many hours among how many. The crowd comes on few days, so that all fits into minutes. */
const COMMON_DAY = [
  [8, 0],
  [2, 10],
  [14, 0],
] as const;
const CROWDED_DAY = [
  [8, 0],
  [3, 60],
  [3, 10],
  [10, 0],
] as const;

class Life {
  readonly #token: Chip;
  /** What the desk's clock is ahead of the chip's. */
  readonly #ahead: number;

  constructor(token: Chip) {
    this.#token = token;
    this.#ahead = NOON - token.state.time;
  }

  readonly now = (): number => this.#ahead + this.#token.state.time;

  /** Does something, and holds the chip to its limits meanwhile. */
  async live<T>(name: string, work: () => Promise<T>): Promise<T> {
    const token = this.#token;
    await token.forgetExtremes();
    const result = await step(token, name, work);
    const { threadStack, stack, variables, variablesAtRest, awake } = token.state;
    tell(
      `${name}: stack ${threadStack} (${stack} with interrupts), variables ${variablesAtRest} at rest and ${variables} at most of ${ALL_VARIABLES}, awake ${awake.toFixed(2)} s`,
    );
    expect.soft(threadStack, name).toBeLessThanOrEqual(MOST_STACK);
    expect.soft(variablesAtRest, name).toBeLessThanOrEqual(MOST_VARIABLES);
    expect.soft(variables, name).toBeLessThan(ALL_VARIABLES);
    return result;
  }

  /** Hours among so many, in which it goes on listening and sending at its pace. */
  async among(hours: number, neighbours: number): Promise<void> {
    const token = this.#token;
    await token.setNeighbours(neighbours);
    token.events.splice(0);
    await this.live(`${hours} hours among ${neighbours}`, () => token.run(hours * HOUR));
    const scans = token.eventsOf("scan").length;
    const identifiers = token.eventsOf("address").length;
    expect(scans).toBeGreaterThanOrEqual(SCANS_AN_HOUR * hours);
    expect(scans).toBeLessThanOrEqual(40 * hours);
    expect(identifiers).toBeGreaterThanOrEqual(2 * hours - 1);
    expect(identifiers).toBeLessThanOrEqual(6 * hours + 1);
    expect(token.state.advertising || token.state.scanning).toBe(true);
    expect(token.eventsOf("reset")).toEqual([]);
  }

  async day(plan: readonly (readonly [number, number])[]): Promise<void> {
    for (const [hours, neighbours] of plan) await this.among(hours, neighbours);
  }

  /** A desk switches it on. */
  enrol(): Promise<void> {
    return this.#atDesk("enrolment", (client) => enrolVisit(client, this.now));
  }

  /** A desk reads the log, compares it with no keys, and sets the clock. */
  async check(): Promise<void> {
    const token = this.#token;
    const status = await this.#atDesk("a check", async (client) => {
      const before = await client.status();
      const log = decodeLog(await client.readLog(undefined, before));
      const result = await checkVisit(client, [], this.now);
      tell(
        `a desk finds ${log.length} encounters, the clock wrong by ${result.clockCorrection?.toFixed(0)} s, ${before.failures} failures, ${before.restarts} restarts${before.logFull ? ", the log full" : ""}`,
      );
      expect(log.length).toBeGreaterThan(100);
      expect(log.every(({ interval }) => interval <= intervalAt(this.now()) + 1)).toBe(true);
      return client.status();
    });
    expect(status).toMatchObject({ state: "on", clockDoubtful: false, failures: 0 });
    expect(token.state.fault).toBe("");
  }

  /** A desk gets the keys. */
  async share(): Promise<void> {
    const keys = await this.#atDesk("keys", async (client) => {
      await client.setState("on", true);
      return client.readKeys();
    });
    tell(`a desk gets ${keys.length} keys`);
    expect(keys.length).toBeGreaterThan(1);
  }

  async erase(): Promise<void> {
    await this.#atDesk("erasing", async (client) => {
      await client.erase();
      expect(await client.status()).toMatchObject({ state: "off", lastInterval: 0 });
    });
  }

  /** The battery was out. */
  async powerCut(): Promise<void> {
    const token = this.#token;
    await token.reset("power");
    await this.live("boot after a power cut", () => token.run(BOOT_MILLISECONDS));
    const status = await this.#atDesk("a look", (client) => client.status());
    expect(status).toMatchObject({ state: "on", clockDoubtful: true });
  }

  async hang(): Promise<void> {
    const token = this.#token;
    await token.hang();
    expect(await token.runUntil("reset", 601_000)).toMatchObject({ cause: "watchdog" });
    await this.live("boot after the watchdog", () => token.run(BOOT_MILLISECONDS));
    const status = await this.#atDesk("a look", (client) => client.status());
    expect(status).toMatchObject({ state: "on", clockDoubtful: false, restarts: 1 });
  }

  #atDesk<T>(name: string, work: Parameters<typeof visit<T>>[1]): Promise<T> {
    return this.live(name, async () => {
      const result = await visit(this.#token, work);
      await this.#token.run(WINDOW_MILLISECONDS);
      return result;
    });
  }
}

describe.skipIf(NO_CHIP)("a fortnight of mixed life", { timeout: PATIENT }, () => {
  test("has no fault, loses no timer, and stays within its limits", async () => {
    const token = await boot("application");
    chip = token;
    const life = new Life(token);
    await life.enrol();
    let erased = 0;
    for (let day = 1; day <= 14; day++) {
      await life.day(day === 1 || day === 8 ? CROWDED_DAY : COMMON_DAY);
      erased += token.eventsOf("erase").length;
      if (day === 3) await life.hang();
      if (day === 5) await life.check();
      if (day === 6) {
        await life.powerCut();
        await life.check();
      }
      if (day === 7) await life.share();
      if (day === 9) {
        await life.erase();
        await life.enrol();
      }
    }
    await life.check();
    tell(`pages erased at the end of days: ${erased}`);
  });
});

/** Finds the page of the pool that holds state. */
function statePageOf(storage: Uint8Array): number {
  const start = poolStart(LAYOUTS.puckjs);
  const view = new DataView(storage.buffer, storage.byteOffset);
  for (let at = start; at < storage.length; at += 4096) {
    const number = view.getUint16(at, true);
    if (number & STATE_PAGE && view.getUint16(at + 2, true) === (number ^ 0xffff)) return at;
  }
  throw new Error("There is no state page");
}

/** Fills what is free of the state page with intervals, as a token does by itself in months; the last one repeats. */
function fillStatePage(storage: Uint8Array, left: number): Uint8Array {
  const filled = storage.slice();
  const page = statePageOf(filled);
  const view = new DataView(filled.buffer);
  let end = page + 4096;
  while (view.getUint32(end - 4, true) === 0xffffffff) end -= 4;
  const last = view.getUint32(end - 4, true);
  // A used interval: its low 16 bits and their complement.
  expect((last & 0xffff) ^ (last >>> 16)).toBe(0xffff);
  for (let at = end; at < page + 4096 - left; at += 4) view.setUint32(at, last, true);
  return filled;
}

describe.skipIf(NO_CHIP)("the deepest stack", { timeout: PATIENT }, () => {
  test("with a full page of state and a full log, whatever a desk asks", async () => {
    const first = await boot("application");
    const life = new Life(first);
    await life.enrol();
    await first.setNeighbours(60);
    let merges = 0;
    for (let hour = 0; hour < 8 && merges < MERGED_PAGES; hour++) {
      first.events.splice(0);
      await life.live("an hour among 60", () => first.run(HOUR));
      merges += first.eventsOf("erase").length;
    }
    expect(merges).toBeGreaterThanOrEqual(MERGED_PAGES);
    const storage = await first.storage();
    await first.end();

    for (const left of [0, 4, 64]) {
      const token = await boot("application", fillStatePage(storage, left));
      chip = token;
      const again = new Life(token);
      const ahead = 20 * 24 * 3600;
      const name = `${left} bytes of state left`;
      await again.live(`${name}, boot and an hour`, () => token.run(HOUR));
      await token.setNeighbours(60);
      const ask = <T>(what: string, work: Parameters<typeof visit<T>>[1]) =>
        again.live(`${name}, ${what}`, async () => {
          const result = await visit(token, work);
          await token.run(WINDOW_MILLISECONDS);
          return result;
        });
      await ask("clock 20 days ahead", (client) => client.setClock(() => again.now() + ahead));
      await ask("keys", async (client) => {
        await client.setState("on", true);
        await client.readKeys();
      });
      await ask("exposure", (client) =>
        client.writeExposure({
          level: 2,
          day: 18_500,
          minutes: 30,
          attenuationDb: 50,
          checkedInterval: 2_666_000,
          acknowledged: false,
        }),
      );
      await ask("off and on", async (client) => {
        await client.setState("off", false);
        await client.setState("on", false);
      });
      await ask("the log", (client) => client.readLog());
      await ask("erase", (client) => client.erase());
      expect(token.state.fault).toBe("");
      await token.end();
    }
  });
});
