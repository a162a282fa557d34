/**
 * A care home: wards with residents in rooms of one or two beds, meals at tables of four, a day room, and staff in three
 * shifts, as in the geriatric ward of P. Vanhems et al., PLoS ONE 8(9), 2013, e73970 (7:00, 13:30 and 20:00).
 *
 * @module
 */
import type { Random } from "../random.ts";
import { type DayPlan, type Spot, STILL } from "./day-plan.ts";
import { DAY, HOUR, MINUTE } from "./days.ts";
import {
  alongCorridor,
  anywhere,
  at,
  diningSize,
  facing,
  rowsOfSeats,
  standingBeside,
  tableSeats,
  takeSeat,
} from "./furniture.ts";
import { type Kind, namesOf, type Unit } from "./generated.ts";
import { type Shift, shiftOf } from "./shifts.ts";

/** One of three persons is staff. */
const STAFF_SHARE = 1 / 3;
/** Every third room has one bed only. */
const SINGLE_EVERY = 3;
const BEDS_METRES = 2.5;
const ARMCHAIRS_METRES = 1.6;
const CARE_METRES = 0.8;
const MEALS = [8.25, 12, 17.5].map((hour) => hour * HOUR);
const MEAL_SECONDS = 45 * MINUTE;
/** The day room is open in the morning and in the afternoon; half of the residents go there. */
const DAY_ROOM = [
  [10 * HOUR, 11.5 * HOUR],
  [14.5 * HOUR, 16.5 * HOUR],
] as const;
/** When a round of care visits starts, which shift makes it, and how long it takes for a resident at most. */
const ROUNDS: readonly { at: number; shift: Shift; longest: number }[] = [
  { at: 7.25 * HOUR, shift: "early", longest: 15 * MINUTE },
  { at: 9.2 * HOUR, shift: "early", longest: 6 * MINUTE },
  { at: 16.5 * HOUR, shift: "late", longest: 6 * MINUTE },
  { at: 18.4 * HOUR, shift: "late", longest: 12 * MINUTE },
  { at: 22 * HOUR, shift: "night", longest: 4 * MINUTE },
  { at: 2 * HOUR, shift: "night", longest: 2 * MINUTE },
  { at: 5 * HOUR, shift: "night", longest: 4 * MINUTE },
];

/** Wards of about thirty. */
export const CARE_HOME: Kind = { title: "Care home", least: 12, usual: 30, build };

function build(number: number, persons: number): Unit {
  const staff = Math.round(persons * STAFF_SHARE);
  const residents = persons - staff;
  const beds = bedsFor(residents);
  const [dining, dayRoom, office, ...rooms] = alongCorridor(number, [
    diningSize(residents),
    { width: 8, depth: 6 },
    diningSize(staff),
    ...beds.map(() => ({ width: 4, depth: 5 })),
  ]);
  const bedOf = beds.flatMap((count, index) =>
    Array.from({ length: count }, (_, bed) => {
      const room = rooms[index] as Spot["room"];
      return { ...at(room, 0.75 + bed * BEDS_METRES, 2), still: STILL.asleep };
    }),
  );
  const seats = tableSeats(dining);
  const armchairs = rowsOfSeats(dayRoom, ARMCHAIRS_METRES);
  const breakSeats = tableSeats(office);

  return {
    persons: [...namesOf("resident", number, residents), ...namesOf("carer", number, staff)],
    plan: (day, plans, random) => {
      const ofResidents = plans.slice(0, residents);
      for (const [index, plan] of ofResidents.entries()) {
        planResident(plan, bedOf[index] as Spot, seats[index] as Spot, random);
      }
      for (const [from, to] of DAY_ROOM) fillDayRoom(ofResidents, armchairs, from, to, random);
      const onDuty: Record<Shift, DayPlan[]> = { early: [], late: [], night: [] };
      for (const [index, plan] of plans.slice(residents).entries()) {
        const chair = breakSeats[index] as Spot;
        // The night that began yesterday ends this morning.
        const shift = shiftOf(index, staff, day);
        const nightBefore = shiftOf(index, staff, day - 1) === "night";
        const station = () => (random.uniform() < 0.5 ? chair : anywhere(dayRoom, random));
        if (nightBefore) planDuty(plan, -4 * HOUR, 7.25 * HOUR, chair, station);
        if (shift === "early") planDuty(plan, 7 * HOUR, 13.75 * HOUR, chair, station);
        if (shift === "late") planDuty(plan, 13.5 * HOUR, 20.25 * HOUR, chair, station);
        if (shift === "night") planDuty(plan, 20 * HOUR, 31.25 * HOUR, chair, station);
        if (shift) onDuty[shift].push(plan);
        if (nightBefore) onDuty.night.push(plan);
      }
      helpAtMeals([...onDuty.early, ...onDuty.late], seats, random);
      for (const round of ROUNDS) {
        const carers = onDuty[round.shift].filter((plan) => plan.spotAt(round.at));
        makeRound(round.at, round.longest, carers, ofResidents, bedOf, random);
      }
    },
  };
}

