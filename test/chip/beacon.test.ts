import { afterEach, describe, expect, test } from "vitest";
import { nodePrimitives } from "../../companion/matching/node-primitives.ts";
import type { TokenKey } from "../../companion/token/token-client.ts";
import {
  AEM_OFFSET,
  BEACON_BYTES,
  emptyBeacon,
  METADATA_VERSION,
  RPI_OFFSET,
} from "../../protocol/beacon.ts";
import { intervalAt } from "../../protocol/intervals.ts";
import {
  AEMK_INFO,
  cryptMetadata,
  deriveRpi,
  hkdf16,
  RPIK_INFO,
} from "../../protocol/key-schedule.ts";
import { syncPayload } from "../../protocol/service.ts";
import type { Chip } from "../../simulator/chip/chip.ts";
import { CONNECTABLE, NON_CONNECTABLE, SUCCESS } from "../../simulator/espruino/s132.ts";
import { PATIENT, step, tell } from "./steps.ts";
import {
  boot,
  bootSwitchedOn,
  NO_CHIP,
  NO_SOFTDEVICE,
  switchOn,
  visit,
  windowClosed,
} from "./token.ts";

const HOUR = 3_600_000;
const BEACON = Buffer.from(emptyBeacon(RPI_OFFSET)).toString("hex");
/** Twice the interval, and the random delay of up to 10 ms that Bluetooth adds. */
const TWO_INTERVALS = 0.55;
const ADV_NONCONN_IND = 2;
const CHANNELS = [37, 38, 39];
/** Milliseconds from one event to the next, to the microsecond that events are told with. */
const SHORTEST_GAP = 269.998;
const LONGEST_GAP = 280.002;
const SET_ADDRESS = 108;
const SET_DATA = 114;

/** Units of 0.625 ms. */
const BEACON_INTERVAL = 432;
const SYNC_INTERVAL = 160;
const SCAN_WINDOW = 160;

let chip: Chip | undefined;
afterEach(() => chip?.end());

interface Identifier {
  readonly address: string;
  readonly data: string;
  /** When it was first on air, in seconds of the chip. */
  readonly from: number;
}

/** What was on air for others than desks, each address with its data once. */
function identifiersOf(chip: Chip): Identifier[] {
  let address = "";
  let data = "";
  const found: Identifier[] = [];
  for (const event of chip.events) {
    if (event.event === "address") address = event.address;
    else if (event.event === "data") data = event.data;
    else if (event.event === "advertise" && event.type === NON_CONNECTABLE) {
      const isKnown = found.some((each) => each.address === address && each.data === data);
      if (!isKnown) found.push({ address, data, from: event.time });
    }
  }
  return found;
}

/** All beacons' RPI and AEM in hex that keys stand for, and their intervals. */
function derivedFrom(keys: readonly TokenKey[]): Map<string, number> {
  const derived = new Map<string, number>();
  for (const { keyData, rollingStartIntervalNumber, rollingPeriod } of keys) {
    const rpik = hkdf16(nodePrimitives, keyData, RPIK_INFO);
    const aemk = hkdf16(nodePrimitives, keyData, AEMK_INFO);
    for (let i = 0; i < rollingPeriod; i++) {
      const interval = rollingStartIntervalNumber + i;
      const rpi = deriveRpi(nodePrimitives, rpik, interval);
      const metadata = Uint8Array.of(METADATA_VERSION, 0, 0, 0);
      const aem = cryptMetadata(nodePrimitives, aemk, rpi, metadata);
      derived.set(Buffer.concat([rpi, aem]).toString("hex"), interval);
    }
  }
  return derived;
}

// Espruino stops advertising once more when a connection has ended it.
function refusedOf(chip: Chip): unknown[] {
  return chip.events.filter(
    (each) => "result" in each && each.event !== "advertise-stop" && each.result !== SUCCESS,
  );
}

describe.skipIf(NO_CHIP)("what a token has on air", { timeout: PATIENT }, () => {
  test("is one RPI and AEM for each address in 24 hours, made from its keys", async () => {
    chip = await boot("application");
    const token = chip;
    await switchOn(token);
    await step(token, "24 hours of beacons", () => token.run(24 * HOUR));
    const identifiers = identifiersOf(token);
    const { status, keys } = await visit(token, async (client) => {
      const status = { ...(await client.status()), at: token.state.time };
      await client.setState("on", true);
      return { status, keys: await client.readKeys() };
    });

    tell(`24 hours: ${identifiers.length} identifiers, ${keys.length} keys`);
    expect(identifiers.length).toBeGreaterThan(24 * 3);
    expect(identifiers.length).toBeLessThan(24 * 6 + 2);
    expect(new Set(identifiers.map(({ address }) => address)).size).toBe(identifiers.length);
    expect(new Set(identifiers.map(({ data }) => data)).size).toBe(identifiers.length);
    const derived = derivedFrom(keys);
    const setAt = status.time - status.at;
    for (const { address, data, from } of identifiers) {
      expect(Number.parseInt(address.slice(0, 2), 16) >> 6).toBe(3);
      expect(data.slice(0, BEACON.length)).toBe(BEACON);
      expect(data.length).toBe(2 * BEACON_BYTES);
      const interval = derived.get(data.slice(2 * RPI_OFFSET));
      // The clock that the visit tells is of whole seconds.
      expect([intervalAt(setAt + from), intervalAt(setAt + from + 1)]).toContain(interval);
    }
    expect(refusedOf(token)).toEqual([]);
  });

  test("begins within two intervals of the beacon after the window has closed", async () => {
    chip = await boot("application");
    const token = chip;
    await visit(token, async (client) => {
      await client.setClock(() => 1_599_998_400);
      await client.setState("on", false);
    });
    const closed = await windowClosed(token);
    const first = await token.runUntil("advertise", 60_000);
    const delay = (first?.time ?? Infinity) - closed;
    tell(`first beacon ${(delay * 1000).toFixed(0)} ms after the window has closed`);
    expect(first?.type).toBe(NON_CONNECTABLE);
    expect(delay).toBeLessThan(TWO_INTERVALS);
  });
});

