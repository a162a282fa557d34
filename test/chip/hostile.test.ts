import { afterEach, describe, expect, test } from "vitest";
import { decodeLog } from "../../protocol/encounter-log.ts";
import type { Chip } from "../../simulator/chip/chip.ts";
import { FOREIGN_MS } from "../../simulator/espruino/chip-figures.ts";
import { PATIENT, step, tell } from "./steps.ts";
import { bootSwitchedOn, NO_CHIP, release, start, storageSwitchedOn, visit } from "./token.ts";

const HOUR = 3_600_000;
/** Advertising data that kills the interpreter's own parser, and others that were tried on it. */
const SHAPES = [
  "000900",
  "0008",
  "00080000",
  "010901",
  "ff0941",
  "1f0941",
  "02166ffd",
  "03166ffd00",
  "16166ffd".padEnd(50, "0"),
  "17166ffd".padEnd(62, "a"),
  "0303",
  "",
  "00",
  "ffffffff",
].map((hex) => Buffer.from(hex, "hex"));
const TYPES = [0x01, 0x02, 0x03, 0x06, 0x07, 0x08, 0x09, 0x16, 0x20, 0x21, 0xff];
const LONGEST = 31;
/** Milliseconds of a scan. */
const SCAN = 290;
const FLOOD = 200;
const FLOODED_SCANS = 40;
const ALL = 1_000_000;
const STORM = 4000;
const NEIGHBOURS = 4;

let chip: Chip | undefined;
afterEach(() => chip?.end());

/** Always the same numbers (Park and Miller 1988). */
function generator(): (limit: number) => number {
  let state = 7;
  return (limit) => {
    state = (state * 48271) % 0x7fffffff;
    return state % limit;
  };
}

const below = generator();

/** Advertising data as no honest device sends it. */
function hostile(): Uint8Array {
  const kind = below(4);
  if (kind === 0) return SHAPES[below(SHAPES.length)] as Uint8Array;
  const bytes = Uint8Array.from({ length: below(LONGEST + 1) }, () => below(256));
  if (kind === 1) return bytes;
  // Structures, with lengths that are right, wrong, or zero; some say that they are beacons.
  for (let at = 0; at + 1 < bytes.length; ) {
    const left = bytes.length - at - 1;
    const length = below(3) ? 1 + below(left) : below(256);
    bytes[at] = length;
    bytes[at + 1] = TYPES[below(TYPES.length)] as number;
    if (kind === 3 && at + 4 <= bytes.length) bytes.set([0x16, 0x6f, 0xfd], at + 1);
    at += 1 + Math.max(1, Math.min(length, left));
  }
  return bytes;
}

function address(): string {
  const low = below(0x1000000).toString(16).padStart(6, "0");
  return `${(0xc00000 + below(0x400000)).toString(16)}${low}`;
}

/** Has so many packets on air during the next scan. */
async function flood(token: Chip, count: number): Promise<void> {
  if (!(await token.runUntil("scan", HOUR))) throw new Error("There is no scan");
  const packets = Array.from({ length: count }, (_, at) =>
    token.hear({
      address: address(),
      data: hostile(),
      rssi: -40 - below(60),
      after: (at * SCAN) / count,
    }),
  );
  await Promise.all(packets);
  // Until what waits is handled: a press of the button would find no room in the interpreter's queue.
  await token.run(2 * SCAN);
  if (token.state.fault) throw new Error(token.state.fault);
}

const readLog = (token: Chip) =>
  visit(token, async (client) => {
    const status = await client.status();
    return { status, log: decodeLog(await client.readLog(undefined, status)) };
  });

describe.skipIf(NO_CHIP)("hostile advertisements", { timeout: PATIENT }, () => {
  test("neither end nor fill the token, and its neighbours are logged", async () => {
    chip = await bootSwitchedOn("application");
    const token = chip;
    await token.setNeighbours(NEIGHBOURS);
    await step(token, "an hour before", () => token.run(HOUR));
    const before = (await token.variables()).used;
    const { active } = token.state;

    await step(token, `${FLOODED_SCANS} scans of ${FLOOD}`, async () => {
      for (let scan = 0; scan < FLOODED_SCANS; scan++) await flood(token, FLOOD);
    });
    const flooded = await readLog(token);
    tell(`among floods of ${FLOOD} it has logged ${flooded.log.length} encounters`);
    let offered = FLOODED_SCANS * FLOOD;
    while (offered < ALL) {
      await step(token, `${offered} of a million offered`, async () => {
        for (let scan = 0; scan < 50 && offered < ALL; scan++, offered += STORM) {
          await flood(token, STORM);
        }
      });
      token.events.splice(0);
    }
    const handled = (1000 * (token.state.active - active)) / FOREIGN_MS;
    tell(
      `${offered} packets were on air; the processor's time is that of some ${handled.toFixed(0)} at most`,
    );
    const { restarts } = flooded.status;
    const worst = token.state.variables;

    token.events.splice(0);
    await step(token, "two hours after", () => token.run(2 * HOUR));
    const after = (await token.variables()).used;
    tell(`variables: ${before} before, ${after} after, at most ${worst} meanwhile`);
    // Some 100 more or less are in use from one hour to another, with what waits to be logged.
    expect(after).toBeLessThan(before + 200);
    expect(worst).toBeLessThan(2630);
    expect(token.eventsOf("scan").length).toBeGreaterThan(20);
    expect(token.eventsOf("reset")).toEqual([]);

    const { status, log } = await readLog(token);
    expect(status).toMatchObject({ state: "on", restarts, failures: 0 });
    expect(flooded.log.length).toBeGreaterThan(NEIGHBOURS * 5);
    const recent = log.filter(({ interval }) => interval >= status.lastInterval - 10);
    const known = new Map<string, number>();
    for (const { rpiPrefix, minutes } of recent) {
      const prefix = Buffer.from(rpiPrefix).toString("hex");
      known.set(prefix, (known.get(prefix) ?? 0) + minutes);
    }
    // Each takes another identifier every 10 to 20 minutes.
    const total = [...known.values()].reduce((sum, minutes) => sum + minutes, 0);
    tell(`in the last 100 minutes: ${known.size} identifiers, ${total} minutes`);
    expect(total).toBeGreaterThan(0.8 * NEIGHBOURS * 90);
    expect(total).toBeLessThan(1.2 * NEIGHBOURS * 110);
  });

  test("would end it where the interpreter's own parser sees them", async () => {
    // What has them handed over unparsed is set to another name; that it could be set is still seen.
    const change = (bundle: string): string => {
      const at = bundle.lastIndexOf("onblescan");
      expect(at).toBeGreaterThan(0);
      return `${bundle.slice(0, at)}onbleskan${bundle.slice(at + 9)}`;
    };
    chip = await start("application", await storageSwitchedOn(await release(change)));
    const token = chip;
    await token.run(5000);
    await token.runUntil("scan", HOUR);
    await token.hear({ address: address(), data: SHAPES[0] as Uint8Array, after: 50 });
    const { time } = token.state;
    const work = token.run(2 * HOUR).then(
      () => (token.eventsOf("reset").length ? "a restart by the watchdog" : "nothing"),
      (error: Error) => error.message.split("\n")[0],
    );
    const outcome = await work;
    tell(`000900 without the remedy: ${outcome} (${(token.state.time - time).toFixed(1)} s later)`);
    expect(outcome).not.toBe("nothing");
  });
});
