import { expect, test } from "vitest";
import type { EspruinoDevice } from "../../../simulator/espruino/device.ts";
import { buildFindings } from "../../../simulator/findings/build-findings.ts";
import { concludeSightings, sightingsOf } from "../../../simulator/findings/conclude.ts";
import { concludeContacts } from "../../../simulator/findings/concluded-contact.ts";
import { exposureMinutes } from "../../../simulator/findings/kept.ts";
import type { TokenOutcome } from "../../../simulator/run/outcome.ts";
import type { Scenario } from "../../../simulator/scenarios/scenario.ts";
import { clearAir, type Heard } from "../../support/clear-air.ts";
import { DAY, HOUR, MINUTE, MORNING, Rig } from "../../support/rig.ts";
import { contact, truthOf } from "./hand-made.ts";
import { writtenToken } from "./written-token.ts";

const START = MORNING - (MORNING % DAY);
const END = (START + DAY) / 600;
/** Tokens send at 0 dBm: what is lost over 1 m, and over 8 m with a wall between. */
const NEAR = 58;
const FAR = 88;
/** Between the two. */
const LIMIT = 70;
const NAMES = ["A", "B", "C"];

// What a desk reads of a token whose wearer has consented.
async function visited(
  rig: Rig,
  person: number,
  device: Parameters<Rig["atDesk"]>[0],
): Promise<TokenOutcome> {
  return rig.atDesk(device, async (client) => {
    await client.setState("on", true);
    const keys = await client.readKeys();
    await client.setState("on", false);
    const { logFull } = await client.status();
    const log = await client.readLog();
    return {
      person,
      log,
      wasFull: logFull,
      keys: keys.map(({ keyData, rollingStartIntervalNumber, rollingPeriod }) => ({
        key: keyData,
        rollingStart: rollingStartIntervalNumber,
        rollingPeriod,
      })),
      energy: writtenToken(0, []).energy,
      seconds: DAY,
      fill: [log.length / 12],
      heardMinutes: exposureMinutes(log, START, 1),
    };
  });
}

test("of three tokens two were together for twenty minutes, and desks conclude just that", async () => {
  const rig = new Rig("findings");
  const devices: EspruinoDevice[] = [];
  for (const name of NAMES) devices.push(await rig.wornToken(name));
  rig.world.run(HOUR);
  const from = (rig.world.now - START) / MINUTE;
  let isMeeting = true;
  const [a, b, c] = devices as [EspruinoDevice, EspruinoDevice, EspruinoDevice];
  for (const [device, near, far] of [
    [a, [b], [c]],
    [b, [a], [c]],
    [c, [], [a, b]],
  ] as const) {
    const heard: Heard[] = [
      ...near.map((other): Heard => [other, -NEAR]),
      ...far.map((other): Heard => [other, -FAR]),
    ];
    clearAir(rig, device, () => (isMeeting ? heard : []));
  }
  rig.world.run(20 * MINUTE);
  isMeeting = false;
  rig.world.run(HOUR);
  const tokens: TokenOutcome[] = [];
  for (const [person, device] of devices.entries()) tokens.push(await visited(rig, person, device));

  const sightings = await concludeSightings(tokens, END);
  const concluded = (wearer: number, other: number) =>
    concludeContacts(sightingsOf(sightings, wearer, other), LIMIT, START);
  for (const [wearer, other] of [
    [0, 1],
    [1, 0],
  ] as const) {
    const [only, ...more] = concluded(wearer, other);
    expect(more).toEqual([]);
    expect(Math.abs(only!.minutes - 20)).toBeLessThanOrEqual(5);
    expect(only!.from).toBeGreaterThanOrEqual((from - 10) * MINUTE);
    expect(only!.to).toBeLessThanOrEqual((from + 30) * MINUTE);
  }
  // C was heard, from too far away.
  expect(sightingsOf(sightings, 2, 0)).not.toEqual([]);
  for (const other of [0, 1]) {
    expect(concluded(2, other)).toEqual([]);
    expect(concluded(other, 2)).toEqual([]);
  }

  const together = contact(from, from + 20);
  const scenario: Scenario = {
    title: "Two together",
    persons: NAMES,
    days: 1,
    start: START,
    day: () => [{ ...together, metres: 1, offA: 0, offB: 0, walls: 0 }],
  };
  const findings = await buildFindings({
    runs: [{ scenario, outcome: { seed: "1", days: 1, tokens } }],
    seedsAsked: 1,
    board: "puckjs",
    bundleBytes: 14_008,
    thresholdDecibels: LIMIT,
    slots: 1360,
    cell: { name: "CR2032", capacity: 225, days: (draw: number) => 225 / draw },
    workers: 1,
    wallSeconds: 1,
    truthOf: () => truthOf([together]),
  });
  expect(findings.recognition[0]).toMatchObject({
    contacts: 2,
    recall: { mean: 1 },
    precision: { mean: 1 },
  });
  // Each is signalled of the other, and nobody of C, who was far away.
  expect(findings.riskDays).toMatchObject({
    exposed: 2,
    shown: 2,
    recall: { mean: 1 },
    precision: { mean: 1 },
  });
  expect(findings.kept.mean).toBe(1);
  expect(findings.attenuation.map(({ metres }) => metres)).toEqual([1.25]);
});
