import { expect, test } from "vitest";
import { busiestDay } from "../../../simulator/run/busiest-day.ts";
import { DAY } from "../../../simulator/scenarios/days.ts";
import type { Contact } from "../../../simulator/scenarios/truth.ts";

const contact = (a: number, b: number, from: number, seconds: number): Contact => ({
  ...{ a, b, from, to: from + seconds, seconds },
  metres: 1,
});
const busiestOf = (...contacts: Contact[]) => busiestDay({ contacts });

test("the busiest day has the most time in contact, with whomever it was", () => {
  const most = busiestOf(
    contact(0, 1, 100, 900),
    contact(1, 2, DAY + 100, 500),
    contact(2, 3, DAY + 700, 500),
    contact(1, 3, 2 * DAY, 800),
  );
  expect(most).toEqual({ person: 2, day: 1 });
});

test("a contact over midnight is of the day on which it begins", () => {
  expect(busiestOf(contact(0, 1, DAY - 60, 600), contact(0, 1, DAY + 900, 500))).toMatchObject({
    day: 0,
  });
});

test("without contacts there is none", () => {
  expect(busiestOf()).toBeUndefined();
});
