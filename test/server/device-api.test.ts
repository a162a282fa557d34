import { describe, expect, test } from "vitest";
import { ekeyhmac } from "../../companion/servers/ekeyhmac.ts";
import { everyByte, temporaryDirectory } from "./directory.ts";
import { type Pilot, START, startPilot, TODAY } from "./pilot.ts";
import { certifyReport, dayKey, HMAC_KEY, publishBody } from "./upload.ts";

const HMAC = ekeyhmac([dayKey(1)], HMAC_KEY);

async function issued(pilot: Pilot, testType = "confirmed", dates = {}): Promise<string> {
  const body = { testType, testDate: "2020-09-15", ...dates };
  return (await pilot.admin("issue", body)).json.code;
}

function claimsOf(jwt: string) {
  const [header, claims] = jwt
    .split(".")
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, "base64url").toString()));
  return { header, claims };
}

test.each(["verify", "certificate"])(
  "%s needs the device key: no other key is good for it",
  async (path) => {
    const pilot = await startPilot();
    for (const key of ["", "guess", pilot.server.adminKey, pilot.server.laboratoryKey]) {
      const reply = await pilot.post(`/api/${path}`, {}, { "x-api-key": key });
      expect(reply).toMatchObject({ status: 401, json: { errorCode: "unauthorized" } });
    }
  },
);

test("without a key nothing is verified, and no token is exchanged but a registration token", async () => {
  const pilot = await startPilot();
  expect((await pilot.post("/api/verify", { code: "12345678" })).status).toBe(401);
  const token = await pilot.verified("confirmed");
  const body = { token, ekeyhmac: HMAC };
  expect(await pilot.post("/api/certificate", body)).toMatchObject({
    status: 401,
    json: { errorCode: "unauthorized" },
  });
  const registered = { token: await pilot.positive("1234567890"), ekeyhmac: HMAC };
  expect((await pilot.post("/api/certificate", registered)).status).toBe(200);
  expect((await pilot.device("certificate", registered)).status).toBe(200);
});

test("user reports are not taken: 404", async () => {
  const pilot = await startPilot();
  expect((await pilot.device("user-report", {})).status).toBe(404);
});

