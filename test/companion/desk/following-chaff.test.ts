import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Desk } from "../../../companion/desk/desk.ts";
import type { EspruinoDevice } from "../../../simulator/espruino/device.ts";
import { expectFailure } from "../../support/expect-failure.ts";
import { DAY, MINUTE } from "../../support/rig.ts";
import { CODE, cardOf, type DeskChanges, DeskRig } from "./desk-rig.ts";

/** A request as an observer of the line sees it. */
interface Seen {
  readonly path: string;
  /** Seconds since the desk was opened. */
  readonly at: number;
  /** Bytes of the body and of headers that are not the same for all. */
  readonly bytes: number;
  /** What an observer does not see. */
  readonly isChaff: boolean;
}

const LOOK_UP = ["/version/v1/registrationToken", "/version/v1/testresult"];
const PUBLICATION = ["/api/certificate", "/v1/publish"];

let rig: DeskRig;
let seen: Seen[];
let clock: number;

beforeEach(async () => {
  rig = await DeskRig.open();
  seen = [];
  clock = 0;
});

afterEach(() => rig.close());

const drive = <T>(promise: Promise<T>): Promise<T> => rig.world.drive(promise);
const pathsOf = (requests: readonly Seen[]): string[] => requests.map(({ path }) => path);
const chaff = (): Seen[] => seen.filter(({ isChaff }) => isChaff);

function deskWithChaff(changes: DeskChanges = {}): Desk {
  return rig.desk({
    chaff: true,
    exports: undefined,
    lockAfterSeconds: undefined,
    fetch: (url, init) => {
      const { "X-Chaff": mark } = init!.headers as Record<string, string>;
      const bytes = String(init!.body).length + (mark ? "X-Chaff: 1\r\n".length : 0);
      const { pathname } = new URL(String(url));
      seen.push({ path: pathname, at: clock, bytes, isChaff: mark !== undefined });
      return answered(url, init);
    },
    ...changes,
  });
}

const calls = new Set<Promise<unknown>>();

// A call that is answered whole when its answer is there.
async function answered(...request: Parameters<typeof fetch>): Promise<Response> {
  const call = fetch(...request).then(
    async (response) => new Response(await response.arrayBuffer(), response),
  );
  calls.add(call);
  return call.finally(() => calls.delete(call));
}

async function settle(): Promise<void> {
  do {
    await Promise.allSettled(calls);
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
  } while (calls.size > 0);
}

/** Lets time pass for the desk, and its calls be answered. */
async function pass(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    clock++;
    rig.timers.pass(1);
    await new Promise(setImmediate);
  }
  await settle();
}

async function lookedUp(
  desk: Desk,
  result?: "positive" | "negative" | "invalid",
  code = CODE,
): Promise<void> {
  await rig.register(code, result);
  await drive(desk.lookUp({ code }));
}

async function worn(): Promise<EspruinoDevice> {
  const device = await rig.wornToken("A");
  rig.world.run(DAY);
  rig.press(device);
  return device;
}

describe("after a look-up with which nothing can be published", () => {
  test.each(["negative", "invalid", undefined] as const)(
    "what would have followed is sent as late as in a visit, whether that goes on or not (%s)",
    async (result) => {
      const desk = deskWithChaff();
      await lookedUp(desk, result);
      await pass(14);
      if (result === "negative") await desk.finish({});
      expect(chaff()).toEqual([]);
      await pass(4 * MINUTE);
      expect(pathsOf(seen)).toEqual([...LOOK_UP, ...PUBLICATION]);
      expect(chaff()).toHaveLength(2);
    },
  );

  test("it comes after 15 seconds to four minutes, another time each", async () => {
    const desk = deskWithChaff();
    for (let visit = 0; visit < 12; visit++) {
      await lookedUp(desk, "negative", `${visit}`.padStart(10, "0"));
      const began = clock;
      await desk.finish({});
      await pass(4 * MINUTE);
      clock = began + 1000;
    }
    expect(chaff()).toHaveLength(24);
    const pauses = chaff().map(({ at }) => at % 1000);
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(15);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(240);
    expect(new Set(pauses).size).toBeGreaterThan(6);
  });
});

describe("after a positive test", () => {
  test("nothing is sent while its keys may yet be published; when nothing was, it is sent then", async () => {
    const desk = deskWithChaff();
    await lookedUp(desk, "positive");
    await pass(20 * MINUTE);
    expect(chaff()).toEqual([]);
    await desk.finish({});
    await pass(1);
    expect(pathsOf(chaff())).toEqual(PUBLICATION);
  });

  test("that a clerk passes over at once, it is as late as in a visit", async () => {
    const desk = deskWithChaff();
    await lookedUp(desk, "positive");
    await desk.finish({});
    await pass(14);
    expect(chaff()).toEqual([]);
    await pass(4 * MINUTE);
    expect(pathsOf(chaff())).toEqual(PUBLICATION);
  });

  test("whose keys were published, nothing follows", async () => {
    const device = await worn();
    const desk = deskWithChaff();
    await lookedUp(desk, "positive");
    await drive(desk.begin({ card: cardOf(device) }));
    await drive(desk.share({}));
    await desk.finish({});
    await pass(10 * MINUTE);
    expect(chaff()).toEqual([]);
    expect(pathsOf(seen)).toEqual([...LOOK_UP, ...PUBLICATION]);
  });

  test("whose visit is wiped, it is sent", async () => {
    const device = await worn();
    const desk = deskWithChaff({ lockAfterSeconds: 300 });
    await lookedUp(desk, "positive");
    await drive(desk.begin({ card: cardOf(device) }));
    await pass(5 * MINUTE);
    expect(desk.view.locked).toBe(true);
    expect(chaff()).toEqual([]);
    rig.world.run(20 * MINUTE);
    await pass(15 * MINUTE);
    expect(pathsOf(chaff())).toEqual(PUBLICATION);
  });
});

