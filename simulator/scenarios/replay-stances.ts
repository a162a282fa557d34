/**
 * What a trace leaves open about two persons who are together: how far apart they are, and how they are turned.
 *
 * @module
 */
import type { Random } from "../random.ts";
import type { Stance } from "./building.ts";
import { MINUTE } from "./days.ts";
import { LEAST_APART_METRES } from "./replay-rooms.ts";
import type { Episode } from "./scenario.ts";
import type { Span } from "./trace-contacts.ts";

/**
 * The sensors exchange packets of low power, which the body stops, when two persons face each other within 1 to 1.5 m
 * (C. Cattuto et al., Dynamics of Person-to-Person Interactions from Distributed RFID Sensor Networks, PLoS ONE 5(7),
 * 2010, e11596). A contact has a distance of its own in this range, in metres, and varies about it.
 */
const NEAREST_METRES = 0.5;
const FARTHEST_METRES = 1.5;
const SWAY_METRES = 0.1;
/** How much of the last deviation is left in the next one. */
const INERTIA = 0.7;
const LEAST_STILL = MINUTE;
const MOST_STILL = 3 * MINUTE;
/** Facing: so many degrees off at most, half as many usually. */
const FACING_DEGREES = 30;
/** Outside of a sensor's view: turned by at least so many degrees. */
const ASIDE_DEGREES = 60;
/** In a pause two who are together still look at the same things: one is turned aside by so many at most, the other by fewer. */
const MOST_ASIDE = 120;
const SIDEWAYS = 90;
/** Those who are not together may have turned their backs. */
const BEHIND = 180;
const MOST_APART_METRES = 3.5;
const STEP_METRES = 1;

/** The episodes of a contact between two times; in its pauses the pair stays where it is and has turned aside. */
export function drawContact(contact: Span, from: number, to: number, random: Random): Episode[] {
  const { a, b, facing } = contact;
  const usual = NEAREST_METRES + (FARTHEST_METRES - NEAREST_METRES) * random.uniform();
  let sway = 0;
  const episodes: Episode[] = [];
  const add = (begin: number, end: number, stance: Stance): void => {
    const [first, last] = [Math.max(begin, from), Math.min(end, to)];
    if (first < last) episodes.push({ a, b, from: first, to: last, ...stance });
  };
  for (let index = 0; index < facing.length; index += 2) {
    const end = facing[index + 1] as number;
    for (let time = facing[index] as number; time < end; ) {
      const next = Math.min(end, time + still(random));
      sway = INERTIA * sway + SWAY_METRES * random.normal();
      const metres = Math.min(FARTHEST_METRES, Math.max(NEAREST_METRES, usual + sway));
      add(time, next, { metres, offA: facingBy(random), offB: facingBy(random), walls: 0 });
      time = next;
    }
    const resumed = facing[index + 2];
    if (resumed !== undefined)
      add(end, resumed, { ...turned(MOST_ASIDE, SIDEWAYS, random), metres: usual, walls: 0 });
  }
  return episodes;
}

/**
 * Two who are in one gathering, but not in contact: farther apart, and at least one of them turned away.
 *
 * @param steps - over how many contacts they are joined, 2 or more: each beyond the second takes them farther apart
 */
export function drawApart(
  a: number,
  b: number,
  from: number,
  to: number,
  steps: number,
  random: Random,
): Episode[] {
  const episodes: Episode[] = [];
  const farther = STEP_METRES * (steps - 2);
  for (let begin = from; begin < to; ) {
    const end = Math.min(to, begin + still(random));
    const metres =
      farther + LEAST_APART_METRES + (MOST_APART_METRES - LEAST_APART_METRES) * random.uniform();
    episodes.push({
      a,
      b,
      from: begin,
      to: end,
      ...turned(BEHIND, BEHIND, random),
      metres,
      walls: 0,
    });
    begin = end;
  }
  return episodes;
}

function still(random: Random): number {
  return Math.round(LEAST_STILL + (MOST_STILL - LEAST_STILL) * random.uniform());
}

function facingBy(random: Random): number {
  return Math.min(FACING_DEGREES, Math.round(Math.abs((FACING_DEGREES / 2) * random.normal())));
}

// One of the two is turned from `ASIDE_DEGREES` up to `most`, the other by up to `other`.
function turned(most: number, other: number, random: Random): Pick<Stance, "offA" | "offB"> {
  const off = Math.round(ASIDE_DEGREES + (most - ASIDE_DEGREES) * random.uniform());
  const less = Math.round(other * random.uniform());
  return random.uniform() < 0.5 ? { offA: off, offB: less } : { offA: less, offB: off };
}