describe("verify", () => {
  test("exchanges a code for its type, its dates and a token, padded", async () => {
    const pilot = await startPilot();
    const code = await issued(pilot, "likely", { symptomDate: "2020-09-12" });
    const { status, json } = await pilot.device("verify", { code, padding: "xx" });
    expect(status).toBe(200);
    expect(json).toEqual({
      testtype: "likely",
      symptomDate: "2020-09-12",
      testDate: "2020-09-15",
      token: expect.any(String),
      padding: expect.any(String),
    });
    expect(json.padding.length).toBeGreaterThan(1024);
    const { header, claims } = claimsOf(json.token);
    expect(header).toEqual({ alg: "ES256", typ: "JWT", kid: expect.any(String) });
    expect(claims).toEqual({
      iss: "kz.saqbol.verification.token",
      aud: "kz.saqbol.verification.token",
      iat: START,
      exp: START + 86_400,
      jti: expect.any(String),
      sub: "likely.2020-09-12.2020-09-15",
    });
    expect(Buffer.from(claims.jti, "base64")).toHaveLength(96);
  });

  test("leaves out a date that is not known", async () => {
    const pilot = await startPilot();
    const { json } = await pilot.device("verify", { code: await issued(pilot) });
    expect(json).toMatchObject({ testDate: "2020-09-15" });
    expect(json).not.toHaveProperty("symptomDate");
  });

  test("claims the code: a second time it is as invalid as an unknown one", async () => {
    const pilot = await startPilot();
    const code = await issued(pilot);
    expect((await pilot.device("verify", { code })).status).toBe(200);
    const used = await pilot.device("verify", { code });
    const unknown = await pilot.device("verify", { code: "00000000" });
    expect(used).toMatchObject({ status: 400, json: { errorCode: "code_invalid" } });
    expect(unknown.json).toEqual(used.json);
  });

  test("one of two simultaneous calls gets the token", async () => {
    const pilot = await startPilot();
    const code = await issued(pilot);
    const replies = await Promise.all([1, 2].map(() => pilot.device("verify", { code })));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 400]);
  });

  test("knows an expired code: 15 minutes for the short one", async () => {
    const pilot = await startPilot();
    const [first, second] = [await issued(pilot), await issued(pilot)];
    pilot.time = START + 899;
    expect((await pilot.device("verify", { code: first })).status).toBe(200);
    pilot.time = START + 900;
    const late = await pilot.device("verify", { code: second });
    expect(late).toMatchObject({ status: 400, json: { errorCode: "code_expired" } });
  });

  test.each([
    ["confirmed", ["confirmed"], 200],
    ["confirmed", ["likely"], 200],
    ["confirmed", ["negative"], 200],
    ["confirmed", ["user-report"], 200],
    ["likely", ["confirmed"], 412],
    ["likely", ["likely"], 200],
    ["likely", ["negative"], 200],
    ["likely", ["user-report"], 412],
    ["negative", ["confirmed", "likely"], 412],
    ["negative", ["negative"], 200],
    ["negative", [], 200],
  ])("a %s code for who accepts %j: %i", async (type, accept, status) => {
    const pilot = await startPilot();
    const code = await issued(pilot, type);
    const reply = await pilot.device("verify", { code, accept });
    expect(reply.status).toBe(status);
    if (status !== 412) return;
    expect(reply.json.errorCode).toBe("unsupported_test_type");
    // It was not consumed.
    expect((await pilot.device("verify", { code })).status).toBe(200);
  });

  test("refuses to accept an unknown type, and bodies that do not fit", async () => {
    const pilot = await startPilot();
    const code = await issued(pilot);
    const odd = await pilot.device("verify", { code, accept: ["positive"] });
    expect(odd).toMatchObject({ status: 400, json: { errorCode: "invalid_test_type" } });
    for (const body of [{}, { code: 1 }, { code, surprise: 1 }]) {
      const reply = await pilot.device("verify", body);
      expect(reply).toMatchObject({ status: 400, json: { errorCode: "unparsable_request" } });
    }
    expect((await pilot.device("verify", { code })).status).toBe(200);
  });
});

