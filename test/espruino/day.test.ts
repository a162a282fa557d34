import { beforeAll, describe, expect, test } from "vitest";
import { nodePrimitives } from "../../companion/matching/node-primitives.ts";
import { decodeLog } from "../../protocol/encounter-log.ts";
import { IDENTITY_BYTES, PUCKJS, poolStart } from "../../protocol/flash-layout.ts";
import {
  AEMK_INFO,
  cryptMetadata,
  deriveRpi,
  hkdf16,
  RPIK_INFO,
} from "../../protocol/key-schedule.ts";
import {
  BAD_REQUEST,
  CONSENT_PUBLISH,
  decode,
  ERASE,
  ERASE_CONFIRMATION,
  ERASE_LAYOUT,
  EXPOSURE_LAYOUT,
  encode,
  LEVEL_HIGH,
  NO_CLOCK,
  NO_CONSENT,
  OFF,
  ON,
  READ_KEYS,
  REFUSED,
  RESPONSE,
  SET_STATE,
  SET_STATE_LAYOUT,
  STATUS,
  STATUS_LAYOUT,
  WRITE_EXPOSURE,
} from "../../protocol/messages.ts";
import { SIGNALS, type SignalParts } from "../../protocol/signals.ts";
import { CROWD, crowdBeacon } from "../../simulator/interpreter/crowd.ts";
import { BOOT, type Recorded } from "../../simulator/interpreter/run.ts";
import { visit } from "../../simulator/interpreter/scripted-desk.ts";
import { fromHex, toHex, vectors } from "../support/vectors.ts";
import {
  clockRequest,
  ENROL,
  flashes,
  image,
  logIn,
  MIDNIGHT,
  type OnAir,
  onAir,
  READ_LOG,
  response,
  run,
  source,
} from "./token.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;
const INTERVAL = 600;

const TEK_OF_DAY_2 = Uint8Array.from({ length: 16 }, (_, index) => 16 * index + 5);
/** What follows it once it was cut short. */
const SECOND_TEK_OF_DAY_2 = Uint8Array.from({ length: 16 }, (_, index) => 16 * index + 6);

// The vectors are of a phone that sends at 8 dBm, a Puck.js sends at 0. What is encrypted in counter mode
// differs in the same bits.
const METADATA = Uint8Array.of(0x40, 0, 0, 0);
const POWER = fromHex(vectors.metadata).map((byte, index) => byte ^ METADATA[index]!);
const atNoPower = (aem: string): string =>
  toHex(fromHex(aem).map((byte, index) => byte ^ POWER[index]!));

const refusal = (tag: number, reason: number): number[] => [REFUSED, tag, reason];
const readKeys = (tag: number): string => visit(encode(READ_KEYS, tag, "", []));
const status = (tag: number): string => visit(encode(STATUS, tag, "", []));
const consent = (tag: number): string =>
  visit(encode(SET_STATE, tag, SET_STATE_LAYOUT, [ON, CONSENT_PUBLISH]));
const erase = (tag: number, confirmation: number): string =>
  visit(encode(ERASE, tag, ERASE_LAYOUT, [confirmation]));
const writeExposure = (tag: number, acknowledged: number): string =>
  visit(
    encode(WRITE_EXPOSURE, tag, EXPOSURE_LAYOUT, [
      LEVEL_HIGH,
      MIDNIGHT / DAY - 3,
      25,
      50,
      vectors.startInterval,
      acknowledged,
    ]),
  );

// The shortest of the random waits is the one that uses every interval: 600 s come of a multiple of 600,000.
const SHORTEST_WAITS = "random = () => 600000 * (++randomState % 7000);";

