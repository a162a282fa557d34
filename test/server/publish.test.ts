import { generateKeyPairSync } from "node:crypto";
import { SignJWT } from "jose";
import { describe, expect, test, vi } from "vitest";
import { ekeyhmac, type RequestKey } from "../../companion/servers/ekeyhmac.ts";
import { Certificates } from "../../server/certificates.ts";
import { openRevisionToken } from "../../server/revision-token.ts";
import { temporaryDirectory } from "./directory.ts";
import { type Pilot, type Reply, START, startPilot, TODAY } from "./pilot.ts";
import { upkeepContext } from "./upkeep-context.ts";
import {
  certify,
  certifyReport,
  dayKey,
  HMAC_KEY,
  publish,
  publishBody,
  publishReport,
} from "./upload.ts";

const INVALID = {
  status: 401,
  json: { code: "health_authority_verification_certificate_invalid" },
};
const BAD_REQUEST = { status: 400, json: { code: "bad_request" } };
const fortnight = Array.from({ length: 14 }, (_, i) => dayKey(i + 1));

test("fourteen days are published at once", async () => {
  const pilot = await startPilot();
  const reply = await publish(pilot, fortnight);
  expect(reply.status).toBe(200);
  expect(reply.headers.get("x-api-version")).toBe("v1");
  expect(reply.json).toEqual({
    insertedExposures: 14,
    revisionToken: expect.any(String),
    padding: expect.any(String),
  });
  const padding = Buffer.from(reply.json.padding, "base64").length;
  expect(padding).toBeGreaterThanOrEqual(1024);
  expect(padding).toBeLessThan(2048);
});

describe("the request as a whole", () => {
  test("must be JSON by its content type", async () => {
    const pilot = await startPilot();
    const reply = await pilot.send("/v1/publish", "{}", { "content-type": "text/plain" });
    expect(reply.status).toBe(415);
    expect(reply.headers.get("x-api-version")).toBe("v1");
    expect(reply.json.padding).toEqual(expect.any(String));
  });

  test("may have a content type with parameters", async () => {
    const pilot = await startPilot();
    const type = { "content-type": "application/json; charset=utf-8" };
    expect((await pilot.send("/v1/publish", "{}", type)).status).toBe(401);
  });

  test("is at most 64000 bytes", async () => {
    const pilot = await startPilot();
    const body = (length: number) => JSON.stringify({ padding: "x".repeat(length - 14) });
    expect((await pilot.send("/v1/publish", body(64_000))).status).toBe(401);
    expect((await pilot.send("/v1/publish", body(64_001))).status).toBe(413);
  });

  test("has no unknown fields, at the top or in a key", async () => {
    const pilot = await startPilot();
    expect(await publish(pilot, [dayKey(1)], { regions: ["KZ"] })).toMatchObject(BAD_REQUEST);
    const keys = [{ ...dayKey(1), name: "x" }];
    expect(await publish(pilot, keys)).toMatchObject(BAD_REQUEST);
  });

  test("may spell the HMAC key in both ways", async () => {
    const pilot = await startPilot();
    const { json } = await publish(pilot, [dayKey(1)], {
      hmacKey: undefined,
      hmackey: Buffer.from(HMAC_KEY).toString("base64"),
      traveler: true,
    });
    expect(json.insertedExposures).toBe(1);
  });

  test("names this health authority", async () => {
    const pilot = await startPilot();
    const reply = await publish(pilot, [dayKey(1)], { healthAuthorityID: "kz.other" });
    expect(reply).toMatchObject({ status: 401, json: { code: "unknown_health_authority_id" } });
    const capitals = await publish(pilot, [dayKey(1)], { healthAuthorityID: "KZ.Saqbol" });
    expect(capitals.status).toBe(200);
  });

  test.each([0, 31])("holds 1 to 30 keys, not %i", async (count) => {
    const pilot = await startPilot();
    const keys = Array.from({ length: count }, (_, i) => ({
      ...dayKey(1, `${i}`),
      rollingStartNumber: TODAY - 31 + i,
      rollingPeriod: 1,
    }));
    expect(await publish(pilot, keys)).toMatchObject(BAD_REQUEST);
  });

  test("may hold 30 keys", async () => {
    const pilot = await startPilot();
    const keys = Array.from({ length: 30 }, (_, i) => ({
      ...dayKey(1, `${i}`),
      rollingStartNumber: TODAY - 30 + i,
      rollingPeriod: 1,
    }));
    expect((await publish(pilot, keys)).json.insertedExposures).toBe(30);
  });
});

