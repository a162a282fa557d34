import { expect, test } from "vitest";
import { nodePrimitives } from "../../companion/matching/node-primitives.ts";
import { decodeLog } from "../../protocol/encounter-log.ts";
import { PAGE_BYTES } from "../../protocol/flash-layout.ts";
import { INTERVALS_PER_DAY, intervalAt, RETENTION_INTERVALS } from "../../protocol/intervals.ts";
import { deriveRpi, hkdf16, RPIK_INFO } from "../../protocol/key-schedule.ts";
import {
  CONSENT_PUBLISH,
  ERASE,
  ERASE_CONFIRMATION,
  ERASE_LAYOUT,
  EXPOSURE_BYTES,
  EXPOSURE_LAYOUT,
  encode,
  KEY_BYTES,
  ON,
  READ_KEYS,
  SET_CLOCK,
  SET_CLOCK_LAYOUT,
  SET_STATE,
  SET_STATE_LAYOUT,
  STATUS,
  WRITE_EXPOSURE,
} from "../../protocol/messages.ts";
import { createRandom, type Random } from "../../simulator/random.ts";
import { boot, type Firmware } from "../support/token/boot.ts";
import { type Operation, PowerCut, perform } from "../support/token/flash.ts";
import { heard, Machine } from "../support/token/machine.ts";

const PAGES = 6;
const MINUTE = 60;
const HOUR = 3600;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 5, 1) / 1000;
/** How long an RPI of a neighbour lives. */
const RPI_SECONDS = 15 * MINUTE;
/** By how many intervals a token's guess of the time may be off in this script. */
const CLOCK_SLACK = 18;
/** At one in so many cuts, power fails a second time during the recovery. */
const SECOND_CUTS = 20;

/** What a token keeps, as far as a power cut could harm it. */
interface Kept {
  readonly lastInterval: number;
  /** Ends by TEK in hex. */
  readonly keys: ReadonlyMap<string, number>;
  /** Whether a TEK stands in two slots. */
  readonly isDouble: boolean;
  readonly state: number;
  readonly exposure: string;
  /** Minutes by the first four bytes of the RPI, which are different for each. */
  readonly minutes: ReadonlyMap<number, number>;
}

function keptBy(firmware: Firmware): Kept {
  const { image, KEYS, STATE, EXPOSURE } = firmware;
  const view = new DataView(image.buffer, image.byteOffset);
  const keys = new Map<string, number>();
  let isDouble = false;
  for (let at = KEYS; at < image.length; at += KEY_BYTES) {
    const end = view.getUint32(at, true);
    if (!end) continue;
    const key = Buffer.from(image.subarray(at + 4, at + KEY_BYTES)).toString("hex");
    isDouble ||= keys.has(key);
    keys.set(key, end);
  }
  return {
    lastInterval: firmware.lastInterval,
    keys,
    isDouble,
    state: image[STATE] as number,
    exposure: Buffer.from(image.subarray(EXPOSURE, EXPOSURE + EXPOSURE_BYTES)).toString("hex"),
    minutes: minutesIn(firmware),
  };
}

function minutesIn(firmware: Firmware): Map<number, number> {
  const parts: Uint8Array[] = [];
  for (let position = firmware.logStart(); position < firmware.logEnd(); ) {
    const [, [, next], records] = firmware.readLog(position)!;
    parts.push(records);
    position = next;
  }
  const minutes = new Map<number, number>();
  for (const { rpiPrefix, minutes: each } of decodeLog(Buffer.concat(parts))) {
    const rpi = Buffer.from(rpiPrefix).readUInt32LE();
    minutes.set(rpi, (minutes.get(rpi) ?? 0) + each);
  }
  return minutes;
}

/** A stretch of the script between two moments at which the token had nothing under way. */
interface Stretch {
  /** Its first operation on flash. */
  readonly from: number;
  readonly before: Kept;
  readonly after: Kept;
  /** How long sightings had not been committed when it began, in seconds. */
  readonly uncommitted: number;
}

/** Days of the script, after which all is erased. */
const DAYS = 16;

