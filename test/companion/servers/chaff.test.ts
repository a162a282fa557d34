import { createServer, type Socket } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sendChaff } from "../../../companion/servers/chaff-schedule.ts";
import {
  KeyServerClient,
  type KeyServerSettings,
  type KeyToPublish,
  PublishingVisit,
  VerificationCode,
} from "../../../companion/servers/key-server-client.ts";
import { systemPace } from "../../../companion/servers/pace.ts";
import type { TokenClient } from "../../../companion/token/token-client.ts";
import { shareVisit } from "../../../companion/visit/share-visit.ts";
import { START, seededRandom, TODAY } from "../../server/pilot.ts";
import { VirtualPace } from "../../support/virtual-pace.ts";

/** One request as it went over the wire. */
interface Wire {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Bytes of all of it. */
  readonly bytes: number;
}

/** As long as Google's: it covers at least 28 keys, whatever their number. */
const REVISION_TOKEN = "r".repeat(1400);
const JWT = `${"h".repeat(60)}.${"c".repeat(420)}.${"s".repeat(86)}`;

let requests: Wire[] = [];
let url: string;
const sockets = new Set<Socket>();

// Bytes on the wire are what an observer sees, so that no HTTP server stands in between.
const server = createServer((socket) => {
  sockets.add(socket);
  let seen = "";
  socket.on("data", (bytes) => {
    seen += bytes.toString("latin1");
    const end = seen.indexOf("\r\n\r\n") + 4;
    const length = Number(/content-length: (\d+)/i.exec(seen)?.[1]);
    if (end < 4 || seen.length < end + length) return;
    requests.push(wireOf(seen, end));
    seen = "";
    const answer = JSON.stringify({
      registrationToken: "0c1c4b1f-6f9e-4d4c-9d7f-0d4b1e7a1c11",
      testResult: 2,
      token: JWT,
      certificate: JWT,
      insertedExposures: 1,
      revisionToken: REVISION_TOKEN,
    });
    socket.write(
      `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${answer.length}\r\n\r\n${answer}`,
    );
  });
});

function wireOf(request: string, end: number): Wire {
  const [first = "", ...lines] = request.slice(0, end).trimEnd().split("\r\n");
  const headers = lines.map((line) => /^([^:]+): ?(.*)$/.exec(line)!);
  return {
    path: first.split(" ")[1]!,
    headers: Object.fromEntries(headers.map(([, name, value]) => [name!.toLowerCase(), value!])),
    body: request.slice(end),
    bytes: request.length,
  };
}

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
});

