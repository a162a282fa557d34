import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Desk } from "../../../companion/desk/desk.ts";
import { Failure } from "../../../companion/failure.ts";
import { LEVEL_NONE } from "../../../protocol/messages.ts";
import type { EspruinoDevice } from "../../../simulator/espruino/device.ts";
import type { LinkFaults } from "../../../simulator/link.ts";
import { HOUR } from "../../support/rig.ts";
import { cardOf, DeskRig } from "./desk-rig.ts";

let rig: DeskRig;
let codes = 0;

const desks: Desk[] = [];
afterEach(async () => {
  for (const desk of desks.splice(0)) await drive(desk.close());
});

const drive = <T>(promise: Promise<T>): Promise<T> => rig.world.drive(promise);

/** One thing that goes wrong, at one point; whether it came to that. */
interface Fault {
  /** It is over. */
  mend(): void;
  readonly hasStruck: boolean;
}

/** Does what a clerk does: tries again once, with the button held, when something fails for one of these reasons. */
async function insist<T>(
  desk: Desk,
  device: EspruinoDevice,
  fault: Fault,
  reasons: readonly string[],
  act: () => Promise<T>,
): Promise<T> {
  const hold = async (): Promise<T> => {
    rig.press(device);
    return drive(act());
  };
  try {
    return await hold();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(reasons).toContain(error.code);
    expect(desk.view).toMatchObject({ activity: null, failure: { code: error.code } });
    fault.mend();
    // The window of the first time has closed.
    rig.world.run(70);
    const result = await hold();
    expect(desk.view).toMatchObject({ activity: null, failure: null });
    return result;
  }
}

