import { expect, test } from "vitest";
import { Failure } from "../../../companion/failure.ts";
import {
  KeyServerClient,
  type KeyToPublish,
} from "../../../companion/servers/key-server-client.ts";
import { type Pilot, seededRandom, startPilot, TODAY } from "../../server/pilot.ts";

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
  });
}

async function positive(pilot: Pilot) {
  await pilot.test(CODE, "positive");
  return pilot.client().lookUp(CODE);
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

test("only the SHA-256 of the code is sent, and all verification bodies have one size", async () => {
  const pilot = await startPilot();
  await pilot.test(CODE, "positive");
  const bodies: string[] = [];
  const client = pilot.client({
    fetch: (url, init) => {
      bodies.push(String(init?.body));
      return fetch(url, init);
    },
  });
  const token = await client.lookUp(CODE);
  await client.testResult(token);
  await client.publish(token, wearerKeys(14));
  expect(bodies).toHaveLength(4);
  expect(bodies.slice(0, 3).map((body) => body.length)).toEqual([250, 250, 250]);
  expect(bodies.join()).not.toContain(CODE);
});

test("an unknown code is told from a pending one", async () => {
  const pilot = await startPilot();
  expect((await failure(pilot.client().lookUp(CODE))).code).toBe("code-unknown");
  await pilot.test(CODE);
  const token = await pilot.client().lookUp(CODE);
  expect(await pilot.client().testResult(token)).toBe("pending");
});

test.each(["negative", "positive", "invalid"] as const)("a %s result is told", async (result) => {
  const pilot = await startPilot();
  await pilot.test(CODE, result);
  const token = await pilot.client().lookUp(CODE);
  expect(await pilot.client().testResult(token)).toBe(result);
});

test("too many attempts say when to try again", async () => {
  const pilot = await startPilot();
  for (let i = 0; i < 10; i++) await failure(pilot.client().lookUp(CODE));
  pilot.time += 600;
  const refused = await failure(pilot.client().lookUp(CODE));
  expect(refused.code).toBe("too-many-attempts");
  expect(refused.message).toContain("in 50 minutes");
});

test("keys are published once; then the test is used up", async () => {
  const pilot = await startPilot();
  const token = await positive(pilot);
  const published = await pilot.client().publish(token, wearerKeys(14));
  expect(published).toEqual({ inserted: 14, revisionToken: expect.any(String) });
  expect((await failure(pilot.client().publish(token, wearerKeys(14)))).code).toBe("token-invalid");
  const fresh = await pilot.client().lookUp(CODE);
  expect(await pilot.client().testResult(fresh)).toBe("redeemed");
  expect((await failure(pilot.client().publish(fresh, wearerKeys(1, "more")))).code).toBe(
    "already-used",
  );
});

test("nothing is published for a test that is not positive", async () => {
  const pilot = await startPilot();
  await pilot.test(CODE, "negative");
  const token = await pilot.client().lookUp(CODE);
  expect((await failure(pilot.client().publish(token, wearerKeys(1)))).code).toBe(
    "test-not-positive",
  );
});

test("a token that was replaced is refused", async () => {
  const pilot = await startPilot();
  const token = await positive(pilot);
  await pilot.client().lookUp(CODE);
  expect((await failure(pilot.client().testResult(token))).code).toBe("token-invalid");
});

test("keys that were published with another test are refused as a whole", async () => {
  const pilot = await startPilot();
  await pilot.client().publish(await positive(pilot), wearerKeys(2));
  await pilot.test("0987654321", "positive");
  const token = await pilot.client().lookUp("0987654321");
  expect((await failure(pilot.client().publish(token, wearerKeys(3)))).code).toBe(
    "keys-already-published",
  );
});

test("keys that break the rules are refused", async () => {
  const pilot = await startPilot();
  const keys = [{ ...wearerKeys(1)[0]!, rollingPeriod: 145 }];
  expect((await failure(pilot.client().publish(await positive(pilot), keys))).code).toBe(
    "keys-refused",
  );
});

test.each(["before the call arrives", "after the call arrived"])(
  "a connection that fails %s is tried once more with the same request",
  async (moment) => {
    const pilot = await startPilot();
    const token = await positive(pilot);
    const bodies: unknown[] = [];
    const client = pilot.client({
      fetch: async (url, init) => {
        if (!String(url).endsWith("/v1/publish")) return fetch(url, init);
        bodies.push(init?.body);
        if (bodies.length > 1) return fetch(url, init);
        if (moment.startsWith("after")) await (await fetch(url, init)).text();
        throw new TypeError("connection lost");
      },
    });
    const published = await client.publish(token, wearerKeys(14));
    expect(published).toEqual({ inserted: 14, revisionToken: expect.any(String) });
    expect(bodies).toHaveLength(2);
    expect(bodies[0]).toBe(bodies[1]);
  },
);

test("two failed connections leave the publication unconfirmed", async () => {
  const pilot = await startPilot();
  const token = await positive(pilot);
  const client = pilot.client({
    fetch: (url, init) =>
      String(url).endsWith("/v1/publish") ? Promise.reject(new TypeError()) : fetch(url, init),
  });
  expect((await failure(client.publish(token, wearerKeys(1)))).code).toBe("publish-unconfirmed");
});

test("a publish body carries 1 to 2 kB of padding", async () => {
  const pilot = await startPilot();
  const token = await positive(pilot);
  let padding = "";
  const client = pilot.client({
    fetch: (url, init) => {
      padding = JSON.parse(String(init?.body)).padding;
      return fetch(url, init);
    },
  });
  await client.publish(token, wearerKeys(1));
  expect(padding.length).toBeGreaterThanOrEqual(1024);
  expect(padding.length).toBeLessThanOrEqual(2048);
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

test("redirections are not followed", async () => {
  let redirect: unknown;
  const client = clientOf(async (_, init) => {
    redirect = init?.redirect;
    return new Response("");
  });
  await failure(client.lookUp(CODE));
  expect(redirect).toBe("error");
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
