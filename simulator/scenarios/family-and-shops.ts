/**
 * Streets: families who sleep, eat and spend the evening together, a school, a workshop, and a shop with its staff.
 *
 * @module
 */
import type { Random } from "../random.ts";
import { type DayPlan, type Spot, STILL } from "./day-plan.ts";
import { DAY, HOUR, MINUTE } from "./days.ts";
import { anywhere, diningSize, rowsOfSeats, tableSeats } from "./furniture.ts";
import type { Kind, Unit } from "./generated.ts";
import { ADULTS, furnish, type House } from "./household.ts";
import { openShop, planErrands, type Shop } from "./shopping.ts";

/** Members of the households, which come in this order from any place of it. */
const HOUSEHOLDS = [2, 4, 1, 3, 5, 2, 4, 6] as const;
/** One in so many who work does so in the shop. */
const SHOP_STAFF_EVERY = 8;
/** Adults go to the shop on one day in so many. */
const ERRAND_EVERY = 2.5;
const SITES_OF_A_STREET = 1000;
const CLASS_METRES = 1.6;
/** Hours of the day. */
const MEALS = [
  [7, 7.4],
  [18.75, 19.4],
] as const;
const EVENING = [19.4, 21.5] as const;
const BACK = { school: 14.5, work: 17, shop: 18.5 } as const;
const WAY = 0.3;

/** Streets of about sixty. */
export const STREETS: Kind = { title: "Family and shops", least: 12, usual: 60, build };

interface Inhabitant {
  readonly name: string;
  readonly isAdult: boolean;
  readonly house: House;
  /** Which of the house's spots are theirs. */
  readonly member: number;
  /** Where they go, and their place there; retired people stay at home. */
  readonly occupation: { readonly name: keyof typeof BACK; readonly spot: Spot } | undefined;
}

function build(number: number, persons: number, random: Random): Unit {
  const site = number * SITES_OF_A_STREET;
  const shop = openShop(site);
  const inhabitants = settle(site + 1, shop, persons, random);
  return {
    persons: inhabitants.map(({ name }) => `${name}, street ${number + 1}`),
    plan: (day, plans, ofDay) => {
      const isWorkday = day % 7 < 5;
      const isOpen = day % 7 < 6;
      const errands = [];
      for (const [index, person] of inhabitants.entries()) {
        const plan = plans[index] as DayPlan;
        planHome(plan, person, ofDay);
        const { occupation } = person;
        const isOut = occupation && (occupation.name === "shop" ? isOpen : isWorkday);
        if (isOut) planOccupation(plan, occupation, ofDay);
        const shops = person.isAdult && occupation?.name !== "shop" && isOpen;
        if (!shops || ofDay.uniform() > 1 / ERRAND_EVERY) continue;
        const [opens, closes] = isOut ? [BACK.work + 0.3, 17.7] : [9, 12];
        errands.push({ plan, at: (opens + (closes - opens) * ofDay.uniform()) * HOUR });
      }
      planErrands(shop, errands, ofDay);
    },
  };
}

function planHome(plan: DayPlan, { house, member }: Inhabitant, random: Random): void {
  const bed = house.beds[member] as Spot;
  plan.put(0, DAY, bed);
  const up = (6.5 + 0.4 * random.uniform()) * HOUR;
  const down = (EVENING[1] + 1.5 * random.uniform()) * HOUR;
  for (let time = up; time < down; time += 0.5 * HOUR) {
    const room = random.uniform() < 0.5 ? house.living : bed.room;
    const spot = { ...anywhere(room, random), still: STILL.seated };
    plan.put(time, Math.min(time + 0.5 * HOUR, down), spot);
  }
  for (const [from, to] of MEALS) {
    const late = 6 * MINUTE * random.uniform();
    plan.put(from * HOUR + late, to * HOUR, house.table[member] as Spot);
  }
  if (random.uniform() < 0.7) {
    plan.put(EVENING[0] * HOUR, EVENING[1] * HOUR, house.sofa[member] as Spot);
  }
}

function planOccupation(
  plan: DayPlan,
  { name, spot }: NonNullable<Inhabitant["occupation"]>,
  random: Random,
): void {
  const leaves = 7.5 + 0.4 * random.uniform();
  plan.clear(leaves * HOUR, BACK[name] * HOUR);
  plan.put((leaves + WAY) * HOUR, (BACK[name] - WAY) * HOUR, spot);
}

function settle(site: number, shop: Shop, persons: number, random: Random): Inhabitant[] {
  const side = CLASS_METRES * Math.ceil(Math.sqrt(persons));
  const school = { site, left: 0, top: 0, width: side, depth: side };
  const workshop = { site: site + 1, left: 0, top: 0, ...diningSize(persons) };
  const free = {
    school: rowsOfSeats(school, CLASS_METRES),
    work: tableSeats(workshop),
    shop: [shop.counter],
  };
  const inhabitants: Inhabitant[] = [];
  const first = Math.floor(random.uniform() * HOUSEHOLDS.length);
  let workers = 0;
  for (let household = 0; inhabitants.length < persons; household++) {
    const usual = HOUSEHOLDS[(first + household) % HOUSEHOLDS.length] as number;
    const members = Math.min(usual, persons - inhabitants.length);
    const house = furnish(site + 2 + household, members);
    // Every other household without children.
    const isRetired = members <= ADULTS && household % 2 === 0;
    for (let member = 0; member < members; member++) {
      const isAdult = member < ADULTS;
      const isInShop = isAdult && !isRetired && workers++ % SHOP_STAFF_EVERY === 0;
      const name = isInShop ? "shop" : isAdult ? "work" : "school";
      const spot = free[name].shift() ?? shop.shelves;
      inhabitants.push({
        name: `${isAdult ? "adult" : "child"} ${household + 1}.${member + 1}`,
        isAdult,
        house,
        member,
        occupation: isAdult && isRetired ? undefined : { name, spot },
      });
    }
  }
  return inhabitants;
}