describe("a link", () => {
  beforeAll(async () => {
    rig = await DeskRig.open("links");
  });
  afterAll(() => rig.close());

  interface LinkFault extends Fault {
    readonly faults: LinkFaults;
  }

  type Make = (at: number) => LinkFault;

  const faultOf =
    (name: keyof LinkFaults, isForGood: boolean): Make =>
    (at) => {
      let count = 0;
      let isMended = false;
      const strike = (): boolean => ++count === at || (isForGood && count > at && !isMended);
      return {
        faults: { [name]: strike },
        mend: () => {
          isMended = true;
        },
        get hasStruck() {
          return count >= at;
        },
      };
    };

  const FAULTS: readonly (readonly [string, Make])[] = [
    ["is cut before a write", faultOf("cutBeforeWrite", false)],
    ["is cut before a write, and for good", faultOf("cutBeforeWrite", true)],
    ["is cut before a notification", faultOf("cutBeforeNotification", false)],
    ["is cut before a notification, and for good", faultOf("cutBeforeNotification", true)],
    ["loses a notification", faultOf("loseNotification", false)],
    ["loses all notifications from one on", faultOf("loseNotification", true)],
  ];
  const REASONS = ["link-lost", "token-silent"];

  /** Makes the fault strike everywhere in turn, until it is out of the action's reach. */
  async function everywhere(make: Make, run: (fault: LinkFault) => Promise<void>): Promise<void> {
    let at = 1;
    for (; ; at++) {
      const fault = make(at);
      await run(fault);
      if (!fault.hasStruck) break;
    }
    expect(at).toBeGreaterThan(9);
  }

  function deskWith(device: EspruinoDevice, { faults }: LinkFault): Desk {
    const desk = rig.desk({ faults, devices: [device], lockAfterSeconds: undefined });
    desks.push(desk);
    return desk;
  }

  let exposed: EspruinoDevice | undefined;
  /** What a check finds without faults. */
  let found: object | undefined;

  describe.each(FAULTS)("that %s", (_, make) => {
    test("ends no first visit: consent is recorded, the clock is right", async () => {
      await everywhere(make, async (fault) => {
        const device = await rig.token(`new ${rig.devices.length}`);
        const desk = deskWith(device, fault);
        const retry = <T>(act: () => Promise<T>) => insist(desk, device, fault, REASONS, act);
        await retry(() => desk.begin({ card: cardOf(device) }));
        expect(await retry(() => desk.enrol({}))).toMatchObject({ state: "on", clockSet: true });
        expect(await retry(() => desk.pause({}))).toMatchObject({ state: "paused" });
        expect(await retry(() => desk.erase({ afterwards: "on" }))).toMatchObject({ state: "on" });
        await desk.finish({});
        device.powerOff();
      });
    }, 60_000);

    test("ends no check: the result is the same, and on the token", async () => {
      const device = exposed ?? (await rig.exposedToken());
      exposed = device;
      await everywhere(make, async (fault) => {
        rig.world.run(70);
        await rig.atDesk(device, async (client) => {
          const { exposure } = await client.status();
          await client.writeExposure({ ...exposure, level: LEVEL_NONE, day: 0, minutes: 0 });
        });
        const desk = deskWith(device, fault);
        const retry = <T>(act: () => Promise<T>) => insist(desk, device, fault, REASONS, act);
        await retry(() => desk.begin({ card: cardOf(device) }));
        const check = await retry(() => desk.check({}));
        found ??= { days: check.days, encounters: check.encounters };
        expect(check).toMatchObject({ level: "high", ...found });
        expect(desk.view.visit!.status!.exposure).toMatchObject({ level: "high" });
        await desk.finish({});
      });
    }, 60_000);
    test("ends no sharing: keys are published once, and consent is taken back", async () => {
      await everywhere(make, async (fault) => {
        const device = await rig.wornToken(`sharing ${rig.devices.length}`);
        rig.world.run(HOUR);
        const code = `${++codes}`.padStart(10, "0");
        await rig.register(code, "positive");
        const desk = deskWith(device, fault);
        const retry = <T>(act: () => Promise<T>) => insist(desk, device, fault, REASONS, act);
        await drive(desk.lookUp({ code }));
        await retry(() => desk.begin({ card: cardOf(device) }));
        const published = await retry(() => desk.share({}));
        expect(published.inserted).toBeGreaterThan(0);
        await desk.finish({});
        rig.world.run(70);
        const status = await rig.atDesk(device, (client) => client.status());
        expect(status).toMatchObject({ publishConsent: false, state: "on" });
        expect(await drive(desk.lookUp({ code }))).toEqual({ result: "redeemed" });
        device.powerOff();
      });
    }, 60_000);
  });
});