function bedsFor(residents: number): number[] {
  const beds: number[] = [];
  for (let left = residents; left > 0; left -= beds.at(-1) as number) {
    beds.push(beds.length % SINGLE_EVERY === 0 ? 1 : Math.min(2, left));
  }
  return beds;
}

function planResident(plan: DayPlan, bed: Spot, seat: Spot, random: Random): void {
  const { room, x, y } = bed;
  plan.put(0, DAY, bed);
  // By day they sit beside their bed.
  const up = (7 + random.uniform()) * HOUR;
  const chair = at(room, x - room.left, y - room.top + 1.5);
  plan.put(up, (20 + 1.5 * random.uniform()) * HOUR, chair);
  for (const meal of MEALS) {
    const late = 10 * MINUTE * random.uniform();
    plan.put(meal + late, meal + late + MEAL_SECONDS * (0.7 + 0.3 * random.uniform()), seat);
  }
}

function fillDayRoom(
  residents: readonly DayPlan[],
  armchairs: readonly Spot[],
  from: number,
  to: number,
  random: Random,
): void {
  const free = [...armchairs];
  for (const plan of residents) {
    if (random.uniform() < 0.5 || free.length === 0) continue;
    const chair = takeSeat(free, random);
    const begin = from + 20 * MINUTE * random.uniform();
    plan.put(begin, to - 30 * MINUTE * random.uniform(), chair);
  }
}

// Between their tasks they are about; the shifts hand over at one table, and there is a break.
function planDuty(plan: DayPlan, from: number, to: number, chair: Spot, station: () => Spot): void {
  for (let time = from; time < to; time += 30 * MINUTE) {
    plan.put(time, Math.min(to, time + 30 * MINUTE), station());
  }
  plan.put(from, from + 15 * MINUTE, chair);
  plan.put(to - 15 * MINUTE, to, chair);
  plan.put(from + 3.5 * HOUR, from + 3.75 * HOUR, chair);
}

function helpAtMeals(carers: readonly DayPlan[], seats: readonly Spot[], random: Random): void {
  for (const meal of MEALS) {
    for (const plan of carers.filter((each) => each.spotAt(meal) && each.spotAt(meal + HOUR))) {
      for (let time = meal; time < meal + MEAL_SECONDS; time += 8 * MINUTE) {
        const seat = seats[Math.floor(random.uniform() * seats.length)] as Spot;
        // Behind the person, a little aside.
        const spot = standingBeside(seat, CARE_METRES, (seat.heading ?? 0) + 135);
        plan.put(time, time + 8 * MINUTE, spot);
      }
    }
  }
}

// Carers share the residents between them, and see those who are in their rooms, one after the other.
function makeRound(
  start: number,
  longest: number,
  carers: readonly DayPlan[],
  residents: readonly DayPlan[],
  beds: readonly Spot[],
  random: Random,
): void {
  const time = carers.map(() => start);
  if (carers.length === 0) return;
  for (const [index, resident] of residents.entries()) {
    const turn = index % carers.length;
    const begin = time[turn] as number;
    const end = begin + longest * (0.4 + 0.6 * random.uniform());
    const bed = beds[index] as Spot;
    const own = resident.spotAt(begin);
    const carer = carers[turn] as DayPlan;
    const busy = resident.spotAt(end)?.room !== bed.room || !carer.spotAt(end);
    if (own?.room !== bed.room || busy) continue;
    const helper = standingBeside(own, CARE_METRES, 90);
    resident.put(begin, end, facing(own, helper));
    carer.put(begin, end, helper);
    time[turn] = end + MINUTE;
  }
}
