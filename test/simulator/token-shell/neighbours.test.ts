import fc from "fast-check";
import { expect, test } from "vitest";
import { bodyLoss, WALL_LOSS } from "../../../simulator/air/path-loss.ts";
import { createRadio } from "../../../simulator/radio.ts";
import { createRandom } from "../../../simulator/random.ts";
import { MIDDLE, placeOf } from "../../../simulator/token-shell/neighbours.ts";

const radio = createRadio(createRandom("neighbours"));
const metres = fc.double({ min: 0.2, max: 10, noNaN: true });

test("a neighbour stands as far away as was said, each in a direction of its own", () => {
  fc.assert(
    fc.property(metres, fc.nat({ max: 40 }), (metres, index) => {
      const { x, y, room } = placeOf({ metres, wall: false, behind: false }, index);
      expect(Math.hypot(x - MIDDLE.x, y - MIDDLE.y)).toBeCloseTo(metres, 9);
      expect(room).toBe(MIDDLE.room);
      const next = placeOf({ metres, wall: false, behind: false }, index + 1);
      expect(Math.hypot(x - next.x, y - next.y)).toBeGreaterThan(metres);
    }),
  );
});

test("a wall takes 8 dB, a body 10", () => {
  expect([WALL_LOSS, bodyLoss(180)]).toEqual([8, 10]);
  fc.assert(
    fc.property(metres, fc.boolean(), fc.boolean(), (metres, wall, behind) => {
      const rssi = (placing: { wall: boolean; behind: boolean }): number =>
        radio.meanRssi("a", MIDDLE, "b", placeOf({ metres, ...placing }, 3), 0)!;
      const free = rssi({ wall: false, behind: false });
      const loss = (wall ? WALL_LOSS : 0) + (behind ? bodyLoss(180) : 0);
      expect(free - rssi({ wall, behind })).toBeCloseTo(loss, 6);
    }),
  );
});
