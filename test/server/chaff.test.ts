import { expect, test } from "vitest";
import { ekeyhmac } from "../../companion/servers/ekeyhmac.ts";
import { rowCounts, temporaryDirectory } from "./directory.ts";
import { type Pilot, startPilot } from "./pilot.ts";
import { certify, dayKey, HMAC_KEY, publishBody } from "./upload.ts";

/** A stopwatch on which every real answer takes 40 ms; it notes how long chaff had to wait. */
function fakeStopwatch() {
  let time = 0;
  const waits: number[] = [];
  return {
    waits,
    now: () => {
      time += 40;
      return time;
    },
    sleep: async (milliseconds: number) => {
      waits.push(milliseconds);
    },
  };
}

const CHAFF = { "x-chaff": "daily" };

const calls: [path: string, real: (pilot: Pilot) => Promise<unknown>, key: boolean][] = [
  ["/api/verify", async (pilot) => ({ code: await issued(pilot) }), true],
  [
    "/api/certificate",
    async (pilot) => ({
      token: await pilot.verified("confirmed"),
      ekeyhmac: ekeyhmac([dayKey(1)], HMAC_KEY),
    }),
    true,
  ],
  [
    "/v1/publish",
    async (pilot) => {
      const token = await pilot.positive("1234567890");
      return publishBody(await certify(pilot, token, [dayKey(1)]), [dayKey(1)]);
    },
    false,
  ],
  [
    "/version/v1/testresult",
    async (pilot) => ({ registrationToken: await pilot.positive("1234567890") }),
    false,
  ],
];

async function issued(pilot: Pilot): Promise<string> {
  const { json } = await pilot.admin("issue", { testType: "confirmed", testDate: "2020-09-15" });
  return json.code;
}

test.each(calls)(
  "chaff to %s is as long as a real answer and takes as long",
  async (path, real, key) => {
    const stopwatch = fakeStopwatch();
    const pilot = await startPilot(":memory:", { stopwatch });
    const headers: Record<string, string> = key ? { "x-api-key": pilot.server.deviceKey } : {};
    const answer = await pilot.post(path, await real(pilot), headers);
    expect(answer.status).toBe(200);
    const length = JSON.stringify(answer.json).length;
    const chaff = await pilot.post(path, { anything: 1 }, { ...headers, ...CHAFF });
    expect(chaff.status).toBe(200);
    expect(JSON.stringify(chaff.json).length).toBe(length);
    expect(stopwatch.waits).toEqual([40]);
  },
);

test("before the first real answer chaff looks like a usual one", async () => {
  const stopwatch = fakeStopwatch();
  const pilot = await startPilot(":memory:", { stopwatch });
  const chaff = await pilot.post("/v1/publish", {}, CHAFF);
  expect(JSON.stringify(chaff.json).length).toBe(2400);
  expect(stopwatch.waits).toEqual([20]);
});

test("chaff waits a second at most", async () => {
  let time = 0;
  const waits: number[] = [];
  const stopwatch = {
    now: () => {
      time += 5000;
      return time;
    },
    sleep: async (milliseconds: number) => void waits.push(milliseconds),
  };
  const pilot = await startPilot(":memory:", { stopwatch });
  const registrationToken = await pilot.positive("1234567890");
  await pilot.post("/version/v1/testresult", { registrationToken });
  await pilot.post("/version/v1/testresult", {}, CHAFF);
  expect(waits).toEqual([1000]);
});

test("the Corona-Warn-App's mark is chaff too, where its calls are spoken", async () => {
  const directory = temporaryDirectory();
  const pilot = await startPilot(directory, { stopwatch: fakeStopwatch() });
  const fake = await pilot.lookUp("0000000000", { "cwa-fake": "1" });
  expect(fake.status).toBe(200);
  expect(rowCounts(directory).attempts).toBe(0);
  expect((await pilot.lookUp("0000000000", { "cwa-fake": "0" })).status).toBe(404);
  expect(rowCounts(directory).attempts).toBe(1);
});

test("chaff needs the key like a real call", async () => {
  const pilot = await startPilot(":memory:", { stopwatch: fakeStopwatch() });
  expect((await pilot.post("/api/verify", {}, CHAFF)).status).toBe(401);
  const wrong = { ...CHAFF, "x-api-key": "wrong" };
  expect((await pilot.post("/api/certificate", {}, wrong)).status).toBe(401);
});

test("chaff is neither counted nor refused by the rate limit", async () => {
  const pilot = await startPilot(":memory:", { stopwatch: fakeStopwatch() });
  for (let i = 0; i < 120; i++) await pilot.device("verify", { code: "" });
  expect((await pilot.device("verify", { code: "" })).status).toBe(429);
  for (let i = 0; i < 3; i++) expect((await pilot.device("verify", {}, CHAFF)).status).toBe(200);
});

test("chaff may be larger than a real call", async () => {
  const pilot = await startPilot(":memory:", { stopwatch: fakeStopwatch() });
  const body = { padding: "x".repeat(200_000) };
  expect((await pilot.post("/v1/publish", body, CHAFF)).status).toBe(200);
});
