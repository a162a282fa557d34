import { expect, test } from "vitest";
import {
  type Place,
  type Room,
  stanceOf,
  wallsBetween,
} from "../../../simulator/scenarios/building.ts";

const room = (left: number, top: number, site = 0): Room => ({
  site,
  left,
  top,
  width: 4,
  depth: 4,
});
const HERE = room(0, 0);
const place = (x: number, y: number, heading: number, where = HERE): Place => ({
  ...{ room: where, x, y },
  heading,
});

test("two who look at each other are straight ahead of each other, wherever they stand", () => {
  expect(stanceOf(place(1, 1, 0), place(3, 1, 180))).toEqual({
    metres: 2,
    offA: 0,
    offB: 0,
    walls: 0,
  });
  const diagonal = stanceOf(place(2, 2, -135), place(1, 1, 45 - 360));
  expect(diagonal?.metres).toBeCloseTo(Math.SQRT2);
  expect(diagonal).toMatchObject({ offA: 0, offB: 0 });
});

test("angles are told from straight ahead to behind, on either side", () => {
  expect(stanceOf(place(1, 1, 90), place(3, 1, 0))).toMatchObject({ offA: 90, offB: 180 });
  expect(stanceOf(place(1, 1, 350), place(3, 1, 190))).toMatchObject({ offA: 10, offB: 10 });
});

test("adjoining rooms have a wall between them, a corridor has two, and each room on the way one more", () => {
  expect(wallsBetween(HERE, HERE)).toBe(0);
  expect(wallsBetween(HERE, room(4, 0))).toBe(1);
  expect(wallsBetween(HERE, room(4, 4))).toBe(1);
  expect(wallsBetween(HERE, room(0, 6))).toBe(2);
  expect(wallsBetween(room(8, 0), HERE)).toBe(2);
  expect(wallsBetween(HERE, room(12, 0))).toBe(3);
});

test("another site, three walls, two and more than 10 m, or more than 15 m are out of reach", () => {
  const from = place(2, 2, 0);
  expect(stanceOf(from, place(2, 3, 0, room(0, 0, 1)))).toBeUndefined();
  expect(stanceOf(from, place(12, 2, 0, room(8, 0)))).toMatchObject({ walls: 2 });
  expect(stanceOf(from, place(11, 7, 0, room(8, 4)))).toBeUndefined();
  expect(stanceOf(from, place(12.5, 2, 0, room(12, 0)))).toBeUndefined();
  expect(stanceOf(from, place(17.1, 2, 0))).toBeUndefined();
});