// A busy life, on flash that keeps a record of all that is done to it.
function liveThrough(machine: Machine, beforeErasing = (_: Kept) => {}): Stretch[] {
  const stretches: Stretch[] = [];
  let firmware: Firmware | undefined;
  let before: Kept | undefined;
  let firstHeard = 0;
  const { operations } = machine.flash;

  function observe(action: () => void): void {
    const from = operations.length;
    const uncommitted = firmware?.neighbourCount ? machine.clock - firstHeard : 0;
    action();
    if (!firmware) return;
    if (firmware.neighbourCount && !uncommitted) firstHeard = machine.clock;
    if (operations.length === from) return;
    const after = keptBy(firmware);
    stretches.push({ from, before: before ?? after, after, uncommitted });
    before = after;
  }

  function insertBattery(): void {
    machine.clock = 0;
    observe(() => {
      firmware = boot(machine);
    });
  }

  function atDesk(...requests: Uint8Array[]): void {
    machine.press(3.5);
    for (const request of requests) machine.request(request);
    machine.advance(61);
  }

  const setClock = () => encode(SET_CLOCK, 1, SET_CLOCK_LAYOUT, [Math.floor(machine.world), 68]);
  const setState = (state: number, consent: number) =>
    encode(SET_STATE, 2, SET_STATE_LAYOUT, [state, consent]);

  // Some family in the evening, colleagues in the morning, a full table at noon.
  machine.around = () => {
    const hour = (machine.world / HOUR) % 24;
    const present = hour >= 12 && hour < 13 ? 12 : hour >= 18 ? 2 : hour >= 8 && hour < 12 ? 3 : 0;
    return Array.from({ length: present }, (_, who) => {
      const rpi = Math.floor(machine.world / RPI_SECONDS) * 64 + who;
      const bytes = Buffer.alloc(20, who);
      bytes.writeUInt32LE(rpi >>> 0);
      return heard(-50 - 2 * who, bytes);
    });
  };
  machine.aroundAction = observe;

  insertBattery();
  atDesk(setClock(), setState(ON, 0));
  for (let day = 0; day < DAYS; day++) {
    machine.advance(10 * HOUR);
    if (day === 4) {
      // The battery falls out for two hours.
      machine.powerOff();
      machine.world += 2 * HOUR;
      insertBattery();
    }
    if (day === 5 || day === 11) atDesk(encode(STATUS, 3, "", []), setClock());
    if (day === 7) {
      const day7 = Math.floor(machine.world / DAY);
      atDesk(
        encode(WRITE_EXPOSURE, 4, EXPOSURE_LAYOUT, [2, day7, 20, 60, intervalAt(machine.world), 0]),
      );
    }
    if (day === 8) {
      machine.press(11);
      machine.advance(HOUR);
      machine.press(11);
    }
    // The first time, today's key is cut short; it expires before the end.
    if (day === 1 || day === 9) {
      atDesk(setClock(), setState(ON, CONSENT_PUBLISH), encode(READ_KEYS, 5, "", []));
    }
    machine.advance(DAY - (machine.world % DAY));
  }
  // Not so close to midnight that a token without a clock would begin the next day when it starts.
  machine.advance(HOUR);
  beforeErasing(keptBy(firmware!));
  atDesk(encode(ERASE, 6, ERASE_LAYOUT, [ERASE_CONFIRMATION]));
  return stretches;
}

/** Where in the script power fails. */
interface Cut {
  readonly stretch: Stretch;
  /** The last interval that was on air. */
  readonly aired: number;
  /** Minutes by RPI that the stretch has added to the log until then, and in all. */
  readonly added: ReadonlyMap<number, number>;
  /** A record that was being written: it may be there or not. */
  readonly rpi: number | undefined;
  readonly minutes: number;
  readonly addedInAll: ReadonlyMap<number, number>;
}

// A violated promise, or nothing.
function harmDone(kept: Kept, cut: Cut): string | undefined {
  const { added, addedInAll, aired } = cut;
  const { before, after } = cut.stretch;
  const now = kept.lastInterval;
  // What has expired by the time that the recovered token guesses may be gone.
  const isOld = (interval: number) => interval + RETENTION_INTERVALS <= now + CLOCK_SLACK;
  if (kept.isDouble) return "a key was both cut and not";
  for (const [key, end] of kept.keys) {
    if (end === before.keys.get(key) || end === after.keys.get(key)) continue;
    if (before.keys.has(key) || after.keys.has(key)) return "a key ends when it never did";
    const has = (keys: Kept["keys"]) => [...keys.values()].includes(end);
    // Nor may another take the place of one that was on air already.
    const start = end - INTERVALS_PER_DAY;
    if (has(before.keys) || (has(after.keys) && aired >= start)) return "a key was replaced";
    // Only today's may be new: the recovered token has made it for itself.
    if (start !== now - (now % INTERVALS_PER_DAY)) return "a key appeared";
  }
  for (const [key, end] of before.keys) {
    if (!after.keys.has(key) || isOld(end)) continue;
    if (!kept.keys.has(key)) return "a key was lost";
    if ((kept.keys.get(key) as number) <= Math.min(aired, end - 1))
      return "a key was cut too short";
  }
  if (![before.state, after.state].includes(kept.state)) return "the state is neither old nor new";
  if (![before.exposure, after.exposure].includes(kept.exposure)) return "the exposure was lost";

  const minutes = (map: ReadonlyMap<number, number>, rpi: number): number => map.get(rpi) ?? 0;
  for (const rpi of new Set([...before.minutes.keys(), ...kept.minutes.keys()])) {
    const sure = minutes(before.minutes, rpi) + minutes(added, rpi);
    const most = sure + (rpi === cut.rpi ? cut.minutes : 0);
    // Merging may leave something out, but nothing that is there afterwards.
    const toCome = minutes(addedInAll, rpi) - minutes(added, rpi);
    const least = Math.min(sure, minutes(after.minutes, rpi) - toCome);
    const found = minutes(kept.minutes, rpi);
    if (found > most) return "a record appeared twice";
    if (found < least && !isOld(intervalAt((rpi >> 6) * RPI_SECONDS))) {
      return "a committed record was lost";
    }
  }
  return now < aired && after.lastInterval >= aired ? "an interval could be used twice" : undefined;
}

