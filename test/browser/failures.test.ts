import { expect, test } from "vitest";
import type { DeskBed } from "../support/browser/desk-bed.ts";
import { inSomeLanguage } from "../support/browser/in-each-language.ts";

/** B has a key for each of the ten days that it lived through, and one of today. */
const KEYS_OF_B = 11;
/** Minutes for which a client tries to publish, and some more. */
const PATIENCE = 25;
const TIMEOUT = 120_000;
const KINDS = ["lost", "unanswered"] as const;
type Kind = (typeof KINDS)[number];

const each = <T>(calls: readonly T[]): { call: T; kind: Kind }[] =>
  calls.flatMap((call) => KINDS.map((kind) => ({ call, kind })));

/** Requests of a check: the first greet the token, then its log is read, and the result is written. */
const REQUESTS = [1, 2, 3, 4, 6, 9];

/** Lets no call to an address succeed from now on. @returns waits until one was made */
function fail(bed: Pick<DeskBed, "faults">, call: string, kind: Kind): () => Promise<void> {
  let calls = 0;
  bed.faults.onCall = (path) => {
    if (!path.endsWith(call)) return undefined;
    calls++;
    return kind;
  };
  return () => expect.poll(() => calls, { timeout: 15_000 }).toBeGreaterThan(0);
}

