/**
 * A trace's slots, put together to contacts.
 *
 * @module
 */
import { type ContactTrace, SLOT_SECONDS } from "./contact-trace.ts";

/** Two persons who are together; times in seconds since the trace's first midnight. */
export interface Span {
  /** Indices of persons; `a` is the smaller one. */
  readonly a: number;
  readonly b: number;
  readonly from: number;
  readonly to: number;
  /** When they faced each other: `from, to, from, to, ...` in order, with pauses between. */
  readonly facing: readonly number[];
}

/**
 * What each pair has, in order of pair and time: slots of which one begins no more than `pause` seconds after the one
 * before has ended are one span. A line that comes twice counts once.
 */
export function spansOf(trace: ContactTrace, pause: number): Span[] {
  const persons = trace.persons.length;
  const range = trace.from.reduce((most, from) => Math.max(most, from), 0) + 1;
  // One number for pair and time, so that they are sorted without objects; exact far beyond what a sensor study has.
  const keys = trace.from.map((from, line) => {
    const i = trace.i[line] as number;
    const j = trace.j[line] as number;
    return (Math.min(i, j) * persons + Math.max(i, j)) * range + from;
  });
  keys.sort();

  const spans: Span[] = [];
  let pair = -1;
  let facing: number[] = [];
  const close = (): void => {
    if (facing.length === 0) return;
    const [from, to] = [facing[0] as number, facing.at(-1) as number];
    spans.push({ a: Math.floor(pair / persons), b: pair % persons, from, to, facing });
  };
  for (const key of keys) {
    const nextPair = Math.floor(key / range);
    const from = key % range;
    const end = facing.at(-1) as number;
    if (nextPair !== pair || from > end + pause) {
      close();
      pair = nextPair;
      facing = [from, from + SLOT_SECONDS];
    } else if (from > end) {
      facing.push(from, from + SLOT_SECONDS);
    } else {
      facing[facing.length - 1] = from + SLOT_SECONDS;
    }
  }
  close();
  return spans;
}
