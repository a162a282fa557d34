/**
 * A desk at which one wearer after the other is served. All of its state is here, in memory: what shows it (a page, the command
 * line) asks for actions and draws the view.
 *
 * @module
 */

import { Failure } from "../failure.ts";
import type { Language } from "../languages.ts";
import type { OpenFinder } from "../matching/matcher.ts";
import { parseCardCode } from "../provisioning/card-code.ts";
import type { RiskModel } from "../risk/risk.ts";
import {
  type KeyServerClient,
  type PublishingPermission,
  publishingNotConnected,
  requireTestCode,
} from "../servers/key-server-client.ts";
import type { RandomBytes } from "../servers/pace.ts";
import type { Timers } from "../timers.ts";
import type { TokenClient, TokenState } from "../token/token-client.ts";
import { acknowledgeVisit } from "../visit/acknowledge-visit.ts";
import { checkVisit } from "../visit/check-visit.ts";
import { enrolVisit } from "../visit/enrol-visit.ts";
import { requirePositive, type ShareOptions, shareVisit } from "../visit/share-visit.ts";
import { type CurrentExports, exportsNotConnected } from "./current-exports.ts";
import type {
  ActionName,
  ActivityStep,
  CheckView,
  DeskSetUp,
  DeskView,
  FailureView,
  Nothing,
  PublishedView,
  ShareInput,
  StatusView,
  TestView,
  Texts,
} from "./desk-api.ts";
import {
  busy,
  detectionNotAgreed,
  failureView,
  locked,
  neverOn,
  noVisit,
  testMissing,
  wrongCard,
} from "./desk-failures.ts";
import type { DeskHost } from "./desk-host.ts";
import { FollowingChaff } from "./following-chaff.ts";
import { IdleLock } from "./idle-lock.ts";
import { Job, visitEnded } from "./job.ts";
import { type OpenRadio, SharedRadio } from "./shared-radio.ts";
import { sharingOptions } from "./sharing-options.ts";
import { TestLookUp } from "./test-look-up.ts";
import { checkView, publishedView } from "./views.ts";
import { Visit } from "./visit.ts";

/** What a desk is made of. */
export interface DeskParts {
  /** Undefined where the settings name none. */
  readonly exports: CurrentExports | undefined;
  /** The client for all servers. @param onPause - to be told when a call is made again, after so many seconds */
  readonly openServers: (onPause: (seconds: number) => void) => KeyServerClient;
  /** Whether tests can be looked up. */
  readonly testResults: boolean;
  /** What publications begin with; null where nothing can be published. */
  readonly publishing: PublishingPermission["kind"] | null;
  /** Whether chaff follows a look-up that nothing is published with. */
  readonly chaff: boolean;
  readonly model: RiskModel;
  readonly openFinder: OpenFinder;
  /** What the health authority says. */
  readonly texts: (language: Language) => Texts;
  /** Switches the radio on. */
  readonly openRadio: () => Promise<OpenRadio>;
  /** What links to tokens live by. */
  readonly linkTimers: Timers;
  /** For what a desk does by itself: lock, keep the connection, send chaff. */
  readonly timers: Timers;
  /** Unix seconds. */
  readonly now: () => number;
  readonly random: RandomBytes;
  /** Seconds without anybody at the desk; undefined for a desk that is never locked. */
  readonly lockAfterSeconds: number | undefined;
  /** Whether tokens and servers are simulated. */
  readonly demonstration: boolean;
}

/** See the module's description. */
export class Desk implements DeskHost {
  readonly #parts: DeskParts;
  readonly #servers: KeyServerClient;
  readonly #radio: SharedRadio;
  readonly #idle: IdleLock;
  readonly #chaff: FollowingChaff;
  readonly #test: TestLookUp;
  readonly #setUp: DeskSetUp;
  readonly #watchers = new Set<() => void>();
  /** Publications that are under way, also those of visits that were ended. */
  readonly #publications = new Set<Promise<unknown>>();
  #view: DeskView | undefined;
  #job: Job | undefined;
  #cancelPause = (): void => {};
  #failure: FailureView | null = null;
  #isLocked = false;
  #isClosed = false;
  #visit: Visit | undefined;