describe("a certificate", () => {
  test("must be there", async () => {
    const pilot = await startPilot();
    const reply = await publish(pilot, [dayKey(1)], { verificationPayload: undefined });
    expect(reply).toMatchObject(INVALID);
  });

  test("is valid for 15 minutes", async () => {
    const pilot = await startPilot();
    const token = await pilot.positive("1234567890");
    const certificate = await certify(pilot, token, [dayKey(1)]);
    pilot.time += 900;
    const late = await pilot.post("/v1/publish", publishBody(certificate, [dayKey(1)]));
    expect(late).toMatchObject(INVALID);
    pilot.time -= 1;
    const timely = await pilot.post("/v1/publish", publishBody(certificate, [dayKey(1)]));
    expect(timely.status).toBe(200);
  });

  test("is bound to its keys", async () => {
    const pilot = await startPilot();
    const certificate = await certify(pilot, await pilot.positive("1234567890"), [dayKey(1)]);
    for (const keys of [
      [dayKey(1, "someone else")],
      [dayKey(1), dayKey(2)],
      [{ ...dayKey(1), rollingPeriod: 143 }],
      [{ ...dayKey(1), transmissionRisk: 1 }],
    ]) {
      expect(await pilot.post("/v1/publish", publishBody(certificate, keys))).toMatchObject(
        INVALID,
      );
    }
  });

  test("needs the secret of its HMAC, of at least 16 bytes", async () => {
    const pilot = await startPilot();
    const other = Buffer.alloc(32, 8).toString("base64");
    expect(await publish(pilot, [dayKey(1)], { hmacKey: other })).toMatchObject(INVALID);
    expect(await publish(pilot, [dayKey(1)], { hmacKey: "not base64!" })).toMatchObject(INVALID);
    const short = new Uint8Array(15);
    const token = await pilot.positive("1234567890");
    const { certificate } = (
      await pilot.post("/api/certificate", { token, ekeyhmac: ekeyhmac([dayKey(1)], short) })
    ).json;
    const reply = await pilot.post("/v1/publish", {
      ...publishBody(certificate, [dayKey(1)]),
      hmacKey: Buffer.from(short).toString("base64"),
    });
    expect(reply).toMatchObject(INVALID);
  });

  test("of a foreign signer is refused", async () => {
    const pilot = await startPilot();
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const forged = await new SignJWT({
      reportType: "confirmed",
      tekmac: ekeyhmac([dayKey(1)], HMAC_KEY),
    })
      .setProtectedHeader({ alg: "ES256", kid: "1", typ: "JWT" })
      .setIssuer("kz.saqbol.verification")
      .setAudience("kz.saqbol.key-server")
      .setIssuedAt(START)
      .setExpirationTime(START + 900)
      .setJti("x")
      .sign(privateKey);
    const reply = await pilot.post("/v1/publish", publishBody(forged, [dayKey(1)]));
    expect(reply).toMatchObject(INVALID);
  });

  test("without a signature is refused", async () => {
    const pilot = await startPilot();
    const certificate = await certify(pilot, await pilot.positive("1234567890"), [dayKey(1)]);
    const [, claims] = certificate.split(".");
    const header = Buffer.from('{"alg":"none","typ":"JWT"}').toString("base64url");
    const reply = await pilot.post("/v1/publish", publishBody(`${header}.${claims}.`, [dayKey(1)]));
    expect(reply).toMatchObject(INVALID);
  });

  test("uses its test up: a second certificate of the same test is refused", async () => {
    const pilot = await startPilot();
    const token = await pilot.positive("1234567890");
    const first = await certify(pilot, token, [dayKey(1)]);
    const second = await certify(pilot, token, [dayKey(2)]);
    const third = await certify(pilot, token, [dayKey(1)]);
    expect((await pilot.post("/v1/publish", publishBody(first, [dayKey(1)]))).status).toBe(200);
    for (const [certificate, key] of [
      [second, dayKey(2)],
      [third, dayKey(1)],
    ] as const) {
      expect(await pilot.post("/v1/publish", publishBody(certificate, [key]))).toMatchObject(
        INVALID,
      );
    }
  });

  test("may be sent again with its keys, which stores nothing", async () => {
    const pilot = await startPilot();
    const certificate = await certify(pilot, await pilot.positive("1234567890"), fortnight);
    const body = publishBody(certificate, fortnight);
    expect((await pilot.post("/v1/publish", body)).json.insertedExposures).toBe(14);
    const again = await pilot.post("/v1/publish", body);
    expect(again).toMatchObject({
      status: 200,
      json: { insertedExposures: 0, revisionToken: expect.any(String) },
    });
  });

  test("is used by one of two simultaneous calls only", async () => {
    const pilot = await startPilot();
    const token = await pilot.positive("1234567890");
    const first = await certify(pilot, token, [dayKey(1)]);
    const second = await certify(pilot, token, [dayKey(2)]);
    const replies = await Promise.all([
      pilot.post("/v1/publish", publishBody(first, [dayKey(1)])),
      pilot.post("/v1/publish", publishBody(second, [dayKey(2)])),
    ]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 401]);
  });

  test("survives a request that is refused for its keys", async () => {
    const pilot = await startPilot();
    const bad = [{ ...dayKey(1), rollingPeriod: 145 }];
    const token = await pilot.positive("1234567890");
    const refused = await pilot.post(
      "/v1/publish",
      publishBody(await certify(pilot, token, bad), bad),
    );
    expect(refused).toMatchObject(BAD_REQUEST);
    const good = [dayKey(1)];
    const reply = await pilot.post(
      "/v1/publish",
      publishBody(await certify(pilot, token, good), good),
    );
    expect(reply.json.insertedExposures).toBe(1);
  });
});

