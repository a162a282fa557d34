/**
 * Worlds that are made up: everybody's day is planned, and who is near whom follows from it.
 *
 * @module
 */
import { Failure } from "../../companion/failure.ts";
import { createRandom, type Random } from "../random.ts";
import { DayPlan } from "./day-plan.ts";
import { DAY, requireDays, START } from "./days.ts";
import type { Episode, Scenario } from "./scenario.ts";
import { eachMeeting, episodeOf, inOrder, type Stay } from "./stays.ts";

/** What a made-up world is asked for. */
export interface WorldOptions {
  /** Everybody, staff included. */
  readonly persons: number;
  /** 1 to 14. */
  readonly days: number;
  readonly seed: string;
}

/** A part of a world that nobody leaves: a ward, a clinic, a street. */
export interface Unit {
  /** Names of those who belong to it. */
  readonly persons: readonly string[];
  /** Plans day `day` (0 is a Monday) of each person; `plans` has their empty days in the order of `persons`. */
  plan(day: number, plans: readonly DayPlan[], random: Random): void;
}

/** How a kind of world is put together. */
export interface Kind {
  readonly title: string;
  /** A world has at least so many persons. */
  readonly least: number;
  /** A unit has about so many. */
  readonly usual: number;
  /** Makes unit `number` for so many persons; sites of different units must be different. */
  build(number: number, persons: number, random: Random): Unit;
}

/** Makes a world of this kind. @throws Failure `world-too-small` or `days-out-of-range` */
export function generate(kind: Kind, options: WorldOptions): Scenario {
  const { persons, seed } = options;
  const days = requireDays(options.days);
  if (!Number.isInteger(persons) || persons < kind.least) {
    throw new Failure(
      "world-too-small",
      `The world "${kind.title}" needs ${kind.least} persons or more, not ${persons}; give such a number.`,
    );
  }
  const random = createRandom(`${kind.title} ${seed}`);
  const count = Math.max(1, Math.round(persons / kind.usual));
  const units = Array.from({ length: count }, (_, number) => {
    // As even as it goes.
    const size =
      Math.floor(((number + 1) * persons) / count) - Math.floor((number * persons) / count);
    return kind.build(number, size, random.fork(`unit ${number}`));
  });
  return {
    title: `${kind.title}, ${persons} persons`,
    persons: units.flatMap((unit) => unit.persons),
    days,
    start: START,
    day: (index) => episodesOf(staysOfDay(units, index, random.fork(`day ${index}`))),
  };
}

/** Names for so many persons of one kind in unit `number`. */
export function namesOf(kind: string, number: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${kind} ${number + 1}.${index + 1}`);
}

/** Where everybody is on a day, by index over all units. */
export function staysOfDay(units: readonly Unit[], day: number, random: Random): Stay[] {
  const stays: Stay[] = [];
  let first = 0;
  for (const unit of units) {
    const plans = unit.persons.map(() => new DayPlan());
    unit.plan(day, plans, random);
    for (const [index, plan] of plans.entries()) {
      for (const stay of plan.stays(first + index, day * DAY, random)) stays.push(stay);
    }
    first += unit.persons.length;
  }
  return stays;
}

function episodesOf(stays: readonly Stay[]): Episode[] {
  const episodes: Episode[] = [];
  eachMeeting(stays, (meeting) => episodes.push(episodeOf(meeting)));
  return inOrder(episodes);
}
