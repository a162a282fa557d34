import { describe, expect, test } from "vitest";
import { networkOf } from "../../server/client-address.ts";
import { NO_PROXIES, parseTrustedProxies } from "../../server/trusted-proxies.ts";
import { rowCounts, temporaryDirectory } from "./directory.ts";
import { START, startPilot } from "./pilot.ts";
import { certify, dayKey, publish, publishBody } from "./upload.ts";

describe("120 calls a minute", () => {
  test("are what an address may make to the device API, and headers say how many are left", async () => {
    const pilot = await startPilot();
    const call = (from = "192.0.2.1") =>
      pilot.device("verify", { code: "" }, { "x-forwarded-for": from });
    const first = await call();
    expect([
      first.headers.get("x-ratelimit-limit"),
      first.headers.get("x-ratelimit-remaining"),
      first.headers.get("x-ratelimit-reset"),
      first.headers.get("retry-after"),
    ]).toEqual(["120", "119", "Tue, 15 Sep 2020 13:31:00 GMT", null]);
    for (let i = 0; i < 119; i++) await call();
    pilot.time += 30;
    const refused = await call();
    expect(refused.status).toBe(429);
    expect([
      refused.headers.get("x-ratelimit-remaining"),
      refused.headers.get("retry-after"),
    ]).toEqual(["0", "Tue, 15 Sep 2020 13:31:00 GMT"]);
    expect((await call("192.0.2.2")).status).toBe(400);
    pilot.time = START + 60;
    expect((await call()).headers.get("x-ratelimit-remaining")).toBe("119");
  });

  test.each(["/v1/publish", "/api/issue"])("hold for %s too", async (path) => {
    const pilot = await startPilot();
    const headers = { "x-api-key": pilot.server.adminKey };
    for (let i = 0; i < 120; i++) {
      expect((await pilot.post(path, {}, headers)).status).not.toBe(429);
    }
    expect((await pilot.post(path, {}, headers)).status).toBe(429);
    pilot.time += 60;
    expect((await pilot.post(path, {}, headers)).headers.get("x-ratelimit-remaining")).toBe("119");
  });
});

test("sixty codes that fail in an hour end the verifying of an address, even of good codes", async () => {
  const directory = temporaryDirectory();
  const pilot = await startPilot(directory);
  const good = await pilot.admin("issue", { testType: "confirmed", testDate: "2020-09-15" });
  const verify = (code: string, from: string) =>
    pilot.device("verify", { code }, { "x-forwarded-for": from });
  for (let i = 0; i < 60; i++) {
    expect((await verify(`guess ${i}`, "192.0.2.1")).status).toBe(400);
    pilot.time += 10;
  }
  const refused = await verify(good.json.code, "192.0.2.1");
  expect(refused).toMatchObject({ status: 429, json: { errorCode: "too_many_attempts" } });
  expect(refused.headers.get("retry-after")).toBe("Tue, 15 Sep 2020 14:30:00 GMT");
  expect((await verify(good.json.code, "192.0.2.2")).status).toBe(200);
});

test("a code can be tried ten times in an hour, from wherever, once it has failed", async () => {
  const pilot = await startPilot();
  const issued = await pilot.admin("issue", { testType: "likely", testDate: "2020-09-15" });
  const { code } = issued.json;
  for (let i = 0; i < 10; i++) {
    const from = { "x-forwarded-for": `192.0.2.${i}` };
    const reply = await pilot.device("verify", { code, accept: ["confirmed"] }, from);
    expect(reply.status).toBe(412);
  }
  const refused = await pilot.device("verify", { code }, { "x-forwarded-for": "192.0.2.99" });
  expect(refused).toMatchObject({ status: 429, json: { errorCode: "too_many_attempts" } });
});

test("a certificate can be tried ten times in an hour", async () => {
  const pilot = await startPilot();
  const certificate = await certify(pilot, await pilot.positive("1234567890"), [dayKey(1)]);
  const bad = publishBody(certificate, [dayKey(2)]);
  for (let i = 0; i < 10; i++) expect((await pilot.post("/v1/publish", bad)).status).toBe(401);
  const refused = await pilot.post("/v1/publish", publishBody(certificate, [dayKey(1)]));
  expect(refused).toMatchObject({ status: 429, json: { code: "too_many_attempts" } });
  expect(refused.headers.get("retry-after")).toBe("3600");
  // Others are not held up.
  expect((await publish(pilot, [dayKey(3)])).status).toBe(200);
});

