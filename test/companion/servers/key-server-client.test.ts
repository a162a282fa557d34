import { createServer } from "node:http";
import { inspect } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { Failure } from "../../../companion/failure.ts";
import {
  KeyServerClient,
  type KeyServerSettings,
  type KeyToPublish,
  RegistrationToken,
  VerificationCode,
} from "../../../companion/servers/key-server-client.ts";
import { type Pilot, START, seededRandom, startPilot, TODAY } from "../../server/pilot.ts";
import { VirtualPace } from "../../support/virtual-pace.ts";

const CODE = "1234567890";

function wearerKeys(days: number, label = "wearer"): KeyToPublish[] {
  return Array.from({ length: days }, (_, i) => ({
    keyData: seededRandom(`${label} ${i}`)(16),
    rollingStartIntervalNumber: TODAY - 144 * (i + 1),
    rollingPeriod: 144,
  }));
}

/** The Failure that a promise ends with. */
async function failure(promise: Promise<unknown>): Promise<Failure> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof Failure) return error;
  throw new Error(`no Failure but ${error}`);
}

/** A client whose calls are answered by a function instead of a server. */
function clientOf(fetch: typeof globalThis.fetch): KeyServerClient {
  return new KeyServerClient({
    verificationUrl: "https://verification.example",
    keyServerUrl: "https://keys.example/",
    healthAuthorityId: "kz.saqbol",
    fetch,
    pace: new VirtualPace(START),
  });
}

/** A client for a pilot's server, with a clock that waits no time. */
function deskOf(pilot: Pilot, changes: Partial<KeyServerSettings> = {}): KeyServerClient {
  return new KeyServerClient({
    verificationUrl: pilot.url,
    keyServerUrl: pilot.url,
    healthAuthorityId: pilot.server.healthAuthorityId,
    pace: new VirtualPace(pilot.time),
    ...changes,
  });
}

async function positive(pilot: Pilot) {
  await pilot.test(CODE, "positive");
  return deskOf(pilot).lookUp(CODE);
}

test.each(["", "123456789", "12345678901", " 1234567890", "12345-7890", "１２３４５６７８９０"])(
  "a code that is not ten digits is refused before anything is sent: '%s'",
  async (code) => {
    const client = clientOf(() => {
      throw new Error("something was sent");
    });
    expect((await failure(client.lookUp(code))).code).toBe("code-malformed");
  },
);

test("only the SHA-256 of the code is sent, and all bodies of one server have one size", async () => {
  const pilot = await startPilot();
  await pilot.test(CODE, "positive");
  const bodies: string[] = [];
  const client = deskOf(pilot, {
    fetch: (url, init) => {
      bodies.push(String(init?.body));
      return fetch(url, init);
    },
  });
  const token = await client.lookUp(CODE);
  await client.testResult(token);
  await client.publish(token, wearerKeys(14));
  expect(bodies).toHaveLength(4);
  expect(bodies.map((body) => body.length)).toEqual([250, 250, 5000, 5000]);
  expect(bodies.join()).not.toContain(CODE);
});

test("an unknown code is told from a pending one", async () => {
  const pilot = await startPilot();
  expect((await failure(deskOf(pilot).lookUp(CODE))).code).toBe("code-unknown");
  await pilot.test(CODE);
  const token = await deskOf(pilot).lookUp(CODE);
  expect(await deskOf(pilot).testResult(token)).toBe("pending");
});

test.each(["negative", "positive", "invalid"] as const)("a %s result is told", async (result) => {
  const pilot = await startPilot();
  await pilot.test(CODE, result);
  const token = await deskOf(pilot).lookUp(CODE);
  expect(await deskOf(pilot).testResult(token)).toBe(result);
});

test("too many attempts say when to try again", async () => {
  const pilot = await startPilot();
  for (let i = 0; i < 10; i++) await failure(deskOf(pilot).lookUp(CODE));
  pilot.time += 600;
  const refused = await failure(deskOf(pilot).lookUp(CODE));
  expect(refused.code).toBe("too-many-attempts");
  expect(refused.message).toContain("in 50 minutes");
});

test("keys are published once; then the test is used up", async () => {
  const pilot = await startPilot();
  const token = await positive(pilot);
  const published = await deskOf(pilot).publish(token, wearerKeys(14));
  expect(published).toEqual({
    inserted: 14,
    revisionToken: expect.any(String),
    refused: [],
    leftOut: [],
  });
  const fresh = await deskOf(pilot).lookUp(CODE);
  expect(await deskOf(pilot).testResult(fresh)).toBe("redeemed");
  expect((await failure(deskOf(pilot).publish(fresh, wearerKeys(1, "more")))).code).toBe(
    "already-used",
  );
});