// The RPI of an interval, of the one key of its day that may be used still.
function rpiOf({ keys }: Kept, interval: number): string | undefined {
  const end = interval - (interval % INTERVALS_PER_DAY) + INTERVALS_PER_DAY;
  const [tek] = [...keys].find((key) => key[1] === end) ?? [];
  if (!tek) return undefined;
  const rpik = hkdf16(nodePrimitives, Buffer.from(tek, "hex"), RPIK_INFO);
  return Buffer.from(deriveRpi(nodePrimitives, rpik, interval)).toString("hex");
}

// Starts a token on what a cut has left, and looks what it has kept.
function recover(machine: Machine, cut: Cut): string | undefined {
  const kept = keptBy(boot(machine));
  const again = machine.aired[0];
  if (again && again.interval <= cut.aired) return "an interval was used twice";
  if (again && again.rpi !== rpiOf(kept, again.interval)) return "a key was used after its end";
  return harmDone(kept, cut);
}

// Power fails once more while the token starts.
function recoverTwice(torn: Uint8Array, cut: Cut, random: Random): string | undefined {
  const whole = new Machine(torn.slice(), START);
  boot(whole);
  // A token that was off, and of which all is erased, needs to do nothing.
  if (!whole.flash.operations.length) return undefined;
  const machine = new Machine(torn.slice(), START);
  machine.flash.cutAt = random.uint32() % whole.flash.operations.length;
  machine.flash.unchanged = random.uint32();
  try {
    boot(machine);
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error;
  }
  expect(machine.flash.isDark).toBe(true);
  return recover(new Machine(machine.flash.bytes, START), cut);
}

/** How often pages were made valid in a script, by what they were made for. */
interface PagesMade {
  opened: number;
  merges: number;
  copies: number;
  renewals: number;
}

function pagesMade(operations: readonly Operation[]): PagesMade {
  const made: PagesMade = { opened: 0, merges: 0, copies: 0, renewals: 0 };
  // The words behind a page's number: of a page of the log, time and what it stands for.
  const behind = new Map<number, number>();
  const labels = new Map<number, number>();
  for (const { address, word } of operations) {
    if (word === undefined) continue;
    behind.set(address, word);
    const number = word & 0xffff;
    if (address % PAGE_BYTES || word >>> 16 !== (number ^ 0xffff)) continue;
    const label = (behind.get(address + 8) ?? 0) >>> 8;
    if (number >= 0x8000) made.renewals++;
    else if (!labels.has(number)) made.opened++;
    else if (labels.get(number) === label) made.copies++;
    else made.merges++;
    labels.set(number, label);
  }
  return made;
}