// Every part of the day ends with a report. Nobody is near where scans do not follow each other.
const SCRIPT = `
  ${CROWD} ${READ_LOG} ${SHORTEST_WAITS}
  function until(seconds) { advance(${MIDNIGHT} + seconds - virtualNow); }
  function dump() {
    for (var at = 4 * 4096; at < 10 * 4096; at += 256)
      record("flash", btoa(linuxFlash.read(256, 0x10000000 + at)));
  }
  report();
  ${ENROL} advance(62); report();
  crowd = 1; until(${HOUR});
  crowd = 5; until(${2 * HOUR});
  crowd = 12; until(${4 * HOUR - INTERVAL});
  crowd = 0; until(${4 * HOUR});
  crowd = 60; until(${4 * HOUR + 2 * INTERVAL});
  crowd = 30; until(${5 * HOUR + 2 * INTERVAL});
  crowd = 0; until(${6 * HOUR}); report();
  press(0.3); advance(2); report();
  press(10.5); advance(100); report();
  press(10.5); advance(5); report();
  until(${7 * HOUR}); crowd = 60; until(${7 * HOUR + 4 * INTERVAL}); crowd = 0;
  until(${12 * HOUR + 300}); report();
  ${BOOT} advance(30); report();
  press(3.5); ${status(10)} ${consent(11)} ${readKeys(12)}
  ${visit(clockRequest(13, MIDNIGHT + 12 * HOUR + 337))} ${status(14)} advance(70); report();
  until(${13 * HOUR}); crowd = 10; until(${14 * HOUR}); crowd = 0; until(${15 * HOUR + 60}); report();
  press(3.5); ${writeExposure(20, 0)} until(${16 * HOUR}); report();
  press(3.5); ${writeExposure(21, 1)} until(${17 * HOUR}); press(0.3); advance(10); report();
  until(${142 * INTERVAL + 400}); report();
  ${BOOT} randomBytes = ${source(TEK_OF_DAY_2)}; until(${DAY + 1}); report();
  until(${DAY + 2 * HOUR + 100}); report();
  press(3.5); ${visit(clockRequest(29, MIDNIGHT + DAY + 2 * HOUR + 110))} ${status(30)}
  ${readKeys(31)} ${consent(32)} randomBytes = ${source(SECOND_TEK_OF_DAY_2)}; ${readKeys(33)}
  readLog(); dump(); advance(70); press(3.5); ${readKeys(34)} report();
  until(${DAY + 2 * HOUR + 3 * INTERVAL + 100}); report();
  press(3.5); ${consent(37)} ${readKeys(38)} report();
  ${erase(40, 1)} ${erase(41, ERASE_CONFIRMATION)} ${status(42)} readLog(); advance(70); dump(); report();
  crowd = 5; advance(${3 * HOUR}); report();`;

const PARTS = [
  "boot",
  "enrolment",
  "morning",
  "shortPress",
  "pause",
  "resumption",
  "forenoon",
  "cut",
  "clockSet",
  "afternoon",
  "warning",
  "acknowledgement",
  "evening",
  "midnight",
  "night",
  "sync",
  "following",
  "syncAgain",
  "erasure",
  "afterwards",
] as const;
type Day = Record<(typeof PARTS)[number], Recorded[]>;

const colours = ["red", "green", "blue"];
const shown = ([colour, count, milliseconds]: SignalParts): [string, number][] =>
  Array.from({ length: count }, () => [colours[colour]!, milliseconds]);

const calls = (recorded: readonly Recorded[]): string[] => recorded.map(([call]) => call);

// What the desk sees of the log: one entry for each RPI prefix, in hex.
interface Contact {
  seconds: number;
  scans: number;
  from: number;
  to: number;
  rssi: number;
  aem: string;
}

/** See `firmware/scanner.ts`. */
const LONGEST_GAP = 900;

// Counts as the token should: a neighbour was near for half of the time since the scan before, and half of the time until the
// next one begins; around a longer silence both halves are the one that is known.
function heardContacts(recorded: readonly Recorded[]): Map<string, Contact> {
  const contacts = new Map<string, Contact>();
  let heard: string[] = [];
  let lastEnd = 0;
  const starts = recorded
    .filter(([call, argument]) => call === "setScan" && argument !== null)
    .map(([, , time]) => time);
  for (const [call, argument, time] of recorded) {
    if (call === "heard") {
      for (let neighbour = 0; neighbour < (argument as number); neighbour++) {
        const { rssi, bytes } = crowdBeacon(neighbour, time);
        const prefix = toHex(bytes.subarray(0, 7));
        const contact = {
          seconds: 0,
          scans: 0,
          from: time,
          to: time,
          rssi,
          aem: toHex(bytes.subarray(16, 18)),
        };
        contacts.set(prefix, { ...contact, ...contacts.get(prefix), to: time });
        heard.push(prefix);
      }
    } else if (call === "setScan" && argument === null) {
      const until = starts.find((start) => start >= time)! - time;
      const since = time - lastEnd > LONGEST_GAP ? until : time - lastEnd;
      for (const prefix of heard) {
        const contact = contacts.get(prefix)!;
        contact.seconds += (since + until) / 2;
        contact.scans++;
      }
      heard = [];
      lastEnd = time;
    }
  }
  return contacts;
}