describe("before the next look-up", () => {
  test.each(["positive", "negative"] as const)(
    "what is to follow a %s one is sent, since no publication would come later",
    async (result) => {
      const desk = deskWithChaff();
      await lookedUp(desk, result);
      await pass(5);
      await lookedUp(desk, "negative", "1111111111");
      expect(pathsOf(seen)).toEqual([...LOOK_UP, ...PUBLICATION, ...LOOK_UP]);
      await desk.finish({});
      await pass(4 * MINUTE);
      expect(pathsOf(seen)).toEqual([...LOOK_UP, ...PUBLICATION, ...LOOK_UP, ...PUBLICATION]);
    },
  );

  test("that of a visit which was ended during it is finished first", async () => {
    const desk = deskWithChaff();
    await rig.register(CODE, "positive");
    await rig.register("1111111111", "negative");
    const first = desk.lookUp({ code: CODE });
    const ended = expectFailure(first, "visit-ended");
    while (seen.length === 0) await new Promise(setImmediate);
    await desk.finish({});
    const second = desk.lookUp({ code: "1111111111" });
    await ended;
    await drive(second);
    expect(pathsOf(seen)).toEqual([...LOOK_UP, ...PUBLICATION, ...LOOK_UP]);
  });
});

test("an observer sees the same calls and lengths, whether keys were published or not", async () => {
  const device = await worn();
  const desk = deskWithChaff();
  await lookedUp(desk, "positive");
  await drive(desk.begin({ card: cardOf(device) }));
  await drive(desk.share({}));
  await desk.finish({});
  const real = seen;
  seen = [];
  await lookedUp(desk, "negative", "1111111111");
  await desk.finish({});
  await pass(4 * MINUTE);
  const visible = (requests: readonly Seen[]) => requests.map(({ path, bytes }) => [path, bytes]);
  expect(visible(seen)).toEqual(visible(real));
  expect(real.some(({ isChaff }) => isChaff)).toBe(false);
});

test("with codes of the health authority, its calls are those of a publication with a code", async () => {
  const desk = deskWithChaff({ publishing: "verification-code", apiKey: rig.server.deviceKey });
  await lookedUp(desk, "negative");
  await pass(10 * MINUTE);
  // A code may be at hand all the same.
  expect(chaff()).toEqual([]);
  await desk.finish({});
  await pass(1);
  expect(pathsOf(chaff())).toEqual(["/api/verify", ...PUBLICATION]);
});

test("a look-up that failed is followed by nothing", async () => {
  const desk = deskWithChaff();
  await expectFailure(drive(desk.lookUp({ code: CODE })), "code-unknown");
  await desk.finish({});
  await pass(10 * MINUTE);
  expect(chaff()).toEqual([]);
});

test("a desk whose settings have no chaff sends none", async () => {
  const desk = deskWithChaff({ chaff: false });
  await lookedUp(desk, "negative");
  await desk.finish({});
  await pass(10 * MINUTE);
  expect(pathsOf(seen)).toEqual(LOOK_UP);
});

test("a desk that is closed sends nothing more, once what is under way has ended", async () => {
  const desk = deskWithChaff();
  await lookedUp(desk, "positive");
  await pass(10 * MINUTE);
  const finished = desk.finish({});
  await desk.close();
  await finished;
  expect(pathsOf(chaff())).toEqual(PUBLICATION);
  const other = deskWithChaff();
  await lookedUp(other, "negative", "1111111111");
  await other.close();
  expect(rig.timers.waiting).toBe(0);
  expect(chaff()).toHaveLength(2);
});

test("servers that fail chaff change nothing", async () => {
  const desk = deskWithChaff({
    fetch: async (url, init) => {
      const { "X-Chaff": mark } = init!.headers as Record<string, string>;
      if (!mark) return fetch(url, init);
      seen.push({ path: String(url), at: 0, bytes: 0, isChaff: true });
      throw new TypeError("fetch failed");
    },
  });
  await lookedUp(desk, "negative");
  await pass(4 * MINUTE);
  expect(chaff()).toHaveLength(2);
  expect(desk.view).toMatchObject({ failure: null, activity: null, test: { result: "negative" } });
});