describe("a single key", () => {
  const good = dayKey(1);
  const oldestEnd = TODAY + 81 - 15 * 144;
  test.each([
    ["15 bytes", { ...dayKey(2), key: Buffer.alloc(15).toString("base64") }],
    ["no base64", { ...dayKey(2), key: "?" }],
    ["period 0", { ...dayKey(2), rollingPeriod: 0 }],
    ["period 145", { ...dayKey(2), rollingPeriod: 145 }],
    ["an end 360 hours and 10 minutes ago", { ...dayKey(2), rollingStartNumber: oldestEnd - 145 }],
    ["a start in the future", { ...dayKey(2), rollingStartNumber: TODAY + 82 }],
    ["risk 9", { ...dayKey(2), transmissionRisk: 9 }],
    ["risk -1", { ...dayKey(2), transmissionRisk: -1 }],
  ])("is dropped for %s", async (_, bad) => {
    const pilot = await startPilot();
    const partial = await publish(pilot, [good, bad]);
    expect(partial).toMatchObject({
      status: 200,
      json: {
        insertedExposures: 1,
        code: "partial_failure",
        error: expect.stringMatching(/^key 2/),
      },
    });
    expect(await publish(pilot, [bad])).toMatchObject(BAD_REQUEST);
  });

  test("may end 360 hours ago", async () => {
    const pilot = await startPilot();
    const key = { ...dayKey(1), rollingStartNumber: oldestEnd - 144 };
    expect((await publish(pilot, [key])).json.insertedExposures).toBe(1);
  });

  test("may start now and off midnight", async () => {
    const pilot = await startPilot();
    const key = { ...dayKey(1), rollingStartNumber: TODAY + 81 };
    expect((await publish(pilot, [key])).json.insertedExposures).toBe(1);
  });

  test("may be in base64url without padding", async () => {
    const pilot = await startPilot();
    const key = { ...dayKey(1), key: Buffer.alloc(16, 0xfb).toString("base64url") };
    expect((await publish(pilot, [key])).json.insertedExposures).toBe(1);
  });

  test("is dropped with a warning when far from symptom onset", async () => {
    const pilot = await startPilot();
    const reply = await publish(pilot, [dayKey(1), dayKey(14)], { symptomOnsetInterval: TODAY });
    expect(reply.json).toMatchObject({ insertedExposures: 2 });
    const far = await publish(pilot, [dayKey(2), dayKey(15, "b")], { symptomOnsetInterval: TODAY });
    expect(far).toMatchObject({
      status: 200,
      json: { insertedExposures: 1, warnings: [expect.stringMatching(/^key 2/)] },
    });
    expect(far.json).not.toHaveProperty("code");
  });
});