describe.skipIf(!process.env["ESPRUINO"])("on the real interpreter", () => {
  test("a board that was not provisioned stays silent for good", async () => {
    const blank = new Uint8Array(image);
    blank.fill(0xff, poolStart(PUCKJS) - IDENTITY_BYTES, poolStart(PUCKJS));
    const [booted] = await run(
      `advance(${DAY}); record("left", [timers.length, !!watch, !!services]); report();`,
      blank,
    );
    expect(booted).toEqual([
      ["setConsole", { device: null, options: { force: true } }, 0],
      ["sleep", null, 0],
      ["restart", null, 0],
      ["setScan", { window: 100, interval: 100 }, 0],
      ["setScan", null, 0],
      ["red", false, 0],
      ["left", [0, false, false], DAY],
    ]);
  });

  test("changes of identifier come every 10 to 20 minutes, over midnight too", async () => {
    const [recorded] = await run(`${ENROL} advance(${DAY}); report();`);
    const changes = onAir(recorded!).filter(({ rpi }) => rpi);
    const midnight = MIDNIGHT + DAY;
    const indexes = changes
      .filter(({ time }) => time < midnight)
      .map(({ rpi }) => vectors.intervals.findIndex((interval) => interval[1] === rpi));
    for (const [at, index] of indexes.entries()) {
      // The first came on air when the sync window closed.
      if (at) expect(index).toBe(Math.floor((changes[at]!.time - MIDNIGHT) / INTERVAL));
    }
    const waits = changes.slice(2).map(({ time }, at) => time - changes[at + 1]!.time);
    for (const wait of waits) {
      expect(wait).toBeGreaterThanOrEqual(INTERVAL - 0.1);
      expect(wait).toBeLessThan(2 * INTERVAL + 0.1);
    }
    expect(new Set(waits.map(Math.round)).size).toBeGreaterThan(60);
  });

  describe("a day", () => {
    let day: Day;
    let whole: Recorded[];

    beforeAll(async () => {
      const reports = await run(SCRIPT);
      day = Object.fromEntries(PARTS.map((part, index) => [part, reports[index]!])) as Day;
      whole = reports.flat();
    });

    test("nothing goes on air before the console is closed, at every boot", () => {
      for (const part of [day.boot, day.cut, day.midnight]) {
        const services = part.findIndex(([call]) => call === "setServices");
        expect(part[services]![1]).toEqual({ uart: false });
        // It listens for a moment, to see whether it can.
        const before = ["setConsole", "sleep", "restart", "setScan", "setScan"];
        expect(calls(part.slice(0, services))).toEqual(before);
        expect(part[0]![1]).toEqual({ device: null, options: { force: true } });
        expect(part[4]![1]).toBeNull();
      }
      expect(calls(day.boot)).not.toContain("wake");
      expect(calls(day.cut)).toContain("wake");
      // And nothing opens it again.
      expect(whole.filter(([call]) => /^set(Console|Services)$/.test(call))).toHaveLength(6);
    });

    test("all 144 intervals of the published vectors are used in turn, each under its own address", () => {
      const beacons = onAir(whole.filter(([, , time]) => time < MIDNIGHT + DAY)).filter(
        ({ rpi }) => rpi,
      );
      const changes = beacons.filter(({ rpi }, at) => rpi !== beacons[at - 1]?.rpi);
      expect(changes.map(({ rpi, aem }) => [rpi, aem])).toEqual(
        vectors.intervals.map(([, rpi, aem]) => [rpi, atNoPower(aem)]),
      );
      const addressOf = new Map(changes.map(({ rpi, address }) => [rpi, address]));
      expect(new Set(addressOf.values()).size).toBe(144);
      for (const { rpi, address } of beacons) expect(address).toBe(addressOf.get(rpi));
      for (const { address } of beacons) {
        expect(address).toMatch(/^[c-f][0-9a-f](:[0-9a-f]{2}){5} random$/);
      }
    });

    test("payload and address change while nothing is sent", () => {
      const radio = calls(whole).filter((call) =>
        /^(sleep|setAdvertising|setAddress|wake)$/.test(call),
      );
      const turns = radio.join(" ").replaceAll("sleep setAdvertising setAddress wake", "").trim();
      // A scan silences what is on air, which then goes on.
      expect(turns).toMatch(/^(sleep\s*(wake\s*)?)*$/);
    });

    test("with the first change after midnight comes a new key", () => {
      const [old, fresh, ...more] = onAir(day.midnight);
      expect(more).toEqual([]);
      expect(old!.rpi).toBe(vectors.intervals[143]![1]);
      expect(fresh!.time - (MIDNIGHT + DAY)).toBeCloseTo(0, 1);
      expect(fresh).toMatchObject(beaconOf(TEK_OF_DAY_2, vectors.startInterval + 144));
      expect(fresh!.address).not.toBe(old!.address);
    });

    test("after a power cut it goes on one interval later, in doubt, until a desk sets its clock", () => {
      expect(onAir(day.cut).map(({ rpi }) => rpi)).toEqual([vectors.intervals[73]![1]]);
      expect(flashes(day.cut)).toEqual(shown(SIGNALS.needsDesk));
      const before = decode(STATUS_LAYOUT, response(day.clockSet, 10));
      const after = decode(STATUS_LAYOUT, response(day.clockSet, 14));
      const stateOf = (fields: number[]): number[] => fields.slice(7, 12);
      const zone = 48;
      expect(stateOf(before)).toEqual([vectors.startInterval + 73, ON, 2, 1, zone]);
      expect(stateOf(after)).toEqual([vectors.startInterval + 73, ON, 3, 0, zone]);
      expect(before[4]).toBe(MIDNIGHT + 73 * INTERVAL + 33);
      expect(after[4]).toBe(MIDNIGHT + 12 * HOUR + 338);
      expect([...response(day.clockSet, 12)]).toEqual(refusal(12, NO_CLOCK));
    });

    test("the log that a desk reads is what was heard", () => {
      const heard = heardContacts(whole);
      const log = decodeLog(logIn(day.sync));
      expect(new Set(log.map(({ rpiPrefix }) => toHex(rpiPrefix)))).toEqual(new Set(heard.keys()));
      let logged = 0;
      let near = 0;
      let uneven = 0;
      for (const [prefix, contact] of heard) {
        const own = log.filter(({ rpiPrefix }) => toHex(rpiPrefix) === prefix);
        const minutes = own.reduce((sum, encounter) => sum + encounter.minutes, 0);
        // What rounding leaves over goes to the next record, whoever's it is. Where scans are all alike, it is
        // always the same neighbour's of a full table.
        const difference = Math.abs(minutes - contact.seconds / 60);
        expect(difference).toBeLessThanOrEqual(contact.scans);
        if (difference > 2) uneven++;
        logged += minutes;
        near += contact.seconds / 60;
        for (const { interval, aemPrefix, meanRssi, bestRssi } of own) {
          expect(interval).toBeGreaterThanOrEqual(Math.floor(contact.from / INTERVAL) - 1);
          expect(interval).toBeLessThanOrEqual(Math.floor(contact.to / INTERVAL));
          expect(toHex(aemPrefix)).toBe(contact.aem);
          expect([meanRssi, bestRssi]).toEqual([contact.rssi, contact.rssi]);
        }
      }
      expect(Math.abs(logged / near - 1)).toBeLessThan(0.01);
      expect(uneven).toBeLessThan(heard.size / 100);
      // Pages had to be merged, and nothing was left out.
      const [, flags, , , , start] = decode(STATUS_LAYOUT, response(day.sync, 30));
      expect(flags).toBe(0);
      expect(start).toBeGreaterThan(0);
      expect(heard.size).toBeGreaterThan(400);
    });

    test("keys are read with consent only, which ends with the window", () => {
      expect([...response(day.sync, 31)]).toEqual(refusal(31, NO_CONSENT));
      expect([...response(day.sync, 34)]).toEqual(refusal(34, NO_CONSENT));
    });

    test("keys that are read are those of days that are over, and today's cut short, the same again later", () => {
      const key = (end: number, tek: string): string =>
        toHex(new Uint8Array(new Uint32Array([end]).buffer)) + tek;
      const places = Array<string>(16).fill("00".repeat(20));
      const midnight = vectors.startInterval + 144;
      places[(vectors.startInterval / 144) % 15] = key(midnight, vectors.tek);
      places[15] = key(midnight + 13, toHex(TEK_OF_DAY_2));
      for (const [part, tag] of [
        [day.sync, 33],
        [day.syncAgain, 38],
      ] as const) {
        const head = toHex(Uint8Array.of(READ_KEYS | RESPONSE, tag));
        expect(toHex(response(part, tag))).toBe(head + places.join(""));
      }
    });

    test("once today's key was cut, only what follows from the next one is sent", () => {
      const cutAt = day.sync.findIndex(([call]) => call === "notify");
      const beacons = [...onAir(day.sync.slice(cutAt)), ...onAir(day.following)].filter(
        ({ rpi }) => rpi,
      );
      const first = vectors.startInterval + 144 + 13;
      expect(beacons.map(({ rpi, aem }) => ({ rpi, aem }))).toEqual(
        [0, 1, 2].map((index) => beaconOf(SECOND_TEK_OF_DAY_2, first + index)),
      );
    });

    test("the button shows the state, pauses and resumes", () => {
      expect(flashes(day.shortPress)).toEqual([["green", 300], ...shown(SIGNALS.on)]);
      const held = [
        ["green", 3000],
        ["blue", 7000],
      ];
      expect(flashes(day.pause)).toEqual([...held, ...shown(SIGNALS.paused)]);
      expect(calls(day.pause).filter((call) => /^(wake|heard)$/.test(call))).toEqual([]);
      expect(calls(day.pause)).toContain("sleep");
      expect(flashes(day.resumption)).toEqual([...held, ...shown(SIGNALS.on)]);
      // Its interval was used: the next one begins later.
      expect(onAir(day.resumption)).toEqual([]);
      expect(onAir(day.forenoon)[0]!.rpi).toBe(vectors.intervals[37]![1]);
    });

    test("an exposure is signalled at once, then every ten minutes until the wearer has been told", () => {
      const colourful = (part: Recorded[]): [string, number][] =>
        flashes(part).filter(([colour]) => colour !== "blue");
      const reminders = Array.from({ length: 1 + 6 }, () => shown(SIGNALS.exposure)).flat();
      expect(colourful(day.warning)).toEqual([["green", 3000], ...reminders]);
      expect(colourful(day.acknowledgement)).toEqual([
        ["green", 3000],
        ["green", 300],
        ...shown(SIGNALS.exposure),
      ]);
    });

    test("erasing leaves nothing, and the token is off", () => {
      expect([...response(day.erasure, 40)]).toEqual(refusal(40, BAD_REQUEST));
      expect([...response(day.erasure, 41)]).toEqual([ERASE | RESPONSE, 41]);
      const fields = decode(STATUS_LAYOUT, response(day.erasure, 42));
      expect(fields.slice(5, 9)).toEqual([0, 0, 0, OFF]);
      expect(logIn(day.erasure)).toHaveLength(0);
      const teks = [TEK_OF_DAY_2, SECOND_TEK_OF_DAY_2].map(toHex);
      const secrets = [vectors.tek, ...teks, ...heardContacts(whole).keys()];
      const before = flashOf(day.sync);
      const after = flashOf(day.erasure);
      expect(secrets.filter((secret) => before.includes(secret))).toEqual(secrets);
      expect(secrets.filter((secret) => after.includes(secret))).toEqual([]);
      expect(day.afterwards).toEqual([]);
    });
  });
});

function beaconOf(tek: Uint8Array, interval: number): Partial<OnAir> {
  const rpi = deriveRpi(nodePrimitives, hkdf16(nodePrimitives, tek, RPIK_INFO), interval);
  const aemk = hkdf16(nodePrimitives, tek, AEMK_INFO);
  const aem = cryptMetadata(nodePrimitives, aemk, rpi, METADATA);
  return { rpi: toHex(rpi), aem: toHex(aem) };
}

// The token's pages, in hex.
function flashOf(recorded: readonly Recorded[]): string {
  const parts = recorded.filter(([call]) => call === "flash");
  return parts.map(([, data]) => Buffer.from(data as string, "base64").toString("hex")).join("");
}