test("sixty failed uploads in an hour end the publishing of an address", async () => {
  const pilot = await startPilot();
  const call = () => pilot.post("/v1/publish", publishBody("no certificate", [dayKey(1)]));
  for (let i = 0; i < 60; i++) expect((await call()).status).toBe(401);
  expect((await call()).status).toBe(429);
  pilot.time += 3600;
  expect((await call()).status).toBe(401);
});

test("attempts are forgotten after an hour", async () => {
  const directory = temporaryDirectory();
  const pilot = await startPilot(directory);
  await pilot.lookUp("0000000000");
  expect(rowCounts(directory).attempts).toBe(1);
  pilot.time += 3600;
  pilot.server.deleteExpired();
  expect(rowCounts(directory).attempts).toBe(0);
});

describe("behind proxies", () => {
  const client = (setting: string, peer: string, ...forwardedFor: string[]) =>
    parseTrustedProxies(setting)!.clientOf(peer, forwardedFor);

  test("nobody is believed unless told", () => {
    expect(NO_PROXIES.clientOf("198.51.100.1", ["192.0.2.1"])).toBe("198.51.100.1");
    expect(client("0", "198.51.100.1", "192.0.2.1")).toBe("198.51.100.1");
  });

  test("with a number of proxies, so many entries from the end are believed", () => {
    expect(client("1", "10.0.0.1", "made up", "192.0.2.1")).toBe("192.0.2.1");
    expect(client("2", "10.0.0.1", "203.0.113.9", "192.0.2.1", "10.0.0.2")).toBe("192.0.2.1");
    expect(client("1", "10.0.0.1")).toBe("10.0.0.1");
    expect(client("1", "10.0.0.1", "nonsense")).toBe("10.0.0.1");
  });

  test("with networks, the last address outside them is believed", () => {
    const setting = "10.0.0.0/8, ::1, 2001:db8::/32";
    expect(client(setting, "10.0.0.1", "203.0.113.9", "192.0.2.1")).toBe("192.0.2.1");
    expect(client(setting, "::1", "203.0.113.9", "192.0.2.1", "10.9.9.9")).toBe("192.0.2.1");
    expect(client(setting, "2001:db8::5", "2001:db9::1")).toBe("2001:db9::1");
    expect(client(setting, "198.51.100.1", "192.0.2.1")).toBe("198.51.100.1");
    expect(client(setting, "10.0.0.1", "192.0.2.1", "nonsense")).toBe("10.0.0.1");
  });

  test.each(["", "many", "-1", "10.0.0.0/33", "10.0.0.0/8/8", "10.0.0.0/x", "host.example"])(
    "a setting that is neither is refused: '%s'",
    (setting) => {
      expect(parseTrustedProxies(setting)).toBeUndefined();
    },
  );

  test("clients of one proxy are counted apart", async () => {
    const pilot = await startPilot();
    for (let i = 0; i < 10; i++) {
      await pilot.lookUp(`000000000${i}`, { "x-forwarded-for": "192.0.2.1" });
    }
    const from = (address: string) => pilot.lookUp("0000000000", { "x-forwarded-for": address });
    expect((await from("192.0.2.1")).status).toBe(429);
    expect((await from("::ffff:192.0.2.1")).status).toBe(429);
    expect((await from("192.0.2.2")).status).toBe(404);
  });

  test("without the setting they are one, whatever they claim", async () => {
    const pilot = await startPilot(":memory:", { proxies: NO_PROXIES });
    for (let i = 0; i < 10; i++) {
      await pilot.lookUp(`000000000${i}`, { "x-forwarded-for": `192.0.2.${i}` });
    }
    expect((await pilot.lookUp("1", { "x-forwarded-for": "192.0.2.99" })).status).toBe(429);
  });
});

test("addresses are counted by subscriber", () => {
  expect(networkOf("::ffff:192.0.2.7")).toBe("192.0.2.7");
  expect(networkOf("192.0.2.7")).toBe("192.0.2.7");
  expect(networkOf("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2");
  expect(networkOf("2001:db8::1")).toBe("2001:db8:0:0");
  expect(networkOf("fe80::1%eth0")).toBe("fe80:0:0:0");
  expect(networkOf("::1")).toBe("0:0:0:0");
});
