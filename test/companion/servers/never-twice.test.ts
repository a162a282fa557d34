import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Failure } from "../../../companion/failure.ts";
import {
  KeyServerClient,
  type KeyToPublish,
  type Published,
  RegistrationToken,
  VerificationCode,
} from "../../../companion/servers/key-server-client.ts";
import { START, seededRandom, TODAY } from "../../server/pilot.ts";
import { VirtualPace } from "../../support/virtual-pace.ts";
import { type Fate, ModelServers } from "./model-servers.ts";

const CODE = "0123456789";

const KEYS: KeyToPublish[] = [1, 2, 3].map((day) => ({
  keyData: seededRandom(`key ${day}`)(16),
  rollingStartIntervalNumber: TODAY - 144 * day,
  rollingPeriod: 144,
}));

const textOf = ({ keyData }: KeyToPublish): string => Buffer.from(keyData).toString("base64");

const PLAIN = [
  { kind: "refused" },
  { kind: "request lost" },
  { kind: "answer lost" },
  { kind: "late" },
  { kind: "too many" },
  { kind: "server fails" },
  { kind: "redirected" },
  { kind: "proxy fails" },
  { kind: "database fails" },
  { kind: "database fails late" },
  { kind: "answered with nonsense" },
  { kind: "answered at length" },
] as const;

const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 10, arbitrary: fc.constant<Fate>({ kind: "answered" }) },
  { weight: 8, arbitrary: fc.constantFrom<Fate>(...PLAIN) },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 1, max: 1500 })
      .map((retryAfter) => ({ kind: "too many" as const, retryAfter })),
  },
);

interface Run {
  readonly model: ModelServers;
  readonly pace: VirtualPace;
  readonly outcome: Published | Failure;
}

/** What a model has or does besides. */
interface Circumstances {
  /** Keys that are on the server already. */
  readonly there?: readonly KeyToPublish[];
  /** Keys that are on the server already, with another period. */
  readonly withOtherPeriod?: readonly KeyToPublish[];
  /** Seconds that a certificate lasts. */
  readonly lifetime?: number;
  /** Whether the key server is down. */
  readonly down?: boolean;
}

async function publish(
  kind: "google" | "embedded",
  fates: readonly Fate[],
  seed = "",
  { there = [], withOtherPeriod = [], lifetime, down = false }: Circumstances = {},
): Promise<Run> {
  const pace = new VirtualPace(START);
  const model = new ModelServers(kind, pace, fates, CODE);
  for (const key of there) model.stored.set(textOf(key), 1);
  for (const key of withOtherPeriod) model.withOtherPeriod.add(textOf(key));
  model.lifetime = lifetime ?? model.lifetime;
  model.down = down;
  const client = new KeyServerClient({
    verificationUrl: "https://verification.example",
    keyServerUrl: "https://keys.example",
    healthAuthorityId: "kz.example",
    pace,
    random: seededRandom(seed),
    fetch: model.fetch,
  });
  const permission = kind === "google" ? new VerificationCode(CODE) : new RegistrationToken(CODE);
  const outcome = await client.publish(permission, KEYS).catch((error: unknown) => {
    if (error instanceof Failure) return error;
    throw error;
  });
  model.settle();
  return { model, pace, outcome };
}

const storedOf = (model: ModelServers): number =>
  KEYS.filter((key) => model.stored.has(textOf(key))).length;

describe.each(["google", "embedded"] as const)("with servers of the kind %s", (kind) => {
  const publications = (
    check: (run: Run) => void,
    there: readonly KeyToPublish[] = [],
  ): Promise<void> =>
    fc.assert(
      fc.asyncProperty(fc.array(fate, { maxLength: 40 }), fc.string(), async (fates, seed) =>
        check(await publish(kind, fates, seed, { there })),
      ),
      { numRuns: 500 },
    );

  test("whatever is lost or late, keys are published at most once", () =>
    publications(({ model }) => {
      expect(model.uploads).toBeLessThanOrEqual(1);
      expect([...model.stored.values()].every((times) => times === 1)).toBe(true);
    }));

  test("whatever is delivered twice, keys are published at most once", async () => {
    const doubled = fc.oneof(fate, fc.constant<Fate>({ kind: "doubled" }));
    await fc.assert(
      fc.asyncProperty(fc.array(doubled, { maxLength: 40 }), async (fates) => {
        const { model } = await publish(kind, fates);
        expect(model.uploads).toBeLessThanOrEqual(1);
      }),
      { numRuns: 300 },
    );
  });

  test("the very same body is sent again with the same certificate", () =>
    publications(({ model }) => {
      for (const bodies of model.bodies.values()) expect(bodies.size).toBe(1);
      if (kind === "google") expect(model.bodies.size).toBeLessThanOrEqual(1);
    }));

  test("what the desk is told is true", () =>
    publications(({ model, outcome }) => {
      if (!(outcome instanceof Failure)) {
        expect(storedOf(model)).toBe(KEYS.length);
        expect(outcome.inserted ?? KEYS.length).toBe(KEYS.length);
      } else if (outcome.code !== "publish-unconfirmed") {
        expect([outcome.code, storedOf(model)]).toEqual([outcome.code, 0]);
      }
    }));

  test("it ends in half an hour", () =>
    publications(({ pace }) => {
      expect(pace.now() - START).toBeLessThan(30 * 60);
    }));

  test("with a key of an earlier visit, nothing new is published or claimed", () =>
    publications(
      ({ model, outcome }) => {
        expect(model.uploads).toBe(0);
        if (!(outcome instanceof Failure)) expect(outcome.inserted).toBeUndefined();
      },
      [KEYS[0]!],
    ));
});