test("nothing is published for a test that is not positive", async () => {
  const pilot = await startPilot();
  await pilot.test(CODE, "negative");
  const token = await deskOf(pilot).lookUp(CODE);
  expect((await failure(deskOf(pilot).publish(token, wearerKeys(1)))).code).toBe(
    "test-not-positive",
  );
});

test("a token that was replaced is refused", async () => {
  const pilot = await startPilot();
  const token = await positive(pilot);
  await deskOf(pilot).lookUp(CODE);
  expect((await failure(deskOf(pilot).testResult(token))).code).toBe("token-invalid");
});

test("keys that were published with another test are refused as a whole", async () => {
  const pilot = await startPilot();
  await deskOf(pilot).publish(await positive(pilot), wearerKeys(2));
  await pilot.test("0987654321", "positive");
  const token = await deskOf(pilot).lookUp("0987654321");
  expect((await failure(deskOf(pilot).publish(token, wearerKeys(3)))).code).toBe(
    "keys-already-published",
  );
});

test("keys that break the rules are refused", async () => {
  const pilot = await startPilot();
  const keys = [{ ...wearerKeys(1)[0]!, rollingPeriod: 145 }];
  expect((await failure(deskOf(pilot).publish(await positive(pilot), keys))).code).toBe(
    "keys-refused",
  );
});

test("the registration token is forgotten once keys are published", async () => {
  const pilot = await startPilot();
  const calls: string[] = [];
  const desk = deskOf(pilot, {
    fetch: (url, init) => {
      calls.push(String(url));
      return fetch(url, init);
    },
  });
  const token = await positive(pilot);
  expect(token.reveal()).toMatch(/^[0-9a-f-]{36}$/);
  expect(inspect({ token }) + JSON.stringify({ token })).not.toContain(token.reveal());
  await desk.publish(token, wearerKeys(1));
  const before = calls.length;
  expect(() => token.reveal()).toThrow(Failure);
  expect((await failure(desk.testResult(token))).code).toBe("token-invalid");
  expect((await failure(desk.publish(token, wearerKeys(1)))).code).toBe("token-invalid");
  expect(calls).toHaveLength(before);
});

test.each(["before the call arrives", "after the call arrived"])(
  "a connection that fails %s is tried once more with the same request",
  async (moment) => {
    const pilot = await startPilot();
    const token = await positive(pilot);
    const bodies: unknown[] = [];
    const client = deskOf(pilot, {
      fetch: async (url, init) => {
        if (!String(url).endsWith("/v1/publish")) return fetch(url, init);
        bodies.push(init?.body);
        if (bodies.length > 1) return fetch(url, init);
        if (moment.startsWith("after")) await (await fetch(url, init)).text();
        throw new TypeError("connection lost");
      },
    });
    const published = await client.publish(token, wearerKeys(14));
    expect(published).toMatchObject({ inserted: 14, revisionToken: expect.any(String) });
    expect(bodies).toHaveLength(2);
    expect(bodies[0]).toBe(bodies[1]);
  },
);

test("connections that go on failing leave the publication unconfirmed", async () => {
  const pilot = await startPilot();
  const token = await positive(pilot);
  const client = deskOf(pilot, {
    fetch: (url, init) =>
      String(url).endsWith("/v1/publish") ? Promise.reject(new TypeError()) : fetch(url, init),
  });
  expect((await failure(client.publish(token, wearerKeys(1)))).code).toBe("publish-unconfirmed");
});

test("a server that is not there is named", async () => {
  const client = clientOf(() => Promise.reject(new TypeError("fetch failed")));
  const unreachable = await failure(client.lookUp(CODE));
  expect(unreachable.code).toBe("server-unreachable");
  expect(unreachable.message).toContain("verification.example");
});

test.each([
  ["no JSON", () => new Response("<html>")],
  ["other JSON", () => Response.json({ registrationToken: 5 })],
  ["too much", () => new Response("x".repeat(70_000))],
])("an answer with %s is refused", async (_, answer) => {
  const client = clientOf(async () => answer());
  expect((await failure(client.lookUp(CODE))).code).toBe("server-answer-malformed");
});

