/**
 * Errands to a shop: looking around, waiting in the queue, and paying.
 *
 * @module
 */
import type { Random } from "../random.ts";
import type { Room } from "./building.ts";
import { type DayPlan, type Spot, STILL } from "./day-plan.ts";
import { MINUTE } from "./days.ts";
import { anywhere, at } from "./furniture.ts";

const ROOM = { width: 14, depth: 9 };
const WAY_SECONDS = 8 * MINUTE;
/** From the cashier to who pays, and from there to the next ones of the queue, in metres. */
const COUNTER_METRES = 1;
const QUEUE_METRES = 1.1;

/** A shop with one counter. */
export interface Shop {
  readonly room: Room;
  /** Where the cashier stands. */
  readonly counter: Spot;
  /** Where others of its staff work. */
  readonly shelves: Spot;
}

/** Somebody who goes to the shop, at a time in seconds since midnight. */
export interface Errand {
  readonly plan: DayPlan;
  readonly at: number;
}

/** A shop on a site of its own. */
export function openShop(site: number): Shop {
  const room = { site, left: 0, top: 0, ...ROOM };
  return { room, counter: at(room, 1, 1, 0), shelves: at(room, 8, 6) };
}

/** Plans the errands of a day, all ways included. */
export function planErrands(shop: Shop, errands: readonly Errand[], random: Random): void {
  const looking = errands.map(({ plan, at: begin }) => {
    const end = begin + (6 + 14 * random.uniform()) * MINUTE;
    plan.clear(begin - WAY_SECONDS, begin);
    for (let time = begin; time < end; time += 3 * MINUTE) {
      plan.put(time, Math.min(end, time + 3 * MINUTE), anywhere(shop.room, random));
    }
    return { plan, end };
  });
  // When each of those who came to the counter before had paid.
  const paid: number[] = [];
  for (const { plan, end } of looking.sort((one, other) => one.end - other.end)) {
    const turn = Math.max(end, paid.at(-1) ?? 0);
    const left = Math.round(turn + (0.7 + 1.5 * random.uniform()) * MINUTE);
    const ahead = paid.filter((time) => time > end);
    let time = end;
    for (const [index, next] of [...ahead, left].entries()) {
      plan.put(time, next, queue(shop, ahead.length - index));
      time = next;
    }
    paid.push(left);
    plan.clear(left, left + WAY_SECONDS);
  }
}

function queue({ counter }: Shop, ahead: number): Spot {
  const x = counter.x + COUNTER_METRES + QUEUE_METRES * ahead;
  return { ...counter, x, heading: 180, still: STILL.standing };
}