describe("keys together", () => {
  const span = (label: string, start: number, period: number) => ({
    ...dayKey(1, label),
    rollingStartNumber: TODAY - 288 + start,
    rollingPeriod: period,
  });

  test.each([
    ["overlap", [span("a", 0, 100), span("b", 99, 45)]],
    [
      "overlap after several of one start",
      [span("a", 0, 144), span("b", 0, 60), span("c", 60, 84)],
    ],
    ["four of one start", ["a", "b", "c", "d"].map((label) => span(label, 0, 144))],
    ["the same bytes with different times", [span("a", 0, 60), span("a", 60, 84)]],
  ])("are refused for %s", async (_, keys) => {
    const pilot = await startPilot();
    expect(await publish(pilot, keys)).toMatchObject(BAD_REQUEST);
  });

  test("count once when one is sent twice", async () => {
    const pilot = await startPilot();
    const reply = await publish(pilot, [span("a", 0, 60), span("b", 60, 84), span("a", 0, 60)]);
    expect(reply).toMatchObject({ status: 200, json: { insertedExposures: 2 } });
  });

  test("may touch, and share a start three times", async () => {
    const pilot = await startPilot();
    const keys = [span("a", 0, 60), span("b", 0, 100), span("c", 0, 144), span("d", 144, 10)];
    expect((await publish(pilot, keys)).json.insertedExposures).toBe(4);
  });
});

describe("a key that was published before", () => {
  test("needs a revision token", async () => {
    const pilot = await startPilot();
    await publish(pilot, [dayKey(1)]);
    const missing = await publish(pilot, [dayKey(1), dayKey(2)]);
    expect(missing).toMatchObject({ status: 400, json: { code: "missing_revision_token" } });
    const broken = await publish(pilot, [dayKey(1)], { revisionToken: "not base64!" });
    expect(broken).toMatchObject({ status: 400, json: { code: "missing_revision_token" } });
  });

  test("needs the revision token of that key, unchanged and with equal times", async () => {
    const pilot = await startPilot();
    const { revisionToken } = (await publish(pilot, [dayKey(1)])).json;
    const other = (await publish(pilot, [dayKey(1, "other")])).json.revisionToken;
    const flipped = Buffer.from(revisionToken, "base64");
    flipped[20]! ^= 1;
    const shorter = { ...dayKey(1), rollingPeriod: 100 };
    for (const [key, token] of [
      [dayKey(1), other],
      [dayKey(1), flipped.toString("base64")],
      [dayKey(1), "AAAA"],
      [shorter, revisionToken],
    ]) {
      const reply = await publish(pilot, [key], { revisionToken: token });
      expect(reply).toMatchObject({ status: 400, json: { code: "invalid_revision_token" } });
    }
  });

  test("is passed over when its revision token is there", async () => {
    const pilot = await startPilot();
    const first = await publish(pilot, [dayKey(1)]);
    const { revisionToken } = first.json;
    const second = await publish(pilot, [dayKey(1), dayKey(2)], { revisionToken });
    expect(second).toMatchObject({ status: 200, json: { insertedExposures: 1 } });
    const third = await publish(pilot, [dayKey(1), dayKey(2), dayKey(3)], {
      revisionToken: second.json.revisionToken,
    });
    expect(third).toMatchObject({ status: 200, json: { insertedExposures: 1 } });
  });

  test("does not show in the length of the revision token", async () => {
    const pilot = await startPilot();
    const one = (await publish(pilot, [dayKey(1)])).json.revisionToken;
    const many = (await publish(pilot, fortnight.slice(1))).json.revisionToken;
    expect(one.length).toBe(many.length);
  });
});