describe.skipIf(NO_SOFTDEVICE)("with the real SoftDevice", { timeout: PATIENT }, () => {
  test("an hour of beacons is on air as phones have them", async () => {
    chip = await bootSwitchedOn("radio");
    const token = chip;
    await token.trace(true);
    token.events.splice(0);
    await step(token, "an hour on air", () => token.run(HOUR));
    const sent = token.eventsOf("transmitted");
    const payloads = new Map<string, Set<string>>();
    for (const packet of sent) {
      expect(packet).toMatchObject({ pdu: ADV_NONCONN_IND, random: true, power: 0 });
      expect(packet.data.startsWith(BEACON)).toBe(true);
      expect(packet.data.length).toBe(2 * BEACON_BYTES);
      payloads.set(
        packet.address,
        (payloads.get(packet.address) ?? new Set()).add(packet.data.slice(2 * RPI_OFFSET)),
      );
    }
    expect([...payloads.values()].map(({ size }) => size)).toEqual([...payloads].map(() => 1));
    expect(payloads.size).toBeGreaterThanOrEqual(3);
    expect(new Set([...payloads.values()].flatMap((each) => [...each])).size).toBe(payloads.size);

    // Events of advertising, each on three channels in turn, but for some that a scan or a change has cut short.
    for (const [at, { channel }] of sent.entries()) {
      const before = sent[at - 1]?.channel;
      expect(channel === CHANNELS[0] || channel - 1 === before).toBe(true);
    }
    const whole = sent.filter(({ channel }) => channel === CHANNELS[2]).length;
    expect(whole).toBeGreaterThan((0.999 * sent.length) / CHANNELS.length);
    const events = sent.filter(({ channel }) => channel === CHANNELS[0]);
    const gaps = events
      .slice(1)
      .map(({ time }, at) => 1000 * (time - (events[at] as (typeof events)[0]).time));
    // Longer ones have a scan or a change of identifier in them.
    const paced = gaps.filter((gap) => gap >= SHORTEST_GAP && gap <= LONGEST_GAP);
    tell(
      `an hour on air: ${events.length} events, ${payloads.size} identifiers, ${gaps.length - paced.length} gaps that are no interval`,
    );
    const breaks = token.eventsOf("scan").length + token.eventsOf("advertise").length;
    expect(gaps.length - paced.length).toBeLessThanOrEqual(breaks);
    expect(refusedOf(token)).toEqual([]);
  });

  test("the first packet follows at once when a beacon is started", async () => {
    chip = await bootSwitchedOn("radio");
    await chip.trace(true);
    const begun = await chip.runUntil("advertise", HOUR);
    const sent = await chip.runUntil("transmitted", 1000);
    expect((sent?.time ?? Infinity) - (begun?.time ?? 0)).toBeLessThan(0.28);
  });

  test("what serves desks is accepted, too", async () => {
    chip = await boot("radio");
    await chip.press(3.5);
    await chip.run(1000);
    expect(refusedOf(chip)).toEqual([]);
    expect(chip.eventsOf("power").at(-1)).toMatchObject({ power: 0 });
    expect(chip.eventsOf("advertise").at(-1)).toMatchObject({
      type: CONNECTABLE,
      interval: SYNC_INTERVAL,
    });
    expect(chip.eventsOf("data").at(-1)?.data).toBe(Buffer.from(syncPayload()).toString("hex"));
  });

  test("so are intervals and windows of a token that is on", async () => {
    chip = await bootSwitchedOn("radio");
    await chip.run(HOUR / 4);
    expect(chip.eventsOf("advertise").at(-1)).toMatchObject({ interval: BEACON_INTERVAL });
    const scan = { interval: SCAN_WINDOW, window: SCAN_WINDOW, timeout: 0, result: SUCCESS };
    expect(chip.eventsOf("scan").at(-1)).toMatchObject(scan);
    expect(refusedOf(chip)).toEqual([]);
  });

  test("and all identifiers and addresses that there can be", async () => {
    chip = await boot("radio");
    // Unused, between the variables and the stack.
    const room = chip.elf.addressOf("end") + 4096;
    const bytes = new Uint8Array(BEACON_BYTES);
    for (let first = 0; first < 256; first++) {
      // Any bytes: a multiple of a prime, so that all appear everywhere.
      bytes.set(bytes.map((_, at) => 31 * first + 73 * at));
      bytes.set(Buffer.from(BEACON, "hex"));
      await chip.poke(room, bytes);
      expect(await chip.call(SET_DATA, room, BEACON_BYTES, 0, 0)).toBe(SUCCESS);
      const address = bytes.slice(AEM_OFFSET - 2);
      address[5] = first;
      await chip.poke(room, Uint8Array.of(2, ...address));
      const isStatic = first >> 6 === 3;
      expect([first, (await chip.call(SET_ADDRESS, room)) === SUCCESS]).toEqual([first, isStatic]);
    }
  });
});