test("a refusal without a known reason tells the HTTP status", async () => {
  const client = clientOf(async () => new Response("", { status: 503 }));
  expect((await failure(client.lookUp(CODE))).message).toContain("503");
});

test("redirections are not followed, but told", async () => {
  const pilot = createServer((_, response) => {
    response.writeHead(301, { location: "http://127.0.0.1:1/" }).end();
  });
  await new Promise<void>((resolve) => pilot.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void pilot.close());
  const url = `http://127.0.0.1:${(pilot.address() as { port: number }).port}`;
  const desk = new KeyServerClient({
    verificationUrl: url,
    keyServerUrl: url,
    healthAuthorityId: "kz.saqbol",
    pace: new VirtualPace(START),
  });
  expect((await failure(desk.lookUp(CODE))).code).toBe("server-redirects");
});

test("a server under maintenance is told, once patience is over", async () => {
  const pilot = await startPilot(":memory:", { maintenance: true });
  const pace = new VirtualPace(pilot.time);
  const desk = deskOf(pilot, { apiKey: pilot.server.deviceKey, pace });
  const refused = await failure(desk.publish(new VerificationCode("12345678"), wearerKeys(1)));
  expect(refused.code).toBe("server-maintenance");
  expect(pace.pauses.length).toBeGreaterThan(2);
});

test("a server that cannot prove its name is told, and not asked again", async () => {
  let calls = 0;
  const client = clientOf(() => {
    calls++;
    const cause = Object.assign(new Error(), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
    return Promise.reject(new TypeError("fetch failed", { cause }));
  });
  expect((await failure(client.lookUp(CODE))).code).toBe("server-untrusted");
  expect(calls).toBe(1);
});

test.each([
  [0, "pending"],
  [1, "negative"],
  [2, "positive"],
  [3, "invalid"],
  [4, "redeemed"],
  [5, "pending"],
  [6, "negative"],
  [7, "positive"],
  [8, "invalid"],
  [9, "redeemed"],
])("the result %i, of a rapid test from 5 on, is %s", async (testResult, meaning) => {
  const client = clientOf(async () => Response.json({ testResult, sc: 1_600_000_000 }));
  expect(await client.testResult(new RegistrationToken("token"))).toBe(meaning);
});

test("a result that the Corona-Warn-App does not know is refused", async () => {
  const client = clientOf(async () => Response.json({ testResult: 10 }));
  const refused = await failure(client.testResult(new RegistrationToken("token")));
  expect(refused.code).toBe("server-answer-malformed");
});

test("where no laboratory is connected, nothing is looked up", async () => {
  const desk = deskOf(await startPilot(), { testResultsUrl: null });
  expect((await failure(desk.lookUp(CODE))).code).toBe("laboratories-not-connected");
});

test("where nothing can be published, nothing is sent", async () => {
  const desk = deskOf(await startPilot(), { keyServerUrl: null });
  const refused = await failure(desk.publish(new RegistrationToken("token"), wearerKeys(1)));
  expect(refused.code).toBe("publishing-not-connected");
  expect((await failure(desk.chaff("registration-token"))).code).toBe("publishing-not-connected");
});

test.each(["12345", "1234 5678", "", "١٢٣٤٥٦٧٨٩٠"])(
  "a health authority's code of another form is refused: '%s'",
  (code) => {
    expect(() => new VerificationCode(code)).toThrow(Failure);
  },
);

test("a code is verified once, even if the visit publishes with it again", async () => {
  const calls: string[] = [];
  const code = new VerificationCode("0123456789");
  const client = clientOf(async (url) => {
    const { pathname } = new URL(String(url));
    calls.push(pathname);
    if (pathname === "/api/verify") return Response.json({ testtype: "confirmed", token: "t" });
    return Response.json({ errorCode: "hmac_invalid" }, { status: 400 });
  });
  await failure(client.publish(code, wearerKeys(1)));
  expect(() => code.reveal()).toThrow(Failure);
  await failure(client.publish(code, wearerKeys(1)));
  expect(calls).toEqual(["/api/verify", "/api/certificate", "/api/certificate"]);
});
test.each(["", "not an address", "ftp://server/", "https://server/?a=b"])(
  "an address that is none is refused: '%s'",
  (verificationUrl) => {
    const settings = {
      verificationUrl,
      keyServerUrl: "https://keys.example",
      healthAuthorityId: "kz.saqbol",
    };
    expect(() => new KeyServerClient(settings)).toThrow(Failure);
  },
);
