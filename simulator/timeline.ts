/**
 * Virtual time: events in order, no waiting.
 *
 * @module
 */

/** Something that will happen. */
export interface Event {
  /** When, in milliseconds of Unix time. */
  readonly at: number;
  /** Order among events of the same moment. */
  readonly order: number;
  /** What; undefined once cancelled. */
  action: (() => void) | undefined;
}

/** Events by time, and the clock that they move. */
export class Timeline {
  #now: number;
  #order = 0;
  // A binary heap: the earliest event is first.
  readonly #heap: Event[] = [];

  /** @param start - milliseconds of Unix time */
  constructor(start: number) {
    this.#now = start;
  }

  /** The present in milliseconds of Unix time. */
  get now(): number {
    return this.#now;
  }

  /** Lets `action` happen after `delay` milliseconds (at once when negative). */
  after(delay: number, action: () => void): Event {
    const event: Event = { at: this.#now + Math.max(0, delay), order: this.#order++, action };
    this.#push(event);
    return event;
  }

  /** Keeps an event from happening; does nothing when it has happened. */
  cancel(event: Event): void {
    event.action = undefined;
  }

  /** Lets the next event happen; false when there is none up to `limit`. */
  step(limit = Number.POSITIVE_INFINITY): boolean {
    for (;;) {
      const event = this.#heap[0];
      if (!event || event.at > limit) return false;
      this.#pop();
      const { action } = event;
      if (!action) continue;
      event.action = undefined;
      this.#now = event.at;
      action();
      return true;
    }
  }

  /** Lets all events up to `time` happen, and moves the clock there. */
  runUntil(time: number): void {
    while (this.step(time));
    this.#now = Math.max(this.#now, time);
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as Event;
      if (!before(event, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as Event;
    const size = heap.length;
    if (size === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && before(heap[child + 1] as Event, heap[child] as Event)) child++;
      const below = heap[child] as Event;
      if (!before(below, last)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = last;
  }
}

function before(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
