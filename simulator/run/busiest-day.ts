/**
 * Whose day a report shows in detail.
 *
 * @module
 */
import { DAY } from "../scenarios/days.ts";
import type { Truth } from "../scenarios/truth.ts";

/** One person's day, from 0 on. */
export interface PersonDay {
  readonly person: number;
  readonly day: number;
}

/** The day with the most time in contact, or undefined when nobody has any; a contact is of the day on which it begins. */
export function busiestDay({ contacts }: Pick<Truth, "contacts">): PersonDay | undefined {
  const seconds = new Map<string, number>();
  let busiest: PersonDay | undefined;
  let most = 0;
  for (const contact of contacts) {
    const day = Math.floor(contact.from / DAY);
    for (const person of [contact.a, contact.b]) {
      const key = `${person} ${day}`;
      const sum = (seconds.get(key) ?? 0) + contact.seconds;
      seconds.set(key, sum);
      if (sum > most) {
        most = sum;
        busiest = { person, day };
      }
    }
  }
  return busiest;
}