  constructor(parts: DeskParts) {
    const { exports, testResults, publishing, demonstration, timers, random } = parts;
    this.#parts = parts;
    this.#servers = parts.openServers((seconds) => this.#onPause(seconds));
    this.#radio = new SharedRadio(parts.openRadio);
    this.#idle = new IdleLock(timers, parts.lockAfterSeconds, {
      lock: () => this.#lock(),
      wipe: () => this.#forget(),
    });
    const send =
      publishing && parts.chaff ? () => this.#servers.chaff(publishing, true) : undefined;
    this.#chaff = new FollowingChaff(send && { send, timers, random });
    this.#test = new TestLookUp(this.#servers, this.#chaff, publishing === "registration-token");
    this.#setUp = { exports: exports !== undefined, testResults, publishing, demonstration };
    this.#updateExports();
  }

  get view(): DeskView {
    this.#view ??= {
      setUp: this.#setUp,
      publishedKeys: { updatedAt: this.#parts.exports?.updatedAt ?? null },
      locked: this.#isLocked,
      activity: this.#job?.activity ?? null,
      failure: this.#failure,
      visit: this.#isLocked ? null : (this.#visit?.view ?? null),
      test: this.#isLocked ? null : this.#test.view,
    };
    return this.#view;
  }

  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  texts(language: Language): Texts {
    return this.#parts.texts(language);
  }

  stir(): void {
    // While something goes on, the time does not run; what is locked stays so.
    if (!this.#job && !this.#isLocked) this.#restartIdle();
  }

  async begin({ card }: { readonly card: string }): Promise<StatusView> {
    return this.#act("begin", this.#firstStep, async (job) => {
      const { key } = parseCardCode(card);
      if (!this.#visit?.isOf(key)) {
        // The test that was looked up belongs to the visit that ends.
        if (this.#visit) this.#endVisit();
        this.#visit = new Visit(key, {
          radio: this.#radio,
          linkTimers: this.#parts.linkTimers,
          timers: this.#parts.timers,
        });
        this.#changed();
      }
      this.#updateExports();
      const visit = this.#visit;
      return visit.connection.use(job, async (_, status) => visit.note(status, this.#parts.now()));
    });
  }

  async check(_: Nothing): Promise<CheckView> {
    return this.#act("check", "updating-keys", async (job) => {
      const visit = this.#openVisit();
      const { exports, model, openFinder, now } = this.#parts;
      if (!exports) throw exportsNotConnected();
      await exports.update((done, total) => job.step("updating-keys", done / total));
      job.signal.throwIfAborted();
      let view: CheckView | undefined;
      await this.#serve(job, visit, async (client) => {
        const result = await checkVisit(client, exports.keys(), now, {
          model,
          openFinder,
          progress: (read, all) => job.step("reading-log", read / all),
          onStep: (step) => job.step(step),
        });
        view = checkView(result, visit.first, now());
      });
      visit.check = view as CheckView;
      return visit.check;
    });
  }

  async enrol(_: Nothing): Promise<StatusView> {
    return this.#change("enrol", (client) => enrolVisit(client, this.#parts.now));
  }

  async pause(_: Nothing): Promise<StatusView> {
    return this.#change("pause", async (client, state) => {
      if (state === "off") throw neverOn();
      await client.setState("paused", false);
    });
  }

  async resume(_: Nothing): Promise<StatusView> {
    return this.#change("resume", async (client, state) => {
      if (state === "off") throw detectionNotAgreed();
      await client.setState("on", false);
    });
  }

  async erase({ afterwards }: { readonly afterwards: "off" | "on" }): Promise<StatusView> {
    return this.#change("erase", async (client, _, visit) => {
      await client.erase();
      visit.check = null;
      if (afterwards === "on") await enrolVisit(client, this.#parts.now);
    });
  }

  async acknowledge(_: Nothing): Promise<StatusView> {
    return this.#change("acknowledge", (client) => acknowledgeVisit(client));
  }

  async lookUp({ code }: { readonly code: string }): Promise<TestView> {
    return this.#act("lookUp", "asking", async (job) => {
      return this.#test.lookUp(job, requireTestCode(code.replace(/\s/g, "")));
    });
  }

  /** Asks again how the test is that was looked up. @throws Failure `test-missing`, `token-invalid` when it was looked up elsewhere */
  async askAgain(): Promise<TestView> {
    return this.#act("lookUp", "asking", (job) => this.#test.ask(job));
  }

  async share(input: ShareInput): Promise<PublishedView> {
    return this.#act("share", this.#firstStep, async (job) => {
      const visit = this.#openVisit();
      const { now } = this.#parts;
      const options = sharingOptions(input, now());
      const permission = this.#permission(visit, input.code);
      if (permission.kind === "registration-token" && permission.result !== "positive") {
        job.step("asking");
        requirePositive((await this.#test.ask(job)).result);
      }
      const publication = this.#publish(job, visit, permission, options);
      this.#publications.add(publication);
      try {
        return await publication;
      } catch (error) {
        const isUsed = error instanceof Failure && error.code === "already-used";
        const isOfTest = permission === this.#test.token;
        if (isUsed && isOfTest) this.#test.noteRedeemed();
        throw error;
      } finally {
        this.#publications.delete(publication);
      }
    });
  }

  async finish(_: Nothing): Promise<Nothing> {
    this.#forget();
    return {};
  }

  async unlock({ card }: { readonly card: string }): Promise<Nothing> {
    if (!this.#isLocked) return {};
    try {
      const { key } = parseCardCode(card);
      if (!this.#visit?.isOf(key)) throw wrongCard();
      this.#isLocked = false;
      this.#failure = null;
      this.#restartIdle();
      return {};
    } catch (error) {
      this.#failure = failureView("unlock", error);
      throw error;
    } finally {
      this.#changed();
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const chaff = this.#chaff.close();
    this.#forget();
    await Promise.allSettled([chaff, this.#radio.close(), ...this.#publications]);
  }

  // Does an action, alone; finish() ends it early, and what comes of its work then changes nothing.
  async #act<T>(
    action: ActionName,
    step: ActivityStep,
    work: (job: Job) => Promise<T>,
  ): Promise<T> {
    // Whoever closes it may wait for a publication meanwhile, and pages still ask.
    if (this.#isClosed) throw visitEnded();
    if (this.#isLocked) throw locked();
    if (this.#job) throw busy();
    const job = new Job(action, step, () => {
      if (this.#job === job) this.#changed();
    });
    this.#job = job;
    this.#failure = null;
    this.#idle.stop();
    this.#changed();
    try {
      return await job.unlessEnded(work);
    } catch (error) {
      if (this.#job === job) this.#failure = failureView(action, error);
      throw error;
    } finally {
      if (this.#job === job) {
        this.#job = undefined;
        this.#restartIdle();
        this.#changed();
      }
    }
  }

  // An action that changes something on the token, and shows its state then.
  #change(
    action: ActionName,
    work: (client: TokenClient, state: TokenState, visit: Visit) => Promise<void>,
  ): Promise<StatusView> {
    return this.#act(action, this.#firstStep, async (job) => {
      const visit = this.#openVisit();
      return this.#serve(job, visit, (client, state) => {
        job.step("writing");
        return work(client, state, visit);
      });
    });
  }

  // Does something with the token of a visit, and reads its state before and after.
  #serve(
    job: Job,
    visit: Visit,
    work: (client: TokenClient, state: TokenState) => Promise<void>,
  ): Promise<StatusView> {
    const { now } = this.#parts;
    return visit.connection.use(job, async (client, status) => {
      visit.note(status, now());
      this.#changed();
      await work(client, status.state);
      return visit.note(await client.status(), now());
    });
  }

  #permission(visit: Visit, code: string | undefined): PublishingPermission {
    const { publishing } = this.#parts;
    if (!publishing) throw publishingNotConnected();
    if (publishing === "verification-code" && code !== undefined) {
      return visit.codeOf(code.replace(/\s/g, ""));
    }
    const { token } = this.#test;
    if (publishing === "registration-token" && token) return token;
    throw testMissing(publishing);
  }

  // Once the servers are called, the end of the visit no longer ends the publication: it is brought to its end unseen.
  #publish(
    job: Job,
    visit: Visit,
    permission: PublishingPermission,
    options: ShareOptions,
  ): Promise<PublishedView> {
    const { now } = this.#parts;
    return visit.connection.use(job, async (client, status) => {
      visit.note(status, now());
      this.#changed();
      const published = await shareVisit(client, this.#servers, permission, true, now, {
        ...options,
        visit: visit.publishing,
        signal: job.signal,
        beforePublishing: () => {
          job.step("publishing");
          job.signal.throwIfAborted();
          this.#chaff.forget();
          // That may take longer than the sync window is open; its end takes the consent back, too.
          visit.connection.letGo();
        },
      });
      visit.published = publishedView(published);
      visit.forgetCode();
      if (!job.signal.aborted) this.#test.noteUsed();
      this.#changed();
      // What is published stays so, whatever becomes of the connection.
      const after = await client.status().catch(() => undefined);
      if (after) visit.note(after, now());
      return visit.published;
    });
  }

  get #firstStep(): ActivityStep {
    return this.#visit?.connection.isOpen ? "connected" : "searching";
  }

  #openVisit(): Visit {
    if (this.#visit) return this.#visit;
    throw noVisit();
  }

  #updateExports(): void {
    this.#parts.exports?.update().then(
      () => this.#changed(),
      // A check tries again, and tells.
      () => {},
    );
  }

  #onPause(seconds: number): void {
    const job = this.#job;
    // What an action was ended in the middle of is not shown.
    if (job?.activity.step !== "asking" && job?.activity.step !== "publishing") return;
    this.#cancelPause();
    job.pause(seconds);
    this.#cancelPause = this.#parts.timers.after(seconds * 1000, () => job.pause(null));
  }

  #restartIdle(): void {
    if (this.#visit || this.#test.view) this.#idle.restart();
    else this.#idle.stop();
  }

  #lock(): boolean {
    if (this.#visit) {
      this.#isLocked = true;
      this.#failure = null;
      this.#changed();
    } else {
      // There is no card to open it with.
      this.#forget();
    }
    return this.#isLocked;
  }

  // Ends whatever goes on, and leaves nothing.
  #forget(): void {
    this.#job?.end();
    this.#job = undefined;
    this.#cancelPause();
    this.#idle.stop();
    this.#endVisit();
    this.#failure = null;
    this.#isLocked = false;
    this.#changed();
  }

  #endVisit(): void {
    this.#visit?.end();
    this.#visit = undefined;
    void this.#radio.close();
    this.#test.forget();
  }

  #changed(): void {
    this.#view = undefined;
    for (const watcher of [...this.#watchers]) watcher();
  }
}
