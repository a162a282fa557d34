import { expect, test } from "vitest";
import { startPilot } from "./pilot.ts";
import { certify, dayKey, publish, publishBody } from "./upload.ts";

test("health is ok", async () => {
  const pilot = await startPilot();
  const health = await pilot.get("/health");
  expect(await health.json()).toEqual({ status: "ok", maintenance_mode: false });
});

test("a laboratory without the right key is refused", async () => {
  const pilot = await startPilot();
  const body = { code: "1234567890" };
  expect((await pilot.post("/laboratory/v1/samples", body)).status).toBe(401);
  const wrong = await pilot.post("/laboratory/v1/samples", body, { "x-api-key": "guess" });
  expect(wrong).toMatchObject({ status: 401, json: { errorCode: "unauthorized" } });
});

test.each(["123456789", "12345678901", "12345abcde", "１２３４５６７８９０", 1234567890])(
  "a malformed code is refused: %s",
  async (code) => {
    const pilot = await startPilot();
    expect((await pilot.laboratory("samples", { code })).status).toBe(400);
  },
);

test("a code is registered once and its result is entered once", async () => {
  const pilot = await startPilot();
  const code = "1234567890";
  const early = await pilot.laboratory("results", { code, result: "negative" });
  expect(early).toMatchObject({ status: 404, json: { errorCode: "code_unknown" } });
  expect((await pilot.laboratory("samples", { code })).status).toBe(201);
  const again = await pilot.laboratory("samples", { code });
  expect(again).toMatchObject({ status: 409, json: { errorCode: "code_registered" } });
  expect((await pilot.laboratory("results", { code, result: "maybe" })).status).toBe(400);
  expect((await pilot.laboratory("results", { code, result: "invalid" })).status).toBe(200);
  const changed = await pilot.laboratory("results", { code, result: "positive" });
  expect(changed).toMatchObject({ status: 409, json: { errorCode: "result_final" } });
});

test("a code that no laboratory registered is unknown, not pending", async () => {
  const pilot = await startPilot();
  const reply = await pilot.lookUp("0000000000");
  expect(reply).toMatchObject({ status: 404, json: { errorCode: "code_unknown" } });
});

test.each([
  [undefined, 0],
  ["negative", 1],
  ["positive", 2],
  ["invalid", 3],
] as const)("a test whose result is %s reads %i", async (result, number) => {
  const pilot = await startPilot();
  await pilot.test("1234567890", result);
  const { registrationToken } = (await pilot.lookUp("1234567890")).json;
  const reply = await pilot.post("/version/v1/testresult", { registrationToken });
  expect(reply).toMatchObject({ status: 200, json: { testResult: number } });
});

test("a test reads 4 once its keys are published, and its old token ends", async () => {
  const pilot = await startPilot();
  const token = await pilot.positive("1234567890");
  const certificate = await certify(pilot, token, [dayKey(1)]);
  await pilot.post("/v1/publish", publishBody(certificate, [dayKey(1)]));
  const old = await pilot.post("/version/v1/testresult", { registrationToken: token });
  expect(old).toMatchObject({ status: 400, json: { errorCode: "token_invalid" } });
  const { registrationToken } = (await pilot.lookUp("1234567890")).json;
  const fresh = await pilot.post("/version/v1/testresult", { registrationToken });
  expect(fresh.json).toEqual({ testResult: 4 });
  const ekeyhmac = Buffer.alloc(32).toString("base64");
  const refused = await pilot.post("/api/certificate", { token: registrationToken, ekeyhmac });
  expect(refused).toMatchObject({ status: 400, json: { errorCode: "token_expired" } });
});

test("looking a code up again replaces its token", async () => {
  const pilot = await startPilot();
  const first = await pilot.positive("1234567890");
  const second = (await pilot.lookUp("1234567890")).json.registrationToken;
  expect(second).not.toBe(first);
  const status = async (registrationToken: string) =>
    (await pilot.post("/version/v1/testresult", { registrationToken })).status;
  expect(await status(first)).toBe(400);
  expect(await status(second)).toBe(200);
});

test("ten unknown codes in an hour end the look-ups of an address, even of known codes", async () => {
  const pilot = await startPilot();
  await pilot.test("1234567890", "negative");
  for (let i = 0; i < 10; i++) {
    expect((await pilot.lookUp(`000000000${i}`)).status).toBe(404);
    pilot.time += 60;
  }
  const refused = await pilot.lookUp("1234567890");
  expect(refused).toMatchObject({ status: 429, json: { errorCode: "too_many_attempts" } });
  expect(refused.headers.get("retry-after")).toBe("3000");
  const nonsense = await pilot.send("/version/v1/registrationToken", "nonsense");
  expect(nonsense.status).toBe(429);
  pilot.time += 2999;
  expect((await pilot.lookUp("1234567890")).status).toBe(429);
  pilot.time += 1;
  expect((await pilot.lookUp("1234567890")).status).toBe(201);
});

test("sixty look-ups in an hour are the limit for known codes", async () => {
  const pilot = await startPilot();
  const codes = ["1234567890", "1234567891", "1234567892", "1234567893"];
  for (const code of codes) await pilot.test(code, "negative");
  for (let i = 0; i < 60; i++) expect((await pilot.lookUp(codes[i % 4]!)).status).toBe(201);
  const refused = await pilot.lookUp("1234567890");
  expect(refused.status).toBe(429);
  expect(refused.headers.get("retry-after")).toBe("3600");
  pilot.time += 3600;
  expect((await pilot.lookUp("1234567890")).status).toBe(201);
});