afterAll(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

beforeEach(() => {
  requests = [];
});

function clientOf(seed: string, changes: Partial<KeyServerSettings> = {}): KeyServerClient {
  return new KeyServerClient({
    verificationUrl: url,
    apiKey: "key",
    keyServerUrl: url,
    healthAuthorityId: "kz.example.app",
    pace: new VirtualPace(START),
    random: seededRandom(seed),
    ...changes,
  });
}

const keysOf = (count: number, seed: string): KeyToPublish[] =>
  Array.from({ length: count }, (_, i) => ({
    keyData: seededRandom(`${seed} ${i}`)(16),
    rollingStartIntervalNumber: TODAY - 144 * (i + 1),
    rollingPeriod: 144,
  }));

/** A token that hands out these keys. */
const tokenWith = (keys: readonly KeyToPublish[]): TokenClient =>
  ({
    status: async () => ({ state: "on" }),
    setClock: async () => {},
    setState: async () => {},
    readKeys: async () => keys,
  }) as unknown as TokenClient;

/** Publishes as `saqbol share` does, in the n-th of many ways. */
async function publishReally(kind: "verification-code" | "registration-token", n: number) {
  const client = clientOf(`real ${n}`);
  const visit = new PublishingVisit();
  if (n % 2) visit.revisionToken = REVISION_TOKEN;
  const keys = keysOf(1 + (n % 17), `real ${n}`);
  const options = { visit, traveler: n % 3 === 0, symptomOnsetInterval: n % 5 ? TODAY : undefined };
  const code = kind === "registration-token" || n % 7 ? "0123456789" : "0123456789abcdef";
  const permission =
    kind === "registration-token" ? await client.lookUp(code) : new VerificationCode(code);
  if (permission.kind === "registration-token") await client.testResult(permission);
  return shareVisit(tokenWith(keys), client, permission, true, () => START, options);
}

describe.each(["verification-code", "registration-token"] as const)("with a %s", (kind) => {
  const CALLS = {
    "verification-code": ["/api/verify", "/api/certificate", "/v1/publish"],
    "registration-token": [
      "/version/v1/registrationToken",
      "/version/v1/testresult",
      "/api/certificate",
      "/v1/publish",
    ],
  }[kind];

  async function realAndChaff(): Promise<[Wire[], Wire[]]> {
    for (let n = 0; n < 40; n++) await publishReally(kind, n);
    const real = requests;
    requests = [];
    for (let n = 0; n < 40; n++) await clientOf(`chaff ${n}`).chaff(kind);
    return [real, requests];
  }

  test("chaff makes the same calls in the same order as saqbol share", async () => {
    const [real, chaff] = await realAndChaff();
    expect(real.slice(0, CALLS.length).map(({ path }) => path)).toEqual(CALLS);
    expect(chaff.map(({ path }) => path)).toEqual(real.map(({ path }) => path));
  });

  test("chaff and publications have one length for each call, whatever they hold", async () => {
    const [real, chaff] = await realAndChaff();
    for (const path of CALLS) {
      const lengths = (wires: Wire[]) =>
        new Set(wires.filter((wire) => wire.path === path).map(({ bytes }) => bytes));
      expect(lengths(real).size).toBe(1);
      expect(lengths(chaff)).toEqual(lengths(real));
    }
  });

  test("chaff has the headers of a publication, but for its mark and what follows from it", async () => {
    const [real, chaff] = await realAndChaff();
    chaff.forEach(({ path, headers }, i) => {
      const { "x-chaff": mark, "content-length": _, "cwa-fake": fake, ...others } = headers;
      const { "content-length": __, "cwa-fake": real0, ...expected } = real[i]!.headers;
      const padding = "cwa-header-padding";
      expect({ ...others, [padding]: "" }).toEqual({ ...expected, [padding]: "" });
      expect(others[padding]?.length).toBe(expected[padding]?.length);
      const inCwaManner = path.startsWith("/version");
      expect([mark, fake, real0]).toEqual(
        inCwaManner ? [undefined, "1", "0"] : ["1", undefined, undefined],
      );
    });
  });

  test("chaff holds nothing but random characters", async () => {
    const [, chaff] = await realAndChaff();
    for (const { body, path } of chaff) {
      const field = path.startsWith("/version") ? "requestPadding" : "padding";
      expect(Object.keys(JSON.parse(body))).toEqual([field]);
    }
    expect(new Set(chaff.map(({ body }) => body)).size).toBe(chaff.length);
  });
});

test("bodies of one server have one size: 250 bytes for results, 5000 for publishing", async () => {
  await publishReally("registration-token", 3);
  expect(requests.map(({ body }) => body.length)).toEqual([250, 250, 5000, 5000]);
  const [lookUp, result] = requests;
  // Together with the paths' lengths, which differ by seven.
  expect([
    lookUp!.headers["cwa-header-padding"],
    result!.headers["cwa-header-padding"]!.length,
  ]).toEqual(["", 7]);
  expect(lookUp!.bytes).toBe(result!.bytes);
});

test("an upload of more keys than fit is a multiple of that size", async () => {
  const client = clientOf("many");
  await client.publish(new VerificationCode("0123456789"), keysOf(30, "many"), {
    visit: Object.assign(new PublishingVisit(), { revisionToken: REVISION_TOKEN }),
  });
  expect(requests.at(-1)!.body.length).toBe(10_000);
});

test("between look-up and upload chaff waits as long as a visit takes", async () => {
  const pauses = [];
  for (let n = 0; n < 200; n++) {
    const pace = new VirtualPace(START);
    await clientOf(`${n}`, { pace }).chaff("registration-token");
    pauses.push(...pace.pauses);
  }
  expect(pauses).toHaveLength(200);
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(15);
  expect(Math.max(...pauses)).toBeLessThan(240);
  expect(new Set(pauses).size).toBe(200);
});

test("after a real look-up, only what follows one in a publication is sent", async () => {
  await clientOf("after").chaff("registration-token", true);
  expect(requests.map(({ path }) => path)).toEqual(["/api/certificate", "/v1/publish"]);
});

test("chaff that is stopped during the visit ends at once, and sends nothing more", async () => {
  const stop = new AbortController();
  const pace = {
    now: () => START,
    // Like the computer's clock, which is interrupted only by the signal.
    wait: (_: number, signal?: AbortSignal) => {
      const ended = new Promise<void>((resolve, reject) => {
        if (!signal) reject(new Error("the wait cannot be interrupted"));
        signal?.addEventListener("abort", () => resolve());
      });
      stop.abort();
      return ended;
    },
  };
  const sent = await clientOf("stopped", { pace }).chaff("registration-token", false, stop.signal);
  expect(sent).toBe(false);
  expect(requests.map(({ path }) => path)).toEqual([
    "/version/v1/registrationToken",
    "/version/v1/testresult",
  ]);
});

test("the computer's clock ends a wait when it is stopped", async () => {
  const stop = new AbortController();
  const waiting = systemPace.wait(240, stop.signal);
  stop.abort();
  await waiting;
});

test.each([
  ["that refuses", () => Response.json({ errorCode: "unauthorized" }, { status: 401 })],
  ["that answers nonsense", () => new Response("<html>")],
  ["that has too many calls", () => new Response("", { status: 429 })],
  ["that is not there", () => Promise.reject(new TypeError("fetch failed"))],
])("no answer to chaff is looked at, and none repeated: with a server %s", async (_, answer) => {
  let calls = 0;
  const fetch = async () => {
    calls++;
    return answer();
  };
  await clientOf("deaf", { fetch }).chaff("verification-code");
  expect(calls).toBe(3);
});

describe("the schedule", () => {
  async function gaps(perDay: number, count: number): Promise<number[]> {
    const pace = new VirtualPace(START);
    const stop = new AbortController();
    let sent = 0;
    await sendChaff({
      perDay,
      pace,
      random: seededRandom(`gaps ${perDay}`),
      signal: stop.signal,
      send: async () => {
        if (++sent === count) stop.abort();
      },
    });
    return pace.pauses;
  }

  test.each([1, 8, 100])("sends %i a day on average", async (perDay) => {
    const all = await gaps(perDay, 4000);
    const mean = all.reduce((sum, gap) => sum + gap, 0) / all.length;
    expect(Math.abs(mean / (86_400 / perDay) - 1)).toBeLessThan(0.05);
  });

  test("has gaps without memory: one in e is longer than the mean, at any time", async () => {
    const all = await gaps(10, 4000);
    const longer = (gaps: number[], than: number) =>
      gaps.filter((gap) => gap > than).length / gaps.length;
    const mean = 8640;
    expect(longer(all, mean)).toBeCloseTo(Math.exp(-1), 1);
    const rest = all.filter((gap) => gap > mean).map((gap) => gap - mean);
    expect(longer(rest, mean)).toBeCloseTo(Math.exp(-1), 1);
  });

  test("sends nothing more once it is stopped", async () => {
    const stop = new AbortController();
    stop.abort();
    await sendChaff({
      perDay: 10,
      pace: new VirtualPace(START),
      random: seededRandom("stopped"),
      signal: stop.signal,
      send: () => Promise.reject(new Error("something was sent")),
    });
  });
});
