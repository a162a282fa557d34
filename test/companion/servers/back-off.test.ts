import fc from "fast-check";
import { expect, test } from "vitest";
import { Failure } from "../../../companion/failure.ts";
import { tryAgain } from "../../../companion/servers/back-off.ts";
import { type JsonAnswer, Unreachable } from "../../../companion/servers/http-exchange.ts";
import { START, seededRandom } from "../../server/pilot.ts";
import { VirtualPace } from "../../support/virtual-pace.ts";

function answer(
  status: number,
  json: object = {},
  headers: Record<string, string> = {},
): JsonAnswer {
  return { status, json, headers: new Headers(headers) };
}

/** Tries a call whose attempts end like this, the last one again and again. */
async function attempts(
  ends: readonly (JsonAnswer | Error)[],
  patience = 3600,
  seed = "",
  failures = 0,
) {
  const pace = new VirtualPace(START);
  let count = 0;
  const send = async () => {
    const end = ends[Math.min(count++, ends.length - 1)]!;
    if (end instanceof Error) throw end;
    return end;
  };
  const random = seededRandom(seed);
  const outcome = await tryAgain(send, { pace, random, until: START + patience, failures });
  return { outcome, count, pauses: pace.pauses };
}

const OK = answer(200);
const LOST = new Unreachable("host", true);
const REFUSED = new Unreachable("host", false);

test.each([
  ["a network failure", LOST],
  ["429", answer(429)],
  ["500", answer(500)],
  ["503", answer(503)],
  ["400 internal_error", answer(400, { code: "internal_error" })],
])("%s is tried again", async (_, failure) => {
  const { outcome, count } = await attempts([failure, failure, OK]);
  expect([outcome.last, outcome.pause, count]).toEqual([OK, undefined, 3]);
});

test.each([200, 201, 301, 400, 401, 404, 412])("%i is final", async (status) => {
  const { outcome, count, pauses } = await attempts([answer(status)]);
  expect([(outcome.last as JsonAnswer).status, count, pauses]).toEqual([status, 1, []]);
});

test("a server that lacks a setting is not asked again", async () => {
  const lacking = answer(500, { code: "health_authority_missing_region_config" });
  expect((await attempts([lacking])).count).toBe(1);
});

test("any other Failure ends it", async () => {
  const failure = new Failure("server-answer-malformed", "It is too long.");
  expect(await attempts([failure])).toMatchObject({
    outcome: { last: failure, uncertain: false, pause: undefined },
    count: 1,
  });
  const { outcome } = await attempts([LOST, failure]);
  expect([outcome.last, outcome.uncertain]).toEqual([failure, true]);
});

test("pauses double from a second to a minute, each cut at random by up to half", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), async (seed) => {
      const { pauses } = await attempts([...Array.from({ length: 9 }, () => LOST), OK], 3600, seed);
      const longest = [1, 2, 4, 8, 16, 32, 60, 60, 60];
      expect(pauses).toHaveLength(longest.length);
      pauses.forEach((pause, i) => {
        expect(pause).toBeGreaterThan(longest[i]! / 2 - 1e-9);
        expect(pause).toBeLessThanOrEqual(longest[i]!);
      });
    }),
  );
});

test("pauses go on from the failures before, and count theirs", async () => {
  const { outcome, pauses } = await attempts([LOST, LOST, OK], 3600, "", 4);
  expect(outcome.failures).toBe(6);
  expect(pauses[0]).toBeGreaterThan(8 - 1e-9);
  expect(pauses[1]).toBeGreaterThan(16 - 1e-9);
  expect((await attempts([LOST], 0)).outcome.failures).toBe(1);
});

test("pauses of different desks differ", async () => {
  const all = await Promise.all(
    Array.from({ length: 50 }, async (_, i) => (await attempts([LOST, OK], 60, `${i}`)).pauses[0]),
  );
  expect(new Set(all).size).toBe(50);
});

test("Retry-After makes a pause longer, as seconds and as a date", async () => {
  const seconds = answer(429, {}, { "retry-after": "90" });
  expect((await attempts([seconds, OK])).pauses).toEqual([90]);
  const date = answer(503, {}, { "retry-after": "Tue, 15 Sep 2020 13:40:00 GMT" });
  expect((await attempts([date, OK])).pauses).toEqual([600]);
});

test("Retry-After does not make a pause shorter", async () => {
  const { pauses } = await attempts([answer(429, {}, { "retry-after": "0" }), OK]);
  expect(pauses[0]).toBeGreaterThanOrEqual(0.5);
});

test("no attempt begins when patience is over", async () => {
  const { outcome, pauses } = await attempts([answer(429)], 10);
  expect(outcome.pause).toBeGreaterThan(0);
  expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBeLessThanOrEqual(10);
  const long = await attempts([answer(429, {}, { "retry-after": "3000" })], 10);
  expect([long.count, long.pauses, long.outcome.pause]).toEqual([1, [], 3000]);
});

test.each([
  ["a lost answer", LOST, true],
  ["a failing server", answer(500), true],
  ["a failing proxy", answer(502), true],
  ["a failing database", answer(400, { code: "internal_error" }), true],
  ["a refused connection", REFUSED, false],
  ["too many calls", answer(429), false],
  [
    "an authority that cannot be loaded",
    answer(500, { code: "unable_to_load_health_authority" }),
    false,
  ],
])("after %s, whether the call was carried out is uncertain: %s", async (_, failure, uncertain) => {
  expect((await attempts([failure, OK])).outcome.uncertain).toBe(uncertain);
  expect((await attempts([failure], 0)).outcome.uncertain).toBe(uncertain);
});

test("a call that is answered at once is certain", async () => {
  expect((await attempts([OK])).outcome.uncertain).toBe(false);
  expect((await attempts([answer(400)])).outcome.uncertain).toBe(false);
});
