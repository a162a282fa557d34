/**
 * @module
 */
import type { Findings } from "../../../simulator/findings/findings.ts";
import type { Random } from "../../../simulator/random.ts";
import type { TokenEvent } from "../../../simulator/run/outcome.ts";

const DAY = 86_400;
const HOUR = 3_600;
/** The day that is told. */
const INDEX = 3;
const START = INDEX * DAY;

/** A token's day at an office. */
export function sampleDay(random: Random): NonNullable<Findings["timeline"]> {
  const contacts = Array.from({ length: 14 }, (_, index) => {
    const from = START + (8.5 + 9 * random.uniform()) * HOUR;
    return { other: 2 + 4 * (index % 9), from, to: from + (2 + 40 * random.uniform()) * 60 };
  });
  const isNear = (time: number): boolean =>
    contacts.some(({ from, to }) => from <= time && time < to);
  const events: TokenEvent[] = [];
  for (let time = 0; time < DAY; time += 130 + 40 * random.uniform()) {
    const from = START + time;
    const atWork = time > 8.4 * HOUR && time < 18 * HOUR;
    const beacons = atWork ? Math.floor(8 * random.uniform()) : 0;
    const strongest = Math.round((isNear(from) ? -58 : -82) + 6 * random.normal());
    events.push({
      what: "scan",
      from,
      to: from + 0.6,
      beacons,
      strongest: beacons ? strongest : 0,
    });
    if (beacons > 4) events.push({ what: "flash", from: from + 1, to: from + 1 });
  }
  for (let time = 0; time < DAY; time += (10 + 10 * random.uniform()) * 60) {
    events.push({ what: "rotation", from: START + time, to: START + time });
  }
  for (const hour of [9.1, 12.6, 17.9]) {
    events.push({ what: "light", from: START + hour * HOUR, to: START + hour * HOUR + 0.4 });
  }
  return { person: 1, day: INDEX, events, contacts };
}
