import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readExport } from "../../companion/exports/export-file.ts";
import { Caller } from "../../companion/servers/caller.ts";
import { ekeyhmac } from "../../companion/servers/ekeyhmac.ts";
import { exchange } from "../../companion/servers/http-exchange.ts";
import {
  KeyServerClient,
  type KeyServerSettings,
  type KeyToPublish,
  PublishingVisit,
  VerificationCode,
} from "../../companion/servers/key-server-client.ts";
import { systemPace } from "../../companion/servers/pace.ts";
import { VerificationClient } from "../../companion/servers/verification-client.ts";
import { INTERVALS_PER_DAY, intervalAt } from "../../protocol/intervals.ts";
import { eachPublishedKey } from "../support/each-published-key.ts";
import { expectFailure } from "../support/expect-failure.ts";
import { VirtualPace } from "../support/virtual-pace.ts";
import type { IssueRequest, Target } from "./target.ts";

const HMAC_KEY = new Uint8Array(32).fill(7);
const LIMITS = { timeout: 30, maxBytes: 32 * 1024 * 1024 };

/** What the companion's client expects of the servers, whoever made them. */
export function contract(name: string, open: () => Promise<Target>): void {
  describe(name, () => {
    let target: Target;

    beforeAll(async () => {
      target = await open();
    });

    afterAll(() => target?.close());

    const client = (changes: Partial<KeyServerSettings> = {}) =>
      new KeyServerClient({ ...target.settings, ...changes });

    const dateBefore = (days: number) =>
      new Date((target.now() - days * 86_400) * 1000).toISOString().slice(0, 10);

    const issue = async (changes: Partial<IssueRequest> = {}) =>
      new VerificationCode(
        await target.issue({ testType: "confirmed", symptomDate: dateBefore(3), ...changes }),
      );

    /** The key of a day so many days ago, whole unless told. */
    const dayKey = (days: number, rollingPeriod = INTERVALS_PER_DAY): KeyToPublish => {
      const today = intervalAt(target.now()) - (intervalAt(target.now()) % INTERVALS_PER_DAY);
      return {
        keyData: new Uint8Array(randomBytes(16)),
        rollingStartIntervalNumber: today - days * INTERVALS_PER_DAY,
        rollingPeriod,
      };
    };

    const days = (count: number) => Array.from({ length: count }, (_, i) => dayKey(i + 1));

    const caller = (url: string) =>
      new Caller(
        url,
        { fetch, pace: systemPace, random: randomBytes },
        { "X-API-Key": target.settings.apiKey! },
      );

    const verification = () =>
      new VerificationClient(caller(target.settings.verificationUrl!), ["confirmed"]);

    const requestKeys = (keys: readonly KeyToPublish[]) =>
      keys.map((key) => ({
        key: Buffer.from(key.keyData).toString("base64"),
        rollingStartNumber: key.rollingStartIntervalNumber,
        rollingPeriod: key.rollingPeriod,
        transmissionRisk: 0,
      }));

    /** Publishes with whatever certificate, past the client's own care. */
    const post = (keys: readonly KeyToPublish[], jwt: string, changes: object = {}) =>
      caller(target.settings.keyServerUrl!).call(
        "v1/publish",
        JSON.stringify({
          temporaryExposureKeys: requestKeys(keys),
          healthAuthorityID: target.settings.healthAuthorityId,
          verificationPayload: jwt,
          hmacKey: Buffer.from(HMAC_KEY).toString("base64"),
          ...changes,
        }),
      );

    const hmacOf = (keys: readonly KeyToPublish[]) => ekeyhmac(requestKeys(keys), HMAC_KEY);

    const certificateFor = async (keys: readonly KeyToPublish[]) => {
      const token = await verification().verify(await issue());
      return (await verification().certificate(token, hmacOf(keys))).jwt;
    };

    /** All keys that the target has exported so far, in hexadecimal; those revised on demand. */
    async function exported(list: "keys" | "revisedKeys" = "keys"): Promise<string[]> {
      await target.exportNow!();
      const get = async (url: URL) => (await exchange(fetch, url, {}, LIMITS)).bytes;
      const index = Buffer.from(await get(new URL(target.indexUrl))).toString("utf8");
      const keys: string[] = [];
      for (const path of index.split("\n").filter((line) => line !== "")) {
        const base = target.exportBaseUrl.replace(/\/?$/, "/");
        const file = readExport(await get(new URL(path, base)), target.trusted);
        keys.push(...Array.from(eachPublishedKey([file[list]]), ({ keyData }) => hex(keyData)));
      }
      return keys;
    }

    describe("verifying a code", () => {
      test("takes a code and publishes with it", async () => {
        const published = await client().publish(await issue(), days(14));
        expect(published).toMatchObject({ inserted: 14, refused: [], leftOut: [] });
        expect(published.revisionToken).not.toBe("");
      });

      test("takes a code only once", async () => {
        const code = await target.issue({ testType: "confirmed", symptomDate: dateBefore(3) });
        await client().publish(new VerificationCode(code), days(1));
        const again = client().publish(new VerificationCode(code), days(1));
        await expectFailure(again, "code-refused");
      });

      test("refuses a code that nobody issued", async () => {
        const unknown = new VerificationCode("000000000000");
        await expectFailure(client().publish(unknown, days(1)), "code-refused");
      });

      test("refuses a type of test that was not asked for, without using the code up", async () => {
        const code = await issue({ testType: "likely" });
        await expectFailure(client().publish(code, days(1)), "test-type-unsupported");
        const accepting = client({ accept: ["likely"] });
        expect((await accepting.publish(code, days(1))).inserted).toBe(1);
      });

      test.each([undefined, "no key"])("refuses a desk with the API key %s", async (apiKey) => {
        const refused = client({ apiKey }).publish(await issue(), days(1));
        await expectFailure(refused, "api-key-refused");
      });
    });

    describe("asking for a certificate", () => {
      test("refuses an HMAC of the wrong length, and the token stays good", async () => {
        const token = await verification().verify(await issue());
        const short = verification().certificate(token, Buffer.alloc(31).toString("base64"));
        await expectFailure(short, "server-refused");
        const keys = days(1);
        const { jwt } = await verification().certificate(token, hmacOf(keys));
        expect((await post(keys, jwt)).json).toMatchObject({ insertedExposures: 1 });
      });

      test("gives one certificate for a token", async () => {
        const token = await verification().verify(await issue());
        await verification().certificate(token, hmacOf(days(1)));
        await expectFailure(verification().certificate(token, hmacOf(days(1))), "already-used");
      });

      test("refuses a token that is none", async () => {
        const { secret } = await verification().verify(await issue());
        const forged = verification().tokenOf({ reveal: () => `${secret.reveal()}x` } as never);
        await expectFailure(verification().certificate(forged, hmacOf(days(1))), "token-invalid");
      });

      test("gives a certificate that lasts about a quarter of an hour", async () => {
        const token = await verification().verify(await issue());
        const { until } = await verification().certificate(token, hmacOf(days(1)));
        expect(until - systemPace.now()).toBeGreaterThan(13 * 60);
        expect(until - systemPace.now()).toBeLessThanOrEqual(15 * 60);
      });
    });

    describe("publishing", () => {
      test("tells which keys were not taken, and takes the others", async () => {
        const keys = [dayKey(1), dayKey(2, 0), dayKey(3), dayKey(4, 145), dayKey(5), dayKey(20)];
        const published = await client().publish(await issue(), keys);
        expect(published).toMatchObject({ inserted: 3, refused: [2, 4, 6], leftOut: [] });
      });

      test("tells which keys were left out for their distance from onset", async () => {
        const keys = [dayKey(12), dayKey(1), dayKey(11)];
        const symptomOnsetInterval = dayKey(20).rollingStartIntervalNumber;
        const published = await client().publish(await issue(), keys, { symptomOnsetInterval });
        expect(published).toMatchObject({ inserted: 2, refused: [], leftOut: [2] });
      });

      test("takes an upload of nothing but keys far from onset, and stores none", async () => {
        const symptomOnsetInterval = dayKey(20).rollingStartIntervalNumber;
        const published = await client().publish(await issue(), days(2), { symptomOnsetInterval });
        expect(published).toMatchObject({ inserted: 0, refused: [], leftOut: [1, 2] });
      });

      test("takes a traveler's keys", async () => {
        const published = await client().publish(await issue(), days(1), { traveler: true });
        expect(published.inserted).toBe(1);
      });

      test("takes 30 keys", async () => {
        const start = dayKey(10).rollingStartIntervalNumber;
        const published = await client().publish(await issue(), pieces(start, 30));
        expect(published.inserted).toBe(30);
      });

      test("refuses 31 keys, one that is wrong in itself, and keys that overlap", async () => {
        const start = dayKey(10).rollingStartIntervalNumber;
        const overlapping = { ...dayKey(3), rollingStartIntervalNumber: start + 10 };
        const uploads = [
          pieces(start, 31),
          [dayKey(2, 145)],
          [{ ...dayKey(3), rollingStartIntervalNumber: start }, overlapping],
          Array.from({ length: 4 }, () => dayKey(3)),
        ];
        for (const keys of uploads) {
          await expectFailure(client().publish(await issue(), keys), "keys-refused");
        }
      });

      test("takes three keys of one day", async () => {
        const keys = [dayKey(3, 50), dayKey(3, 100), dayKey(3)];
        expect((await client().publish(await issue(), keys)).inserted).toBe(3);
      });

      test("refuses keys for which the certificate does not vouch", async () => {
        const jwt = await certificateFor(days(1));
        await expectFailure(post(days(1), jwt), "certificate-refused");
      });

      test("refuses a secret that did not make the HMAC", async () => {
        const keys = days(1);
        const jwt = await certificateFor(keys);
        const hmacKey = Buffer.alloc(32, 8).toString("base64");
        await expectFailure(post(keys, jwt, { hmacKey }), "certificate-refused");
      });

      test("refuses an unknown health authority", async () => {
        const refused = client({ healthAuthorityId: "nobody" }).publish(await issue(), days(1));
        await expectFailure(refused, "health-authority-unknown");
      });

      test.each([
        ["audience", { aud: "somebody else" }],
        ["issuer", { iss: "somebody else" }],
        ["end", { exp: 1_600_000_000 }],
      ])("refuses a certificate with a wrong %s", async (_, wrong) => {
        if (!target.sign) return expect(target.sign).toBeUndefined();
        const keys = days(1);
        const now = Math.floor(target.now());
        const right = {
          iss: target.issuer,
          aud: target.audience,
          iat: now - 5,
          nbf: now - 5,
          exp: now + 900,
          reportType: "confirmed",
          tekmac: hmacOf(keys),
        };
        await expectFailure(
          post(keys, await target.sign({ ...right, ...wrong })),
          "certificate-refused",
        );
      });
    });

    describe("publishing again", () => {
      test("without the revision token is refused as a whole", async () => {
        const keys = days(2);
        await client().publish(await issue(), keys.slice(1));
        await expectFailure(client().publish(await issue(), keys), "keys-already-published");
        if (target.exportNow) expect(await exported()).not.toContain(hex(keys[0]!.keyData));
      });

      test("in one visit goes well, and stores what is new", async () => {
        const keys = days(3);
        const visit = new PublishingVisit();
        await client().publish(await issue(), keys.slice(1), { visit });
        const first = visit.revisionToken;
        expect((await client().publish(await issue(), keys.slice(1), { visit })).inserted).toBe(0);
        expect((await client().publish(await issue(), keys, { visit })).inserted).toBe(1);
        expect(visit.revisionToken).not.toBe(first);
        expect((await client().publish(await issue(), keys, { visit })).inserted).toBe(0);
      });

      test("with the token of other keys is refused", async () => {
        const visit = new PublishingVisit();
        await client().publish(await issue(), days(1), { visit });
        const keys = days(1);
        await client().publish(await issue(), keys);
        const refused = client().publish(await issue(), keys, { visit });
        await expectFailure(refused, "keys-already-published");
      });

      test("turns likely into confirmed", async () => {
        const desk = client({ accept: ["likely"] });
        const keys = days(2);
        const visit = new PublishingVisit();
        await desk.publish(await issue({ testType: "likely" }), keys, { visit });
        if (target.exportNow) expect(await exported()).toContain(hex(keys[0]!.keyData));
        expect((await desk.publish(await issue(), keys, { visit })).inserted).toBe(0);
        if (target.exportNow) {
          expect(await exported("revisedKeys")).toContain(hex(keys[0]!.keyData));
        }
      });

      test("does not turn confirmed into likely", async () => {
        const desk = client({ accept: ["likely"] });
        const keys = days(1);
        const visit = new PublishingVisit();
        await desk.publish(await issue(), keys, { visit });
        const less = desk.publish(await issue({ testType: "likely" }), keys, { visit });
        await expectFailure(less, "report-not-changeable");
      });

      test("after an answer was lost does not publish twice, and says that they are there", async () => {
        const keys = days(3);
        let losses = 0;
        const losing: typeof fetch = async (url, init) => {
          const answer = await fetch(url, init);
          if (!String(url).endsWith("/v1/publish") || losses++ > 0) return answer;
          await answer.arrayBuffer();
          throw new TypeError("the answer is lost");
        };
        const desk = client({ fetch: losing });
        const { inserted } = await desk.publish(await issue(), keys);
        expect([keys.length, undefined]).toContain(inserted);
        expect(losses).toBe(2);
        if (!target.exportNow) return;
        const all = await exported();
        for (const { keyData } of keys) {
          expect(all.filter((key) => key === hex(keyData))).toHaveLength(1);
        }
      });
    });

    describe("over a bad line", () => {
      /** Loses requests and answers of uploads by turns that the bits of `pattern` decide. */
      const losing = (pattern: number): typeof fetch => {
        let attempt = 0;
        return async (url, init) => {
          if (!String(url).endsWith("/v1/publish")) return fetch(url, init);
          const fate = (pattern >> (2 * attempt++)) & 3;
          if (fate === 1) throw new TypeError("the request is lost");
          const answer = await fetch(url, init);
          if (fate === 2) throw new TypeError("the answer is lost");
          return fate === 3 ? new Response("", { status: 503 }) : answer;
        };
      };

      test("no key is published twice, and what the desk is told is true", async () => {
        const sent: [keys: KeyToPublish[], told: boolean][] = [];
        for (let pattern = 0; pattern < 64; pattern += 3) {
          const desk = client({ fetch: losing(pattern), pace: new VirtualPace(target.now()) });
          const keys = days(2);
          const { inserted = keys.length } = await desk.publish(await issue(), keys);
          sent.push([keys, inserted === keys.length]);
        }
        if (!target.exportNow) return expect(sent.every(([, told]) => told)).toBe(true);
        const all = await exported();
        for (const [keys, told] of sent) {
          const times = keys.map(({ keyData }) => all.filter((key) => key === hex(keyData)).length);
          expect([told, times]).toEqual([true, [1, 1]]);
        }
      });
    });

    describe("the exports", () => {
      test("hold what was published, once, and verify; today's key is held back", async () => {
        if (!target.exportNow) return expect(target.exportNow).toBeUndefined();
        const keys = [...days(3), dayKey(0)];
        expect((await client().publish(await issue(), keys)).inserted).toBe(4);
        const all = await exported();
        const times = keys.map(({ keyData }) => all.filter((key) => key === hex(keyData)).length);
        expect(times).toEqual([1, 1, 1, 0]);
      });
    });

    describe("chaff", () => {
      test("is answered on all three calls, and has no effect", async () => {
        const statuses: string[] = [];
        const watching: typeof fetch = async (url, init) => {
          const answer = await fetch(url, init);
          statuses.push(`${new URL(String(url)).pathname} ${answer.status}`);
          return answer;
        };
        await client({ fetch: watching }).chaff("verification-code");
        expect(statuses).toEqual(["/api/verify 200", "/api/certificate 200", "/v1/publish 200"]);
      });

      test("is answered on look-ups, where tests are looked up", async () => {
        if (target.settings.testResultsUrl === null) return;
        const statuses: number[] = [];
        const watching: typeof fetch = async (url, init) => {
          const answer = await fetch(url, init);
          statuses.push(answer.status);
          return answer;
        };
        const pace = new VirtualPace(target.now());
        await client({ fetch: watching, pace }).chaff("registration-token");
        expect(statuses).toEqual([200, 200, 200, 200]);
      });

      test("that bears a true code does not use it up", async () => {
        const code = await target.issue({ testType: "confirmed", symptomDate: dateBefore(3) });
        const body = JSON.stringify({ code, accept: ["confirmed"] });
        await caller(target.settings.verificationUrl!).chaff("api/verify", body, {
          "X-Chaff": "1",
        });
        const published = await client().publish(new VerificationCode(code), days(1));
        expect(published.inserted).toBe(1);
      });
    });
  });
}

/** So many keys of 24 intervals each, one behind the other. */
function pieces(start: number, count: number): KeyToPublish[] {
  return Array.from({ length: count }, (_, i) => ({
    keyData: new Uint8Array(randomBytes(16)),
    rollingStartIntervalNumber: start + 24 * i,
    rollingPeriod: 24,
  }));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
