import { expect, test, vi } from "vitest";
import { type Pilot, startPilot } from "./pilot.ts";
import { certify, dayKey, publish, publishReport } from "./upload.ts";

const CODE = "4711471147";

/** Calls everything, rightly and wrongly, and returns all that is nobody's business. */
async function useEverything(pilot: Pilot): Promise<string[]> {
  const from = { "x-forwarded-for": "192.0.2.77" };
  const token = await pilot.positive(CODE);
  await pilot.lookUp("0000000000", from);
  await pilot.post("/version/v1/testresult", { registrationToken: token }, from);
  await pilot.post("/version/v1/testresult", { registrationToken: CODE }, from);
  const certificate = await certify(pilot, token, [dayKey(1)]);
  await publish(pilot, [dayKey(2), { ...dayKey(3), rollingPeriod: 0 }]);
  const { revisionToken } = (await publishReport(pilot, "likely", [dayKey(4)])).json;
  await publishReport(pilot, "confirmed", [dayKey(4)], { revisionToken });
  await pilot.send("/v1/publish", CODE, from);
  const { code, uuid } = (
    await pilot.admin("issue", { testType: "likely", symptomDate: "2020-09-12" })
  ).json;
  await pilot.admin("checkcodestatus", { uuid });
  await pilot.device("verify", { code }, from);
  await pilot.device("verify", { code: "00000000" }, from);
  await pilot.post("/v1/publish", {}, { ...from, "x-chaff": CODE });
  await pilot.get(`/${CODE}?code=${CODE}`);
  await pilot.get(`/exports/KZ/${CODE}`);
  pilot.time += 8 * 3600;
  pilot.server.createExports();
  return [
    CODE,
    token,
    certificate,
    revisionToken,
    code,
    uuid,
    "192.0.2.77",
    "2020-09-12",
    dayKey(2).key,
  ];
}

test("nothing personal is in the metrics, and no label that a caller chose", async () => {
  const pilot = await startPilot();
  const secrets = await useEverything(pilot);
  const text = await pilot.server.metrics.registry.metrics();
  for (const secret of secrets) expect(text).not.toContain(secret);
  expect(text).toMatch(/route="other",status="404"/);
});

test("nothing is logged of calls, right or wrong", async () => {
  const spies = (["log", "error", "warn", "info"] as const).map((method) =>
    vi.spyOn(console, method).mockImplementation(() => {}),
  );
  await useEverything(await startPilot());
  const calls = spies.flatMap((spy) => spy.mock.calls);
  for (const spy of spies) spy.mockRestore();
  expect(calls).toEqual([]);
});

test("a fault is logged by its kind and its route only", async () => {
  const spy = vi.spyOn(console, "error").mockImplementation(() => {});
  const pilot = await startPilot();
  pilot.server.close();
  const reply = await pilot.post("/version/v1/testresult", { registrationToken: CODE });
  const calls = spy.mock.calls;
  spy.mockRestore();
  expect(reply).toMatchObject({ status: 500, json: { errorCode: "internal_server_error" } });
  expect(calls).toEqual([
    [expect.stringMatching(/^fault: POST \/version\/v1\/testresult: \w+( \w+)?$/)],
  ]);
});

test("health is 500 when the database cannot be asked", async () => {
  const spy = vi.spyOn(console, "error").mockImplementation(() => {});
  const pilot = await startPilot();
  pilot.server.close();
  expect((await pilot.get("/health")).status).toBe(500);
  spy.mockRestore();
});

test("what was done is counted", async () => {
  const pilot = await startPilot();
  await useEverything(pilot);
  for (let i = 0; i < 11; i++) await pilot.lookUp(`000000000${i % 10}`);
  const text = await pilot.server.metrics.registry.metrics();
  for (const line of [
    'saqbol_publish_total{outcome="ok"} 2',
    'saqbol_publish_total{outcome="partial_failure"} 1',
    'saqbol_publish_total{outcome="bad_request"} 1',
    'saqbol_published_keys_total{change="inserted"} 2',
    'saqbol_published_keys_total{change="revised"} 1',
    'saqbol_published_keys_total{change="dropped"} 1',
    'saqbol_codes_total{event="issued"} 3',
    'saqbol_codes_total{event="claimed"} 3',
    'saqbol_chaff_total{route="/v1/publish"} 1',
    'saqbol_limited_total{limit="look_up_address"} 1',
    "saqbol_export_files 1",
  ]) {
    expect(text.split("\n")).toContain(line);
  }
  expect(text).toMatch(/^saqbol_oldest_export_age_seconds [1-9]/m);
});