describe("a server", () => {
  beforeAll(async () => {
    rig = await DeskRig.open("servers");
  });
  afterAll(() => rig.close());

  type Answer = () => Promise<Response>;
  /** What becomes of a request that the server would answer so. */
  type Fate = (answer: Answer) => Promise<Response>;

  const lost = (cause: object): TypeError => new TypeError("fetch failed", { cause });
  const FATES: readonly (readonly [string, Fate])[] = [
    [
      "cannot be reached",
      async () => {
        throw lost({ syscall: "connect", code: "ECONNREFUSED" });
      },
    ],
    [
      "loses a request on the way",
      async () => {
        throw lost({ code: "ECONNRESET" });
      },
    ],
    [
      "loses an answer on the way",
      async (answer) => {
        await (await answer()).arrayBuffer();
        throw lost({ code: "ECONNRESET" });
      },
    ],
    ["fails", async () => new Response("", { status: 500 })],
    ["fails after it has done what was asked", async (answer) => failed(await answer())],
    ["has too many calls", async () => new Response("", { status: 429 })],
  ];
  const failed = async (answer: Response): Promise<Response> => {
    await answer.arrayBuffer();
    return new Response("", { status: 502 });
  };
  const REASONS = [
    "server-unreachable",
    "server-failed",
    "too-many-attempts",
    "publish-unconfirmed",
  ];

  interface ServerFault extends Fault {
    readonly fetch: typeof globalThis.fetch;
    /** How often each key (base64) was stored by the key server, whether its answer arrived or not. */
    readonly stored: ReadonlyMap<string, number>;
  }

  function faultAt(at: number, fate: Fate, isForGood: boolean): ServerFault {
    let count = 0;
    let isMended = false;
    const stored = new Map<string, number>();
    return {
      fetch: async (url, init) => {
        const answer: Answer = async () => {
          const response = await fetch(url, init);
          if (!String(url).endsWith("/v1/publish")) return response;
          const { temporaryExposureKeys } = JSON.parse(String(init?.body)) as Upload;
          const { insertedExposures = 0 } = (await response.clone().json()) as UploadAnswer;
          expect([0, temporaryExposureKeys.length]).toContain(insertedExposures);
          for (const { key } of insertedExposures ? temporaryExposureKeys : []) {
            stored.set(key, (stored.get(key) ?? 0) + 1);
          }
          return response;
        };
        const isStruck = ++count === at || (isForGood && count > at && !isMended);
        return isStruck ? fate(answer) : answer();
      },
      mend: () => {
        isMended = true;
      },
      stored,
      get hasStruck() {
        return count >= at;
      },
    };
  }

  interface Upload {
    readonly temporaryExposureKeys: readonly { readonly key: string }[];
  }

  interface UploadAnswer {
    readonly insertedExposures?: number;
  }

  describe.each(FATES)("that %s", (_, fate) => {
    describe.each([
      ["once", false],
      ["until it is mended", true],
    ])("%s", (_, isForGood) => {
      const everywhere = async (run: (fault: ServerFault) => Promise<void>): Promise<void> => {
        let at = 1;
        for (; ; at++) {
          const fault = faultAt(at, fate, isForGood);
          await run(fault);
          if (!fault.hasStruck) break;
        }
        expect(at).toBeGreaterThan(2);
      };

      test("makes no check say that there was nobody", async () => {
        const device = exposed ?? (await rig.exposedToken());
        exposed = device;
        await everywhere(async (fault) => {
          rig.forgetExports();
          const desk = rig.desk({ fetch: fault.fetch, lockAfterSeconds: undefined });
          desks.push(desk);
          rig.world.run(70);
          rig.press(device);
          await drive(desk.begin({ card: cardOf(device) }));
          const check = await insist(desk, device, fault, REASONS, () => desk.check({}));
          expect(check.level).toBe("high");
          expect(desk.view.publishedKeys.updatedAt).not.toBeNull();
          await desk.finish({});
        });
      }, 60_000);

      test("makes no look-up and no sharing publish twice or not at all", async () => {
        await everywhere(async (fault) => {
          const device = await rig.wornToken(`sharing ${rig.devices.length}`);
          rig.world.run(HOUR);
          const code = `${++codes}`.padStart(10, "0");
          await rig.register(code, "positive");
          const desk = rig.desk({
            fetch: fault.fetch,
            exports: undefined,
            lockAfterSeconds: undefined,
          });
          desks.push(desk);
          const retry = <T>(act: () => Promise<T>) => insist(desk, device, fault, REASONS, act);
          expect(await retry(() => desk.lookUp({ code }))).toEqual({ result: "positive" });
          await drive(desk.begin({ card: cardOf(device) }));
          await retry(() => desk.share({})).catch(async (error) => {
            // The first time had arrived, and only its answer was lost: then the test is used up, as the desk says to find out.
            expect(error).toMatchObject({ code: "token-invalid" });
          });
          fault.mend();
          expect(await drive(desk.lookUp({ code }))).toEqual({ result: "redeemed" });
          expect(fault.stored.size).toBeGreaterThan(0);
          expect(new Set(fault.stored.values())).toEqual(new Set([1]));
          await desk.finish({});
          device.powerOff();
        });
      }, 60_000);
    });
  });

  let exposed: EspruinoDevice | undefined;
});