const times = (count: number, each: Fate): Fate[] => Array.from({ length: count }, () => each);

test("an answer that is lost counts as published: this project's server says how much", async () => {
  const { outcome } = await publish("embedded", [{ kind: "answered" }, { kind: "answer lost" }]);
  expect(outcome).toMatchObject({ inserted: 3 });
});

test("an answer that is lost counts as published: Google's server says only that it was", async () => {
  const { outcome } = await publish("google", [
    { kind: "answered" },
    { kind: "answered" },
    { kind: "answer lost" },
  ]);
  expect(outcome).toMatchObject({ inserted: undefined });
});

test("a lost answer to a code that was verified needs a new code", async () => {
  const { outcome } = await publish("google", [{ kind: "answer lost" }]);
  expect(outcome).toMatchObject({ code: "code-lost" });
});

test("a lost certificate of a verified code needs a new code", async () => {
  const { outcome } = await publish("google", [{ kind: "answered" }, { kind: "answer lost" }]);
  expect(outcome).toMatchObject({ code: "permission-lost" });
});

test("a certificate that has ended is renewed with a registration token only", async () => {
  const wait: Fate = { kind: "too many", retryAfter: 1000 };
  const renewed = await publish("embedded", [{ kind: "answered" }, wait]);
  expect(renewed.outcome).toMatchObject({ inserted: 3 });
  expect(renewed.model.bodies.size).toBe(2);
  const ended = await publish("google", [{ kind: "answered" }, { kind: "answered" }, wait]);
  expect(ended.outcome).toMatchObject({ code: "permission-ended" });
});

test("a certificate that is not renewed because keys were published leaves that open", async () => {
  const wait: Fate = { kind: "too many", retryAfter: 1000 };
  const run = await publish("embedded", [{ kind: "answered" }, { kind: "answer lost" }, wait]);
  expect(run.outcome).toMatchObject({ code: "publish-unconfirmed" });
  expect(storedOf(run.model)).toBe(3);
});

test("a server that is out of reach while a certificate lasts is given up, and nothing is published", async () => {
  const { outcome, pace } = await publish("embedded", [
    { kind: "answered" },
    ...times(100, { kind: "refused" }),
  ]);
  expect(outcome).toMatchObject({ code: "server-unreachable" });
  expect(pace.now() - START).toBeGreaterThan(14 * 60);
});

test.each(["answered with nonsense", "answered at length"] as const)(
  "an upload that is %s leaves it open whether keys were published",
  async (kind) => {
    const google = await publish("google", [{ kind: "answered" }, { kind: "answered" }, { kind }]);
    expect(google.outcome).toMatchObject({ code: "publish-unconfirmed" });
    expect(storedOf(google.model)).toBe(3);
    const embedded = await publish("embedded", [{ kind: "answered" }, { kind }]);
    expect(embedded.outcome).toMatchObject({ code: "publish-unconfirmed" });
    expect(storedOf(embedded.model)).toBe(3);
  },
);

test("a key server whose database fails in passing is tried again", async () => {
  const fails: Fate = { kind: "database fails" };
  const google = await publish("google", [{ kind: "answered" }, { kind: "answered" }, fails]);
  expect(google.outcome).toMatchObject({ inserted: 3 });
  const embedded = await publish("embedded", [{ kind: "answered" }, fails]);
  expect(embedded.outcome).toMatchObject({ inserted: 3 });
});

test("a database that failed after it had stored the keys leaves out how many", async () => {
  const { outcome } = await publish("google", [
    { kind: "answered" },
    { kind: "answered" },
    { kind: "database fails late" },
  ]);
  expect(outcome).toMatchObject({ inserted: undefined });
});

test.each(["google", "embedded"] as const)(
  "keys that a server of the kind %s never stores, as one that it has with another period, end with patience",
  async (kind) => {
    const before = times(kind === "google" ? 2 : 1, { kind: "answered" });
    const withOtherPeriod = [KEYS[0]!];
    const { outcome, model, pace } = await publish(kind, before, "", { withOtherPeriod });
    expect(outcome).toMatchObject({
      code: "publish-unconfirmed",
      message: expect.stringMatching(/went on failing to store.*another length.*--since/),
    });
    expect(storedOf(model)).toBe(0);
    expect(pace.now() - START).toBeLessThan(21 * 60);
  },
);

test.each([10, 30, 31, 40, 120])(
  "certificates that last %i seconds do not make a failing key server be asked more often",
  async (lifetime) => {
    const { outcome, model, pace } = await publish("embedded", [], "", { lifetime, down: true });
    expect(outcome).toMatchObject({ code: "publish-unconfirmed" });
    expect(pace.now() - START).toBeLessThan(21 * 60);
    // Pauses of a minute, each cut by up to half, and a certificate for each.
    expect(model.requests).toBeLessThan(2 * (2 * 20 + 10));
  },
);