describe("certificate", () => {
  test("has what the token stands for, and the onset only of symptoms", async () => {
    const pilot = await startPilot();
    const both = await certifyReport(pilot, "likely", [dayKey(1)], { symptomDate: "2020-09-12" });
    expect(claimsOf(both).claims).toEqual({
      iss: "kz.saqbol.verification",
      aud: "kz.saqbol.key-server",
      iat: START - 5,
      nbf: START - 5,
      exp: START + 900,
      jti: expect.any(String),
      reportType: "likely",
      symptomOnsetInterval: TODAY - 3 * 144,
      tekmac: HMAC,
    });
    const tested = await certifyReport(pilot, "confirmed", [dayKey(1)]);
    expect(claimsOf(tested).claims).not.toHaveProperty("symptomOnsetInterval");
  });

  test("is given once for a token: then token_expired", async () => {
    const pilot = await startPilot();
    const token = await pilot.verified("confirmed");
    const body = { token, ekeyhmac: HMAC };
    expect((await pilot.device("certificate", body)).status).toBe(200);
    const again = await pilot.device("certificate", body);
    expect(again).toMatchObject({ status: 400, json: { errorCode: "token_expired" } });
  });

  test("one of two simultaneous calls gets it", async () => {
    const pilot = await startPilot();
    const body = { token: await pilot.verified("confirmed"), ekeyhmac: HMAC };
    const replies = await Promise.all([1, 2].map(() => pilot.device("certificate", body)));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 400]);
  });

  test("may be asked for again after a refusal: the token is claimed last", async () => {
    const pilot = await startPilot();
    const token = await pilot.verified("confirmed");
    for (const ekeyhmac of ["", "AAAA", Buffer.alloc(31).toString("base64")]) {
      const refused = await pilot.device("certificate", { token, ekeyhmac });
      expect(refused).toMatchObject({ status: 400, json: { errorCode: "hmac_invalid" } });
    }
    expect((await pilot.device("certificate", { token, ekeyhmac: HMAC })).status).toBe(200);
  });

  test("is refused for a token that is none, was altered, is a certificate or has ended", async () => {
    const pilot = await startPilot();
    const token = await pilot.verified("confirmed");
    const [header, , signature] = token.split(".");
    const claims = { ...claimsOf(token).claims, sub: "negative.." };
    const altered = `${header}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.${signature}`;
    const certificate = await certifyReport(pilot, "confirmed", [dayKey(1)]);
    for (const wrong of ["no token", altered, certificate]) {
      const reply = await pilot.device("certificate", { token: wrong, ekeyhmac: HMAC });
      expect(reply).toMatchObject({ status: 400, json: { errorCode: "token_invalid" } });
    }
    pilot.time += 86_400;
    const late = await pilot.device("certificate", { token, ekeyhmac: HMAC });
    expect(late).toMatchObject({ status: 400, json: { errorCode: "token_invalid" } });
  });

  test("of a token that the server has forgotten is token_expired", async () => {
    const pilot = await startPilot();
    const token = await pilot.verified("confirmed");
    pilot.time += 86_400;
    pilot.server.deleteExpired();
    pilot.time -= 10;
    const reply = await pilot.device("certificate", { token, ekeyhmac: HMAC });
    expect(reply).toMatchObject({ status: 400, json: { errorCode: "token_expired" } });
  });

  test("is good for one publication", async () => {
    const pilot = await startPilot();
    const certificate = await certifyReport(pilot, "confirmed", [dayKey(1)]);
    const body = publishBody(certificate, [dayKey(1)]);
    expect((await pilot.post("/v1/publish", body)).json.insertedExposures).toBe(1);
    expect((await pilot.post("/v1/publish", body)).json.insertedExposures).toBe(0);
  });

  test("a negative token buys one, with which nothing is stored", async () => {
    const pilot = await startPilot();
    const certificate = await certifyReport(pilot, "negative", [dayKey(1)]);
    const reply = await pilot.post("/v1/publish", publishBody(certificate, [dayKey(1)]));
    expect(reply).toMatchObject({ status: 200, json: { insertedExposures: 0 } });
  });
});

test.each([
  ["verify", "unparsable_request"],
  ["certificate", "token_invalid"],
])("every fault of a body is a 400 in %s: %s", async (path, errorCode) => {
  const pilot = await startPilot();
  const headers = { "x-api-key": pilot.server.deviceKey };
  const long = JSON.stringify({ code: "1", padding: "x".repeat(64_000) });
  for (const [body, type] of [
    ["{}", "text/plain"],
    ["", "application/json"],
    ["{}{}", "application/json"],
    ["[]", "application/json"],
    [long, "application/json"],
  ] as const) {
    const reply = await pilot.send(`/api/${path}`, body, { ...headers, "content-type": type });
    expect(reply).toMatchObject({ status: 400, json: { errorCode } });
  }
});

test("codes, tokens and certificates are on the disk as HMACs only, and dates until a code is claimed", async () => {
  const directory = temporaryDirectory();
  const pilot = await startPilot(directory);
  const code = await issued(pilot, "likely", { symptomDate: "2020-09-12" });
  expect(everyByte(directory).includes("2020-09-12")).toBe(true);
  const { token } = (await pilot.device("verify", { code })).json;
  const { certificate } = (await pilot.device("certificate", { token, ekeyhmac: HMAC })).json;
  pilot.server.deleteExpired();
  const bytes = everyByte(directory);
  const jtis = [token, certificate].map((jwt) => claimsOf(jwt).claims.jti);
  for (const secret of [code, "2020-09-12", "2020-09-15", ...jtis]) {
    expect(bytes.includes(secret)).toBe(false);
  }
});
