/**
 * The test that was looked up, if one was: one at a time, and one look-up after the other on the line.
 *
 * @module
 */
import type { KeyServerClient, RegistrationToken } from "../servers/key-server-client.ts";
import type { TestView } from "./desk-api.ts";
import { testMissing } from "./desk-failures.ts";
import type { FollowingChaff } from "./following-chaff.ts";
import type { Job } from "./job.ts";

/** See the module's description. */
export class TestLookUp {
  readonly #servers: KeyServerClient;
  readonly #chaff: FollowingChaff;
  readonly #permitsPublishing: boolean;
  #test: { readonly token: RegistrationToken; readonly view: TestView } | undefined;
  /** Settles when no test is looked up; never rejects. */
  #lookingUp: Promise<void> = Promise.resolve();

  /**
   * @param chaff - follows what nothing is published with
   * @param permitsPublishing - whether a positive test does, and nothing else
   */
  constructor(servers: KeyServerClient, chaff: FollowingChaff, permitsPublishing: boolean) {
    this.#servers = servers;
    this.#chaff = chaff;
    this.#permitsPublishing = permitsPublishing;
  }

  /** Null without a test. */
  get view(): TestView | null {
    return this.#test?.view ?? null;
  }

  /** Undefined without a test. */
  get token(): RegistrationToken | undefined {
    return this.#test?.token;
  }

  /** Looks a test up in the place of the one before. @param code - 10 digits @throws Failure those of the server */
  async lookUp(job: Job, code: string): Promise<TestView> {
    this.forget();
    // One whose visit was ended is brought to its end, as an observer expects.
    await this.#lookingUp;
    await this.#chaff.beforeLookUp();
    job.signal.throwIfAborted();
    const lookingUp = this.#lookUp(job, code);
    const settle = (): void => {};
    this.#lookingUp = lookingUp.then(settle, settle);
    return lookingUp;
  }

  /** Asks again how the test is. @throws Failure `test-missing`, those of the server */
  async ask(job: Job): Promise<TestView> {
    if (!this.#test) throw testMissing();
    const { token } = this.#test;
    return this.#note(job, token, { result: await this.#servers.testResult(token) });
  }

  /** Keys were published with the test before. */
  noteRedeemed(): void {
    if (this.#test) this.#test = { ...this.#test, view: { result: "redeemed" } };
  }

  /** Keys were published with the test just now. */
  noteUsed(): void {
    this.#test = undefined;
  }

  /** Nothing is to be published with the test any more. */
  forget(): void {
    this.#test?.token.forget();
    this.#test = undefined;
    this.#chaff.decided();
  }

  async #lookUp(job: Job, code: string): Promise<TestView> {
    const token = await this.#servers.lookUp(code);
    const result = await this.#servers.testResult(token);
    // Where codes permit to publish, one may be at hand whatever the laboratory says.
    const isDecided = this.#permitsPublishing && result !== "positive";
    this.#chaff.lookedUp(isDecided || job.signal.aborted);
    return this.#note(job, token, { result });
  }

  #note(job: Job, token: RegistrationToken, view: TestView): TestView {
    job.signal.throwIfAborted();
    this.#test = { token, view };
    return view;
  }
}
