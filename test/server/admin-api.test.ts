import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { everyByte, temporaryDirectory } from "./directory.ts";
import { type Pilot, START, startPilot } from "./pilot.ts";

/** The day of the pilot's start. */
const TODAY = "2020-09-15";
const issue = { testType: "confirmed", testDate: TODAY };

test.each(["issue", "batch-issue", "checkcodestatus", "expirecode"])(
  "%s needs the admin key: no other key is good for it",
  async (path) => {
    const pilot = await startPilot();
    const { deviceKey, laboratoryKey } = pilot.server;
    for (const key of ["", "guess", deviceKey, laboratoryKey]) {
      const reply = await pilot.post(`/api/${path}`, issue, { "x-api-key": key });
      expect(reply).toMatchObject({
        status: 401,
        json: { errorCode: "unauthorized", error_code: "unauthorized" },
      });
    }
    expect((await pilot.post(`/api/${path}`, issue)).status).toBe(401);
  },
);

test("an issued code has 8 digits, lives for 15 minutes, and comes with its handle and padding", async () => {
  const pilot = await startPilot();
  const { status, json } = await pilot.admin("issue", { ...issue, padding: "xx" });
  expect(status).toBe(200);
  expect(json).toEqual({
    uuid: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    code: expect.stringMatching(/^\d{8}$/),
    expiresAt: "Tue, 15 Sep 2020 13:45:00 GMT",
    expiresAtTimestamp: START + 900,
    longExpiresAt: "Tue, 15 Sep 2020 13:45:00 GMT",
    longExpiresAtTimestamp: START + 900,
    padding: expect.any(String),
  });
  const padding = Buffer.from(json.padding, "base64").length;
  expect(padding).toBeGreaterThanOrEqual(1024);
  expect(padding).toBeLessThan(2048);
});

test("the text of an SMS has a long code that lives for a day; nothing is sent or stored", async () => {
  const directory = temporaryDirectory();
  const pilot = await startPilot(directory);
  const phone = "+77015550123";
  const { json } = await pilot.admin("issue", {
    ...issue,
    phone,
    onlyGenerateSMS: true,
    smsTemplateLabel: "any",
    externalIssuerID: "issuer 4711",
  });
  expect(json.generatedSMS).toMatch(/^ens:\/\/v\?r=KZ&c=[a-z0-9]{16}$/);
  expect(json).toMatchObject({ phone, longExpiresAtTimestamp: START + 86_400 });
  const long = json.generatedSMS.split("c=")[1];
  const bytes = everyByte(directory);
  for (const secret of [json.code, long, json.uuid, phone, "issuer 4711"]) {
    expect(bytes.includes(secret)).toBe(false);
  }
  const verified = await pilot.device("verify", { code: long });
  expect(verified).toMatchObject({ status: 200, json: { testtype: "confirmed" } });
});

test.each([
  ["without a date", { testDate: undefined }, 400, "missing_date"],
  ["with a date that is none", { testDate: "2020-02-30" }, 400, "unparsable_request"],
  ["with a date in another form", { testDate: "15.09.2020" }, 400, "unparsable_request"],
  ["with a test 29 days ago", { testDate: "2020-08-17" }, 400, "invalid_date"],
  ["with a test tomorrow", { testDate: "2020-09-16" }, 400, "invalid_date"],
  ["with symptoms 29 days ago", { symptomDate: "2020-08-17" }, 400, "invalid_date"],
  ["without a type", { testType: undefined }, 400, "invalid_test_type"],
  ["with an unknown type", { testType: "maybe" }, 400, "invalid_test_type"],
  ["for a user report", { testType: "user-report" }, 400, "unsupported_test_type"],
  ["with a handle that is none", { uuid: "4711" }, 400, "unparsable_request"],
  ["with an unknown field", { realm: 1 }, 400, "unparsable_request"],
  ["with a phone but no wish for the text", { phone: "+77015550123" }, 400, "unparsable_request"],
  ["with a wish for a text but no phone", { onlyGenerateSMS: true }, 400, "unparsable_request"],
])("a request %s is refused", async (_, change, status, errorCode) => {
  const pilot = await startPilot();
  const reply = await pilot.admin("issue", { ...issue, ...change });
  expect(reply).toMatchObject({ status, json: { errorCode, error_code: errorCode } });
});

test.each([
  ["a type in capitals", { testType: "Likely" }],
  ["a test 28 days ago", { testDate: "2020-08-18" }],
  ["a test 29 days ago west of Greenwich", { testDate: "2020-08-17", tzOffset: -300 }],
  ["a symptom date alone", { testDate: undefined, symptomDate: TODAY }],
])("a request with %s is taken", async (_, change) => {
  const pilot = await startPilot();
  expect((await pilot.admin("issue", { ...issue, ...change })).status).toBe(200);
});

