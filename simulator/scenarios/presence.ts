/**
 * When the persons of a trace are in its building.
 *
 * @module
 */
import type { Random } from "../random.ts";
import { HOUR, MINUTE } from "./days.ts";
import type { Span } from "./trace-contacts.ts";

/**
 * Who has no contact for longer has gone home; shifts have at least eleven hours between them (Directive 2003/88/EC,
 * article 3), and hardly anybody is alone for so long while at work.
 */
const GONE_SECONDS = 8 * HOUR;
/** Nobody comes and goes with a contact: they are there up to so much longer before and after. */
const LEAST_MARGIN = 2 * MINUTE;
const MOST_MARGIN = 15 * MINUTE;

/** A time during which a person is there, in seconds since the trace's first midnight. */
export interface Presence {
  readonly person: number;
  readonly from: number;
  readonly to: number;
}

/** From each person's first contact to the last before a long pause, and some minutes more, which `random` draws. */
export function presencesOf(
  contacts: readonly Span[],
  persons: number,
  random: Random,
): Presence[] {
  const times = Array.from({ length: persons }, () => [] as Span[]);
  for (const contact of contacts) {
    times[contact.a]?.push(contact);
    times[contact.b]?.push(contact);
  }
  const margin = (): number =>
    Math.round(LEAST_MARGIN + (MOST_MARGIN - LEAST_MARGIN) * random.uniform());
  return times.flatMap((own, person) => {
    const presences: Presence[] = [];
    let from = 0;
    let to = Number.NEGATIVE_INFINITY;
    const close = (): void => {
      if (to >= 0) presences.push({ person, from: from - margin(), to: to + margin() });
    };
    for (const contact of own.sort((one, other) => one.from - other.from)) {
      if (contact.from > to + GONE_SECONDS) {
        close();
        from = contact.from;
      }
      to = Math.max(to, contact.to);
    }
    close();
    return presences;
  });
}