/** The keys as they lie in the database. */
function storedKeys(directory: string, pilot: Pilot) {
  const { db } = upkeepContext(directory, pilot);
  return db.all<{
    key_data: Uint8Array;
    report_type: number;
    revised_report_type: number | null;
    transmission_risk_level: number;
    revised_at: number | null;
    days_since_onset_of_symptoms: number;
  }>("SELECT * FROM temporary_exposure_keys ORDER BY rolling_start_interval_number DESC");
}

/** A certificate for a user report, which this server issues no codes for. */
async function userReport(directory: string, pilot: Pilot, keys: readonly RequestKey[]) {
  const certificates = new Certificates(upkeepContext(directory, pilot));
  const jti = `user report ${Math.random()}`;
  certificates.remember(jti, undefined);
  return certificates.sign(jti, {
    reportType: "user-report",
    symptomOnsetInterval: undefined,
    ekeyhmac: ekeyhmac(keys, HMAC_KEY),
  });
}

async function publishAs(
  directory: string,
  pilot: Pilot,
  type: string,
  keys: readonly RequestKey[],
  extra: Record<string, unknown> = {},
): Promise<Reply> {
  if (type !== "user-report") return publishReport(pilot, type, keys, extra);
  const certificate = await userReport(directory, pilot, keys);
  return pilot.post("/v1/publish", { ...publishBody(certificate, keys), ...extra });
}

describe("the report type comes from the certificate", () => {
  test.each([
    ["confirmed", 1, 2],
    ["likely", 2, 4],
    ["user-report", 3, 0],
  ])("%s is type %i, and a risk of 0 becomes %i", async (type, reportType, risk) => {
    const directory = temporaryDirectory();
    const pilot = await startPilot(directory);
    const given = { ...dayKey(2), transmissionRisk: 7 };
    const reply = await publishAs(directory, pilot, type, [dayKey(1), given]);
    expect(reply).toMatchObject({ status: 200, json: { insertedExposures: 2 } });
    expect(storedKeys(directory, pilot)).toMatchObject([
      { report_type: reportType, transmission_risk_level: risk },
      { report_type: reportType, transmission_risk_level: 7 },
    ]);
  });

  test("negative keys are never inserted, and that is no error", async () => {
    const directory = temporaryDirectory();
    const pilot = await startPilot(directory);
    const reply = await publishReport(pilot, "negative", [dayKey(1)]);
    expect(reply).toMatchObject({ status: 200, json: { insertedExposures: 0 } });
    expect(reply.json).not.toHaveProperty("code");
    expect(storedKeys(directory, pilot)).toEqual([]);
  });

  test("a request cannot name one", async () => {
    const pilot = await startPilot();
    const reply = await publish(pilot, [dayKey(1)], { reportType: "confirmed" });
    expect(reply).toMatchObject(BAD_REQUEST);
  });
});