test("a fortnight survives a power cut at every single flash operation", () => {
  const blank = () => new Uint8Array(PAGES * PAGE_BYTES).fill(0xff);
  const reference = new Machine(blank(), START);
  const stretches = liveThrough(reference);
  const { operations } = reference.flash;
  for (const { uncommitted } of stretches) expect(uncommitted).toBeLessThanOrEqual(5 * MINUTE);

  const { copies, merges, opened, renewals } = pagesMade(operations);
  expect(merges).toBeGreaterThan(10);
  expect(opened).toBeGreaterThan(10);
  expect(copies).toBeGreaterThan(2);
  expect(renewals).toBeGreaterThan(2);
  // Among them the cut of a key, and its expiry.
  const isCut = (kept: Kept) => [...kept.keys.values()].some((end) => end % INTERVALS_PER_DAY);
  const changes = stretches.filter(({ before, after }) => isCut(before) !== isCut(after));
  expect(changes.map(({ after }) => isCut(after))).toEqual([true, false]);

  const random = createRandom("tears");
  const bytes = blank();
  const harm: string[] = [];
  let aired = 0;
  let airings = 0;
  let appends = 0;
  stretches.forEach((stretch, index) => {
    const end = stretches[index + 1]?.from ?? operations.length;
    const added = new Map<number, number>();
    const addedInAll = new Map<number, number>();
    for (const { operations: done, rpi, minutes } of reference.appended) {
      if (done > stretch.from && done <= end) {
        addedInAll.set(rpi, (addedInAll.get(rpi) ?? 0) + minutes);
      }
    }
    const { appended } = reference;
    while ((appended[appends]?.operations ?? end) <= stretch.from) appends++;
    for (let cut = stretch.from; cut < end; cut++) {
      while ((reference.aired[airings]?.operations ?? end) <= cut) {
        aired = reference.aired[airings++]!.interval;
      }
      while ((appended[appends]?.operations ?? end + 1) <= cut) {
        const { rpi, minutes } = appended[appends++]!;
        added.set(rpi, (added.get(rpi) ?? 0) + minutes);
      }
      const next = appended[appends];
      const { rpi, minutes = 0 } = next?.operations === cut + 1 ? next : {};
      // Nothing changed, everything changed, or anything in between.
      const unchanged = [0xffffffff, 0, random.uint32()][cut % 3]!;
      const torn = bytes.slice();
      perform(torn, operations[cut]!, unchanged);
      const where = { stretch, aired, added, addedInAll, rpi, minutes };
      const what =
        (cut % SECOND_CUTS === 0 && recoverTwice(torn, where, random)) ||
        recover(new Machine(torn, START), where);
      if (what) harm.push(`cut ${cut}: ${what}`);
      perform(bytes, operations[cut]!, 0);
    }
  });
  expect(harm).toEqual([]);
  expect(operations.length).toBeGreaterThan(20_000);
  console.info(
    `Power was cut at ${operations.length} points of a fortnight with ${merges} merged pages, ` +
      `${copies} copied ones and ${renewals} renewals of the state.`,
  );
}, 600_000);

// What the token kept when it was erased; flash that failed in that goes on letting go afterwards.
const keptLast = (stretches: readonly Stretch[]): Kept =>
  stretches.filter(({ before }) => before.keys.size > 0).at(-1)!.before;

test("flash that fails once, at any kind of moment, does no harm that lasts", () => {
  const blank = () => new Uint8Array(PAGES * PAGE_BYTES).fill(0xff);
  const reference = new Machine(blank(), START);
  const before = keptLast(liveThrough(reference));
  const { operations } = reference.flash;
  const erasures = operations.flatMap(({ word }, at) => (word === undefined ? [at] : []));
  const numbers = operations.flatMap(({ address, word }, at) =>
    word !== undefined && address % PAGE_BYTES === 0 ? [at] : [],
  );
  const random = createRandom("failures");
  const some = (all: readonly number[], count: number) =>
    Array.from({ length: count }, () => all[random.uint32() % all.length]!);
  const failures = [...some(erasures, 6), ...some(numbers, 6), ...some([...operations.keys()], 6)];
  const total = (kept: Kept) => [...kept.minutes.values()].reduce((sum, each) => sum + each, 0);
  for (const failsAt of failures) {
    const where = `operation ${failsAt}`;
    const machine = new Machine(blank(), START);
    machine.flash.fails = (_, count) => count === failsAt;
    const stretches = liveThrough(machine, (kept) => {
      const rebooted = keptBy(boot(new Machine(machine.flash.bytes.slice(), START)));
      expect(rebooted.state, where).toBe(kept.state);
      expect(rebooted.exposure, where).toBe(kept.exposure);
      expect([...rebooted.keys], where).toEqual([...kept.keys]);
      // What has become old since the last cleaning goes with the start.
      const isYoung = ([rpi]: [number, number]) =>
        intervalAt((rpi >> 6) * RPI_SECONDS) + RETENTION_INTERVALS >
        rebooted.lastInterval + CLOCK_SLACK;
      expect([...rebooted.minutes].filter(isYoung), where).toEqual(
        [...kept.minutes].filter(isYoung),
      );
    });
    const end = keptLast(stretches);
    // At the end it lives as if nothing had been: with all its keys, almost all sightings, and on air.
    const days = (kept: Kept) =>
      [...kept.keys.values()].filter((end) => end % INTERVALS_PER_DAY === 0);
    expect(days(end), where).toEqual(days(before));
    expect(total(end), where).toBeGreaterThan(0.95 * total(before));
    expect(end.state, where).toBe(before.state);
    expect(end.exposure, where).toBe(before.exposure);
    const intervals = machine.aired.map(({ interval }) => interval);
    expect(intervals.length, where).toBeGreaterThan(0.99 * reference.aired.length);
    // An identifier lasts for one interval or two.
    const [last, expected] = [machine, reference].map(({ aired }) => aired.at(-1)!.interval);
    expect(Math.abs(last! - expected!), where).toBeLessThanOrEqual(1);
  }
}, 600_000);
