/**
 * Face-to-face contact traces in the form of SocioPatterns: lines of `t i j`, persons i and j facing each
 * other during the 20 seconds before t. Further columns are left alone.
 *
 * @module
 */

/** Length of a slot of a trace in seconds. */
const SLOT_SECONDS = 20;
const DAY_SECONDS = 86_400;

/** A trace, repeated for ever. */
export interface ContactTrace {
  readonly persons: readonly string[];
  /** How many contacts of 20 seconds the file has. */
  readonly contacts: number;
  /** Days after which it starts anew. */
  readonly days: number;
  /** Who faces `person` at a time in seconds from the trace's first midnight. */
  facing(person: string, seconds: number): readonly string[];
}

/** Reads a trace. @throws Error that names the first line that is not one */
export function parseTrace(text: string): ContactTrace {
  const slots = new Map<number, Map<string, string[]>>();
  const persons = new Set<string>();
  let contacts = 0;
  let last = 0;
  text.split("\n").forEach((line, index) => {
    if (line.trim() === "") return;
    const [, time, i, j] = /^\s*(\d+)\s+(\S+)\s+(\S+)/.exec(line) ?? [];
    if (!time || !i || !j)
      throw new Error(`Line ${index + 1} is not "t i j": ${line.slice(0, 40)}`);
    const slot = Math.floor(Number(time) / SLOT_SECONDS);
    const pairs = slots.get(slot) ?? new Map<string, string[]>();
    slots.set(slot, pairs);
    pairs.set(i, [...(pairs.get(i) ?? []), j]);
    pairs.set(j, [...(pairs.get(j) ?? []), i]);
    persons.add(i).add(j);
    contacts++;
    last = Math.max(last, Number(time));
  });
  const days = Math.ceil(last / DAY_SECONDS);
  return {
    persons: [...persons],
    contacts,
    days,
    facing: (person, seconds) => {
      const slot = Math.ceil((seconds % (days * DAY_SECONDS)) / SLOT_SECONDS);
      return slots.get(slot)?.get(person) ?? [];
    },
  };
}

/** A trace in which everyone meets, besides their own contacts, those of the `others` next persons. */
export function crowded(trace: ContactTrace, others: number): ContactTrace {
  const { persons } = trace;
  return {
    ...trace,
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