test("a handle is taken once: 409, and no code is made", async () => {
  const pilot = await startPilot();
  const uuid = randomUUID();
  expect((await pilot.admin("issue", { ...issue, uuid })).json.uuid).toBe(uuid);
  const again = await pilot.admin("issue", { ...issue, uuid: uuid.toUpperCase() });
  expect(again).toMatchObject({ status: 409, json: { errorCode: "uuid_already_exists" } });
});

test("the daily quota ends at midnight UTC", async () => {
  const pilot = await startPilot(":memory:", { dailyCodes: 2 });
  for (let i = 0; i < 2; i++) expect((await pilot.admin("issue", issue)).status).toBe(200);
  const refused = await pilot.admin("issue", issue);
  expect(refused).toMatchObject({ status: 429, json: { errorCode: "quota_exceeded" } });
  pilot.time += 11 * 3600;
  expect((await pilot.admin("issue", issue)).status).toBe(200);
});

describe("a batch", () => {
  test("has up to ten codes", async () => {
    const pilot = await startPilot();
    const { status, json } = await pilot.admin("batch-issue", { codes: Array(10).fill(issue) });
    expect(status).toBe(200);
    const codes = json.codes.map(({ code }: { code: string }) => code);
    expect(new Set(codes).size).toBe(10);
    expect(json.padding.length).toBeGreaterThan(1024);
    const eleven = await pilot.admin("batch-issue", { codes: Array(11).fill(issue) });
    expect(eleven).toMatchObject({ status: 400, json: { errorCode: "unparsable_request" } });
  });

  test("issues what it can and has the status of its first failure", async () => {
    const pilot = await startPilot();
    const uuid = randomUUID();
    await pilot.admin("issue", { ...issue, uuid });
    const { status, json } = await pilot.admin("batch-issue", {
      codes: [issue, { ...issue, uuid }, { ...issue, testType: "maybe" }, issue],
    });
    expect(status).toBe(409);
    expect(json).toMatchObject({
      errorCode: "uuid_already_exists",
      codes: [
        { code: expect.any(String) },
        { errorCode: "uuid_already_exists" },
        { errorCode: "invalid_test_type" },
        { code: expect.any(String) },
      ],
    });
  });
});

describe("the status of a code", () => {
  async function issued(): Promise<[Pilot, { uuid: string; code: string }]> {
    const pilot = await startPilot();
    return [pilot, (await pilot.admin("issue", issue)).json];
  }

  test("tells whether it was claimed and when it ends", async () => {
    const [pilot, { uuid, code }] = await issued();
    const status = () => pilot.admin("checkcodestatus", { uuid });
    expect(await status()).toMatchObject({
      status: 200,
      json: { claimed: false, expiresAtTimestamp: START + 900, padding: expect.any(String) },
    });
    await pilot.device("verify", { code });
    expect((await status()).json.claimed).toBe(true);
  });

  test("of an unknown handle is 404", async () => {
    const pilot = await startPilot();
    for (const path of ["checkcodestatus", "expirecode"]) {
      for (const uuid of [randomUUID(), "4711", undefined]) {
        const reply = await pilot.admin(path, { uuid });
        expect(reply).toMatchObject({ status: 404, json: { errorCode: "code_not_found" } });
      }
    }
  });

  test("can be set to expired, unless it was claimed", async () => {
    const [pilot, { uuid, code }] = await issued();
    pilot.time += 60;
    const expired = await pilot.admin("expirecode", { uuid });
    expect(expired).toMatchObject({
      status: 200,
      json: { expiresAtTimestamp: START + 60, longExpiresAtTimestamp: START + 60 },
    });
    expect((await pilot.device("verify", { code })).json.errorCode).toBe("code_expired");
    const other = (await pilot.admin("issue", issue)).json;
    await pilot.device("verify", { code: other.code });
    const claimed = await pilot.admin("expirecode", { uuid: other.uuid });
    expect(claimed).toMatchObject({ status: 400, json: { errorCode: "code_invalid" } });
  });
});

test("in maintenance nothing is issued or verified, and health says so", async () => {
  const pilot = await startPilot(":memory:", { maintenance: true });
  for (const reply of [
    await pilot.admin("issue", issue),
    await pilot.admin("batch-issue", { codes: [issue] }),
    await pilot.device("verify", { code: "12345678" }),
  ]) {
    expect(reply).toMatchObject({ status: 429, json: { errorCode: "maintenance_mode" } });
  }
  const health = await pilot.get("/health?service=database");
  expect(await health.json()).toEqual({ status: "ok", maintenance_mode: true });
});
