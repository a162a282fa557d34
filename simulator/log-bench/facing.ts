import { type ContactTrace, SLOT_SECONDS } from "../scenarios/contact-trace.ts";

const DAY_SECONDS = 86_400;

/** A trace, repeated for ever. */
export interface Facing {
  readonly persons: readonly string[];
  /** Who faces `person` at a time in seconds from the trace's first midnight. */
  facing(person: string, seconds: number): readonly string[];
}

/** Looks up who faces whom in a trace. */
export function facingIn(trace: ContactTrace): Facing {
  const { persons, days } = trace;
  const slots = new Map<number, Map<string, string[]>>();
  for (const [line, from] of trace.from.entries()) {
    const slot = Math.floor(from / SLOT_SECONDS) + 1;
    const pairs = slots.get(slot) ?? new Map<string, string[]>();
    slots.set(slot, pairs);
    const i = persons[trace.i[line] as number] as string;
    const j = persons[trace.j[line] as number] as string;
    pairs.set(i, [...(pairs.get(i) ?? []), j]);
    pairs.set(j, [...(pairs.get(j) ?? []), i]);
  }
  return {
    persons,
    facing: (person, seconds) => {
      const slot = Math.ceil((seconds % (days * DAY_SECONDS)) / SLOT_SECONDS);
      return slots.get(slot)?.get(person) ?? [];
    },
  };
}

/** A trace in which everyone meets, besides their own contacts, those of the `others` next persons. */
export function crowded(trace: Facing, others: number): Facing {
  const { persons } = trace;
  return {
    persons,
    facing: (person, seconds) => {
      const from = persons.indexOf(person);
      const met = new Set<string>();
      for (let i = 0; i <= others; i++) {
        const each = persons[(from + i) % persons.length] as string;
        for (const other of trace.facing(each, seconds)) met.add(other);
      }
      met.delete(person);
      return [...met];
    },
  };
}
