/**
 * Who is with whom: everybody whom contacts join, directly or through others, is in one place, with one of them as host.
 *
 * @module
 */
import type { Span } from "./trace-contacts.ts";

/** Farther apart than by so many contacts nobody is, in one place. */
const MOST_STEPS = 4;

/** A person who is at somebody's place for a while: at their own, when nobody is with them or they are the host. */
export interface Attendance {
  readonly person: number;
  readonly host: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Where everybody is between `from` and `to`, given who is with whom. A place has one gathering at a time, and a gathering
 * stays where it is while its host does. Costs as much as the gatherings that change have members.
 */
export function attend(
  spans: readonly Span[],
  persons: number,
  from: number,
  to: number,
): Attendance[] {
  const company = Array.from({ length: persons }, () => new Set<number>());
  const hosts = Int32Array.from({ length: persons }, (_, person) => person);
  const since = new Float64Array(persons).fill(from);
  const attendances: Attendance[] = [];

  function close(person: number, until: number): void {
    const begin = since[person] as number;
    const host = hosts[person] as number;
    if (begin < until) attendances.push({ person, host, from: begin, to: until });
    since[person] = until;
  }

  function settle(members: readonly number[], time: number): void {
    const host = hostOf(members, hosts);
    for (const member of members) {
      if (hosts[member] === host) continue;
      close(member, time);
      hosts[member] = host;
    }
  }

  const changes = changesOf(spans, from, to);
  for (let index = 0; index < changes.length; ) {
    const { time } = changes[index] as Change;
    const touched: number[] = [];
    for (; changes[index]?.time === time; index++) {
      const { a, b, begins } = changes[index] as Change;
      const [ofA, ofB] = [company[a] as Set<number>, company[b] as Set<number>];
      if (begins) {
        ofA.add(b);
        ofB.add(a);
      } else {
        ofA.delete(b);
        ofB.delete(a);
      }
      touched.push(a, b);
    }
    const settled = new Set<number>();
    for (const person of touched) {
      if (!settled.has(person)) settle(membersWith(person, company, settled), time);
    }
  }
  for (let person = 0; person < persons; person++) close(person, to);
  return attendances;
}

/**
 * Over how many contacts one person of a gathering is joined to another at a time: 1 when they are in contact themselves. Those
 * who are joined no more, as when a gathering breaks up, are as far apart as any in it.
 *
 * @param ofPerson - contacts of each person
 */
export function stepsBetween(
  one: number,
  other: number,
  time: number,
  ofPerson: readonly (readonly Span[])[],
): number {
  const seen = new Set([one]);
  let reached = [one];
  for (let steps = 1; reached.length > 0 && steps < MOST_STEPS; steps++) {
    const next: number[] = [];
    for (const person of reached) {
      for (const { a, b, from, to } of ofPerson[person] ?? []) {
        if (from > time || to <= time) continue;
        const neighbour = a === person ? b : a;
        if (neighbour === other) return steps;
        if (seen.has(neighbour)) continue;
        seen.add(neighbour);
        next.push(neighbour);
      }
    }
    reached = next;
  }
  return MOST_STEPS;
}

interface Change {
  readonly time: number;
  readonly a: number;
  readonly b: number;
  readonly begins: boolean;
}

// What ends comes before what begins at the same time.
function changesOf(spans: readonly Span[], from: number, to: number): Change[] {
  return spans
    .flatMap(({ a, b, from: begin, to: end }) => [
      { time: Math.max(begin, from), a, b, begins: true },
      { time: Math.min(end, to), a, b, begins: false },
    ])
    .sort((one, other) => one.time - other.time || Number(one.begins) - Number(other.begins));
}

function membersWith(
  person: number,
  company: readonly ReadonlySet<number>[],
  settled: Set<number>,
): number[] {
  const members = [person];
  settled.add(person);
  for (const member of members) {
    for (const other of company[member] as ReadonlySet<number>) {
      if (settled.has(other)) continue;
      settled.add(other);
      members.push(other);
    }
  }
  return members;
}

// The host with most of the members already there, who must be one of them; else the member with the smallest index.
function hostOf(members: readonly number[], hosts: Int32Array): number {
  const guests = new Map<number, number>();
  for (const member of members) {
    const host = hosts[member] as number;
    guests.set(host, (guests.get(host) ?? 0) + 1);
  }
  let best = Math.min(...members);
  let most = 0;
  for (const member of [...members].sort((one, other) => one - other)) {
    const count = hosts[member] === member ? (guests.get(member) as number) : 0;
    if (count > most) [best, most] = [member, count];
  }
  return best;
}