inSomeLanguage((open) => {
  test.each(each(["index.txt", ".zip"]))(
    "a check whose call of $call is $kind says so, and succeeds when it is tried again",
    async ({ call, kind }) => {
      const faults = {};
      fail({ faults }, call, kind);
      const bed = await open({ unseen: true, faults });
      await bed.scan("A");
      bed.hold("A");
      await bed.heading("visit.statusTitle").waitFor();
      await bed.saysWhatFailed();
      bed.faults.onCall = () => undefined;
      await bed.press("shell.tryAgain");
      await bed.heading("visit.resultTitle").waitFor();
      await bed.sees("visit.levelHigh");
    },
  );

  test("a look-up any of whose calls fails says so, and succeeds when it is tried again", async () => {
    const bed = await open({ unseen: true });
    for (const { call, kind } of each(["registrationToken", "testresult"])) {
      fail(bed, call, kind);
      await bed.lookUp("positive");
      await bed.saysWhatFailed();
      bed.faults.onCall = () => undefined;
      await bed.press("test.lookUp");
      await bed.heading("test.positiveTitle").waitFor();
      await bed.go("shell.nextWearer");
      await bed.heading("visit.startTitle").waitFor();
    }
  });

  test("sharing whose call of the certificate is lost says so, and succeeds when it is tried again", async () => {
    const bed = await open({ unseen: true });
    const published = bed.world.server.publishedKeys();
    await bed.toConsent();
    fail(bed, "certificate", "lost");
    await bed.press("test.agree");
    await bed.saysWhatFailed();
    bed.faults.onCall = () => undefined;
    await bed.press("shell.tryAgain");
    await bed.heading("test.publishedTitle").waitFor();
    expect(bed.world.server.publishedKeys() - published).toBe(KEYS_OF_B);
  });

  test.each(KINDS)(
    "sharing whose publication is %s once succeeds by itself, and publishes once",
    async (kind) => {
      const bed = await open({ unseen: true });
      const published = bed.world.server.publishedKeys();
      await bed.toConsent();
      let failed = 0;
      bed.faults.onCall = (path) => (path.endsWith("publish") && !failed++ ? kind : undefined);
      await bed.press("test.agree");
      await bed.heading("test.publishedTitle").waitFor();
      expect(failed).toBeGreaterThan(1);
      expect(bed.world.server.publishedKeys() - published).toBe(KEYS_OF_B);
    },
  );

  test("sharing whose publication never arrives says so, and publishes once when it is tried again", async () => {
    const bed = await open({ unseen: true });
    const published = bed.world.server.publishedKeys();
    await bed.toConsent();
    const called = fail(bed, "publish", "lost");
    await bed.press("test.agree");
    await called();
    await bed.passUntil(bed.heading("test.maybeTitle"), PATIENCE);
    expect(bed.world.server.publishedKeys()).toBe(published);
    bed.faults.onCall = () => undefined;
    await bed.press("test.lookUpAgain");
    await bed.lookUp("positive");
    await bed.heading("test.consentTitle").waitFor();
    await bed.press("test.agree");
    bed.hold("B");
    await bed.heading("test.publishedTitle").waitFor();
    expect(bed.world.server.publishedKeys() - published).toBe(KEYS_OF_B);
  });

  test("sharing whose publication is never answered says so, and the next look-up tells that it was published", async () => {
    const bed = await open({ unseen: true });
    const published = bed.world.server.publishedKeys();
    await bed.toConsent();
    const called = fail(bed, "publish", "unanswered");
    await bed.press("test.agree");
    await called();
    await bed.passUntil(bed.heading("test.maybeTitle"), PATIENCE);
    bed.faults.onCall = () => undefined;
    await bed.press("test.lookUpAgain");
    await bed.lookUp("positive");
    await bed.heading("test.redeemedTitle").waitFor();
    expect(bed.world.server.publishedKeys() - published).toBe(KEYS_OF_B);
  });

  test("a link that is lost at any request of a check is made again, and nothing is missing", async () => {
    const bed = await open({ unseen: true });
    for (const request of REQUESTS) {
      let requests = 0;
      bed.faults.cutBeforeWrite = () => ++requests === request;
      await bed.checked("A");
      expect(requests).toBeGreaterThan(request);
      await bed.sees("visit.levelHigh");
      await bed.go("shell.nextWearer");
      await bed.heading("visit.startTitle").waitFor();
    }
  });

  test("a token that goes away at any request of a check is said to, and checked when it is back", {
    timeout: TIMEOUT,
  }, async () => {
    const bed = await open({ unseen: true });
    for (const request of REQUESTS) {
      let requests = 0;
      bed.faults.cutBeforeWrite = () => {
        if (++requests === request) bed.takeAway("A");
        return false;
      };
      await bed.scan("A");
      bed.hold("A");
      await bed.saysWhatFailed();
      bed.bringBack("A");
      await bed.press("shell.tryAgain");
      bed.hold("A");
      await bed.heading("visit.resultTitle").waitFor();
      await bed.sees("visit.levelHigh");
      await bed.go("shell.nextWearer");
      await bed.heading("visit.startTitle").waitFor();
    }
  });

  test("a token that goes away before it is told what its wearer knows is told when it is back", async () => {
    const bed = await open({ unseen: true });
    await bed.checked("A");
    bed.takeAway("A");
    await bed.press("visit.told");
    await bed.saysWhatFailed();
    bed.bringBack("A");
    await bed.press("shell.tryAgain");
    bed.hold("A");
    await bed.sees("visit.toldDone");
  });

  test("a token that goes away before its keys are read publishes once, when it is back", async () => {
    const bed = await open({ unseen: true });
    const published = bed.world.server.publishedKeys();
    await bed.toConsent();
    bed.takeAway("B");
    await bed.press("test.agree");
    await bed.saysWhatFailed();
    expect(bed.world.server.publishedKeys()).toBe(published);
    bed.bringBack("B");
    await bed.press("shell.tryAgain");
    bed.hold("B");
    await bed.heading("test.publishedTitle").waitFor();
    expect(bed.world.server.publishedKeys() - published).toBe(KEYS_OF_B);
  });

  test("a token that goes away before it is paused is paused when it is back", async () => {
    const bed = await open({ unseen: true });
    await bed.checked("A");
    await bed.press("visit.choices");
    bed.takeAway("A");
    await bed.press("choices.pause");
    await bed.saysWhatFailed();
    bed.bringBack("A");
    await bed.press("choices.pause");
    bed.hold("A");
    await bed.sees("choices.paused");
  });
});