test("twenty look-ups in an hour are the limit for one code, from wherever", async () => {
  const pilot = await startPilot();
  await pilot.test("1234567890", "negative");
  await pilot.test("1234567891", "negative");
  const from = (i: number) => ({ "x-forwarded-for": `192.0.2.${i}` });
  for (let i = 0; i < 20; i++) {
    expect((await pilot.lookUp("1234567890", from(i))).status).toBe(201);
    pilot.time += 60;
  }
  const refused = await pilot.lookUp("1234567890", from(20));
  expect(refused).toMatchObject({ status: 429, json: { errorCode: "too_many_attempts" } });
  expect(refused.headers.get("retry-after")).toBe("2400");
  expect((await pilot.lookUp("1234567891", from(20))).status).toBe(201);
});

test("guesses that wait together for their bodies do not slip past the limit", async () => {
  const pilot = await startPilot();
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const guess = (i: number) => {
    const key = String(i).padStart(64, "0");
    const body = new ReadableStream({
      async pull(controller) {
        await released;
        controller.enqueue(Buffer.from(JSON.stringify({ keyType: "GUID", key })));
        controller.close();
      },
    });
    const init = { method: "POST", body, duplex: "half" as const };
    const headers = { "content-type": "application/json" };
    return pilot.server.app.request("/version/v1/registrationToken", { ...init, headers });
  };
  const replies = Array.from({ length: 30 }, (_, i) => guess(i));
  release();
  const statuses = (await Promise.all(replies)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 404)).toHaveLength(10);
  expect(statuses.filter((status) => status === 429)).toHaveLength(20);
});

test.each(["pending", "negative", "invalid"] as const)(
  "a %s test gets no certificate",
  async (result) => {
    const pilot = await startPilot();
    await pilot.test("1234567890", result === "pending" ? undefined : result);
    const token = (await pilot.lookUp("1234567890")).json.registrationToken;
    const ekeyhmac = Buffer.alloc(32).toString("base64");
    const reply = await pilot.post("/api/certificate", { token, ekeyhmac });
    expect(reply).toMatchObject({ status: 400, json: { errorCode: "test_not_positive" } });
  },
);

test("an unknown token gets no certificate", async () => {
  const pilot = await startPilot();
  const ekeyhmac = Buffer.alloc(32).toString("base64");
  const reply = await pilot.post("/api/certificate", { token: "no such token", ekeyhmac });
  expect(reply).toMatchObject({ status: 400, json: { errorCode: "token_invalid" } });
});

test.each(["", "AAAA", Buffer.alloc(31).toString("base64"), "!".repeat(44)])(
  "an HMAC that is not 32 bytes gets no certificate: %s",
  async (ekeyhmac) => {
    const pilot = await startPilot();
    const token = await pilot.positive("1234567890");
    const reply = await pilot.post("/api/certificate", { token, ekeyhmac });
    expect(reply).toMatchObject({ status: 400, json: { errorCode: "hmac_invalid" } });
  },
);

test("a certificate says what the key server checks", async () => {
  const pilot = await startPilot();
  const token = await pilot.positive("1234567890");
  const ekeyhmac = Buffer.alloc(32, 1).toString("base64");
  const { json } = await pilot.post("/api/certificate", { token, ekeyhmac, padding: "xx" });
  expect(json.padding.length).toBeGreaterThan(1024);
  const [header, claims] = json.certificate
    .split(".")
    .slice(0, 2)
    .map((part: string) => JSON.parse(Buffer.from(part, "base64url").toString()));
  expect(header).toEqual({ alg: "ES256", typ: "JWT", kid: expect.any(String) });
  expect(claims).toEqual({
    iss: "kz.saqbol.verification",
    aud: "kz.saqbol.key-server",
    iat: pilot.time - 5,
    nbf: pilot.time - 5,
    exp: pilot.time + 900,
    jti: expect.any(String),
    reportType: "confirmed",
    tekmac: ekeyhmac,
  });
});

test("bodies must be JSON objects of bounded size with known fields", async () => {
  const pilot = await startPilot();
  const path = "/version/v1/testresult";
  const text = await pilot.send(path, "{}", { "content-type": "text/plain" });
  expect(text.status).toBe(415);
  const large = JSON.stringify({ registrationToken: "x".repeat(64_000) });
  expect((await pilot.send(path, large)).status).toBe(413);
  for (const body of ["", "{", "{}{}", "[]", "null", '{"registrationToken":1}']) {
    expect((await pilot.send(path, body)).status).toBe(400);
  }
  const unknown = await pilot.post(path, { registrationToken: "x", surprise: 1 });
  expect(unknown).toMatchObject({ status: 400, json: { errorCode: "unparsable_request" } });
});

test("errors never repeat what was sent", async () => {
  const pilot = await startPilot();
  const code = "4711471147";
  const replies = [
    await pilot.lookUp(code),
    await pilot.laboratory("results", { code, result: "positive" }),
    await pilot.laboratory("results", { code, result: code }),
    await pilot.post("/version/v1/testresult", { registrationToken: code, [code]: 1 }),
    await publish(pilot, [{ ...dayKey(1), key: code }]),
  ];
  for (const { status, json } of replies) {
    expect(status).toBeGreaterThanOrEqual(400);
    expect(JSON.stringify(json)).not.toContain(code);
  }
});