describe("a revision", () => {
  const NUMBERS = { confirmed: 1, likely: 2, "user-report": 3, negative: 5 };
  const types = ["confirmed", "likely", "user-report", "negative"] as const;
  const allowed = [
    "likely confirmed",
    "likely negative",
    "user-report confirmed",
    "user-report likely",
    "user-report negative",
  ];
  const pairs = types
    .filter((from) => from !== "negative")
    .flatMap((from) => types.filter((to) => to !== from).map((to) => [from, to] as const));

  async function revise(from: string, to: string) {
    const directory = temporaryDirectory();
    const pilot = await startPilot(directory);
    const first = await publishAs(directory, pilot, from, [dayKey(1), dayKey(2)]);
    pilot.time += 3600;
    const { revisionToken } = first.json;
    const reply = await publishAs(directory, pilot, to, [dayKey(1)], { revisionToken });
    return { directory, pilot, reply, revisionToken };
  }

  test.each(pairs.filter((pair) => allowed.includes(pair.join(" "))))(
    "from %s to %s is noted with its time, for the keys that were sent",
    async (from, to) => {
      const { directory, pilot, reply } = await revise(from, to);
      expect(reply).toMatchObject({ status: 200, json: { insertedExposures: 0 } });
      const revisedAt = pilot.time - (pilot.time % 3600);
      expect(storedKeys(directory, pilot)).toMatchObject([
        { report_type: NUMBERS[from], revised_report_type: NUMBERS[to], revised_at: revisedAt },
        { report_type: NUMBERS[from], revised_report_type: null, revised_at: null },
      ]);
    },
  );

  test.each(pairs.filter((pair) => !allowed.includes(pair.join(" "))))(
    "from %s to %s is refused as a whole",
    async (from, to) => {
      const { directory, pilot, reply } = await revise(from, to);
      expect(reply).toMatchObject({
        status: 400,
        json: { code: "invalid_report_type_transition", padding: expect.any(String) },
      });
      for (const key of storedKeys(directory, pilot)) expect(key.revised_report_type).toBeNull();
    },
  );

  test("happens once for each key", async () => {
    const { directory, pilot, revisionToken } = await revise("likely", "confirmed");
    const reply = await publishReport(pilot, "negative", [dayKey(1)], { revisionToken });
    expect(reply).toMatchObject({ status: 400, json: { code: "key_already_revised" } });
    expect(storedKeys(directory, pilot)[0]).toMatchObject({ revised_report_type: 1 });
  });

  test.each(["likely", "confirmed"])(
    "to the type that it has or had, %s, is passed over in silence",
    async (type) => {
      const { directory, pilot, revisionToken } = await revise("likely", "confirmed");
      const before = storedKeys(directory, pilot);
      pilot.time += 3600;
      const reply = await publishReport(pilot, type, [dayKey(1)], { revisionToken });
      expect(reply).toMatchObject({ status: 200, json: { insertedExposures: 0 } });
      expect(storedKeys(directory, pilot)).toEqual(before);
    },
  );

  test("inserts new keys beside the revised ones, and returns a token for all", async () => {
    const { directory, pilot, revisionToken } = await revise("likely", "confirmed");
    const more = await publishReport(pilot, "confirmed", [dayKey(1), dayKey(2), dayKey(3)], {
      revisionToken,
    });
    expect(more).toMatchObject({ status: 200, json: { insertedExposures: 1 } });
    expect(storedKeys(directory, pilot)).toMatchObject([
      { report_type: 2, revised_report_type: 1 },
      { report_type: 2, revised_report_type: 1 },
      { report_type: 1, revised_report_type: null },
    ]);
    const all = await publishReport(
      pilot,
      "confirmed",
      [1, 2, 3].map((day) => dayKey(day)),
      {
        revisionToken: more.json.revisionToken,
      },
    );
    expect(all.status).toBe(200);
  });

  test("revokes what is there and inserts nothing beside it", async () => {
    const { directory, pilot, reply, revisionToken } = await revise("likely", "negative");
    expect(reply.status).toBe(200);
    await publishReport(pilot, "negative", [dayKey(1), dayKey(9)], { revisionToken });
    expect(storedKeys(directory, pilot)).toHaveLength(2);
  });

  test("that is refused leaves its certificate for another try", async () => {
    const pilot = await startPilot();
    const first = await publishReport(pilot, "likely", [dayKey(1)]);
    const certificate = await certifyReport(pilot, "confirmed", [dayKey(1)]);
    const body = publishBody(certificate, [dayKey(1)]);
    expect((await pilot.post("/v1/publish", body)).json.code).toBe("missing_revision_token");
    const { revisionToken } = first.json;
    expect((await pilot.post("/v1/publish", { ...body, revisionToken })).status).toBe(200);
  });

  test("may be sent again when its answer got lost", async () => {
    const { pilot, revisionToken } = await revise("likely", "confirmed");
    const certificate = await certifyReport(pilot, "confirmed", [dayKey(2)]);
    const body = { ...publishBody(certificate, [dayKey(2)]), revisionToken };
    const first = await pilot.post("/v1/publish", body);
    const again = await pilot.post("/v1/publish", body);
    expect([first.status, again.status]).toEqual([200, 200]);
  });
});

