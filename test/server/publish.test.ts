import { generateKeyPairSync } from "node:crypto";
import { SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { ekeyhmac } from "../../companion/servers/ekeyhmac.ts";
import { START, startPilot, TODAY } from "./pilot.ts";
import { certify, dayKey, HMAC_KEY, publish, publishBody } from "./upload.ts";

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
    ["the same bytes twice", [span("a", 0, 60), span("a", 60, 84)]],
  ])("are refused for %s", async (_, keys) => {
    const pilot = await startPilot();
    expect(await publish(pilot, keys)).toMatchObject(BAD_REQUEST);
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