test("a revision token carries keys on until 15 days after their end", async () => {
  const directory = temporaryDirectory();
  const pilot = await startPilot(directory);
  const { revisionTokenKeys } = upkeepContext(directory, pilot).secrets;
  const { revisionToken } = (await publishReport(pilot, "likely", [dayKey(14)])).json;
  pilot.time += 2 * 86_400;
  // The old key is out of the new token: 15 days after its end it cannot be revised any more.
  const next = (await publishReport(pilot, "likely", [dayKey(1)], { revisionToken })).json;
  const opened = openRevisionToken(next.revisionToken, revisionTokenKeys);
  expect(opened).toMatchObject([{ rollingStartIntervalNumber: TODAY - 144 }]);
  expect(openRevisionToken(revisionToken, revisionTokenKeys)).toHaveLength(1);
});

describe("symptom onset", () => {
  async function onsetDays(symptomDate: string | undefined, symptomOnsetInterval?: number) {
    const directory = temporaryDirectory();
    const pilot = await startPilot(directory);
    const dates = symptomDate === undefined ? {} : { symptomDate };
    const certificate = await certifyReport(pilot, "confirmed", [dayKey(1)], dates);
    const body = { ...publishBody(certificate, [dayKey(1)]), symptomOnsetInterval };
    await pilot.post("/v1/publish", body);
    return storedKeys(directory, pilot)[0]?.days_since_onset_of_symptoms;
  }

  test("comes from the request", async () => {
    expect(await onsetDays("2020-09-10", TODAY - 2 * 144)).toBe(1);
  });

  test("comes from the certificate when the request has none that is usable", async () => {
    expect(await onsetDays("2020-09-10")).toBe(4);
    expect(await onsetDays("2020-09-10", TODAY + 144)).toBe(4);
    expect(await onsetDays("2020-09-10", TODAY - 40 * 144)).toBe(4);
  });

  test("is four days ago when neither has one", async () => {
    expect(await onsetDays(undefined)).toBe(3);
  });
});

test("chaff is answered like a publish call and stores nothing", async () => {
  const directory = temporaryDirectory();
  const pilot = await startPilot(directory);
  const certificate = await certify(pilot, await pilot.positive("1234567890"), [dayKey(1)]);
  const body = publishBody(certificate, [dayKey(1)]);
  const chaff = await pilot.post("/v1/publish", body, { "x-chaff": "1" });
  expect(chaff).toMatchObject({ status: 200, json: { padding: expect.any(String) } });
  expect(chaff.headers.get("x-api-version")).toBe("v1");
  expect(storedKeys(directory, pilot)).toEqual([]);
  expect((await pilot.post("/v1/publish", body)).json.insertedExposures).toBe(1);
});

test("what goes wrong in the database is a 400 with internal_error, and nothing is stored", async () => {
  const directory = temporaryDirectory();
  const pilot = await startPilot(directory);
  const certificate = await certify(pilot, await pilot.positive("1234567890"), [dayKey(1)]);
  const { db } = upkeepContext(directory, pilot);
  db.execute(`CREATE TRIGGER broken BEFORE INSERT ON redeemed_certificates
    BEGIN SELECT RAISE(ABORT, 'broken'); END`);
  const silent = vi.spyOn(console, "error").mockImplementation(() => {});
  const body = publishBody(certificate, [dayKey(1)]);
  expect(await pilot.post("/v1/publish", body)).toMatchObject({
    status: 400,
    json: { code: "internal_error", padding: expect.any(String) },
  });
  expect(silent.mock.calls).toEqual([[expect.stringMatching(/^fault: POST \/v1\/publish: /)]]);
  silent.mockRestore();
  expect(storedKeys(directory, pilot)).toEqual([]);
  db.execute("DROP TRIGGER broken");
  expect((await pilot.post("/v1/publish", body)).json.insertedExposures).toBe(1);
});
