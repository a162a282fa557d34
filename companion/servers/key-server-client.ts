import { randomBytes } from "node:crypto";
import { Failure } from "../failure.ts";
import { Caller } from "./caller.ts";
import { fraction, type Pace, type RandomBytes, systemPace } from "./pace.ts";
import {
  type KeyToPublish,
  PublishClient,
  type Published,
  type PublishOptions,
} from "./publish-client.ts";
import {
  type RegistrationToken,
  type TestResult,
  TestResultsClient,
} from "./test-results-client.ts";
import { type TestType, VerificationClient, type VerificationCode } from "./verification-client.ts";

export type { KeyToPublish, Published, PublishOptions } from "./publish-client.ts";
export { PublishingVisit } from "./publish-client.ts";
export {
  RESULT_INTERVAL,
  RegistrationToken,
  requireTestCode,
  type TestResult,
} from "./test-results-client.ts";
export { VerificationCode } from "./verification-client.ts";

/** Where the servers are and as whom to call them. */
export interface KeyServerSettings {
  /** Base address of the verification server, which gives certificates; null where there is none. */
  readonly verificationUrl: string | null;
  /** Key for the verification server (`X-API-Key`); none unless told. */
  readonly apiKey?: string | undefined;
  /** Kinds of tests whose codes are taken; confirmed ones unless told. */
  readonly accept?: readonly TestType[] | undefined;
  /**
   * Base address for the look-up of tests; the verification server's unless told, null where no
   * laboratory is connected.
   */
  readonly testResultsUrl?: string | null | undefined;
  /** Base address of the key server's publish API; null where nothing can be published. */
  readonly keyServerUrl: string | null;
  /** `healthAuthorityID` of publish requests. */
  readonly healthAuthorityId: string;
  /** What tells a person that a call is made again, after so many seconds. */
  readonly onPause?: ((seconds: number) => void) | undefined;
  /** Time, for tests; this computer's unless told. */
  readonly pace?: Pace | undefined;
  /** Source of random bytes, for tests; the operating system's unless told. */
  readonly random?: RandomBytes | undefined;
  /** For tests; the global one unless told. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** What lets a desk publish: a looked-up test, or a code of the health authority. */
export type PublishingPermission = RegistrationToken | VerificationCode;

/**
 * Calls the verification server and the key server (Corona-Warn-App external API for test results,
 * exposure-notifications-verification-server for codes and certificates, exposure-notifications-server
 * for publishing). Whatever goes wrong is thrown as a Failure; besides the codes named at
 * each method these are `server-unreachable`, `server-untrusted`, `server-redirects`,
 * `server-answer-malformed`, `server-refused`, `server-failed`, `server-maintenance`, `api-key-refused` and `too-many-attempts`.
 * Calls that fail in passing are made again.
 */
export class KeyServerClient {
  readonly #tests: TestResultsClient | undefined;
  readonly #verification: VerificationClient | undefined;
  readonly #publish: PublishClient | undefined;
  readonly #pace: Pace;
  readonly #random: RandomBytes;

  /** @throws Failure `server-address-invalid` */
  constructor(settings: KeyServerSettings) {
    this.#pace = settings.pace ?? systemPace;
    this.#random = settings.random ?? randomBytes;
    const means = {
      fetch: settings.fetch ?? globalThis.fetch,
      pace: this.#pace,
      random: this.#random,
      onPause: settings.onPause,
    };
    const { verificationUrl, keyServerUrl, apiKey } = settings;
    const { testResultsUrl = verificationUrl, accept = ["confirmed"] } = settings;
    if (testResultsUrl !== null) {
      this.#tests = new TestResultsClient(new Caller(testResultsUrl, means));
    }
    if (verificationUrl !== null && keyServerUrl !== null) {
      const headers = apiKey === undefined ? undefined : { "X-API-Key": apiKey };
      const verification = new Caller(verificationUrl, means, headers);
      this.#verification = new VerificationClient(verification, accept);
      this.#publish = new PublishClient(
        new Caller(keyServerUrl, means),
        this.#verification,
        settings.healthAuthorityId,
      );
    }
  }

  /**
   * Looks a test up by its 10-digit code. Only the code's SHA-256 is sent. An earlier token for the
   * same code ends.
   *
   * @throws Failure `laboratories-not-connected`; `code-malformed` before anything is sent;
   *   `code-unknown`
   */
  async lookUp(code: string): Promise<RegistrationToken> {
    return this.#connected().lookUp(code);
  }

  /** Asks for the state of a test. @throws Failure `token-invalid` */
  async testResult(token: RegistrationToken): Promise<TestResult> {
    return this.#connected().testResult(token);
  }

  /**
   * Publishes the keys of a positive test: verifies its code, if it is one, gets a certificate that is
   * bound to exactly these keys, then sends both. While the key server cannot take them for the moment,
   * the very same request is sent again for up to 20 minutes, which cannot publish them twice. The
   * permission is forgotten once they are published.
   *
   * @throws Failure `publishing-not-connected`; `code-refused`, `code-expired`, `code-lost`,
   *   `test-type-unsupported` when the code is verified; `token-invalid`, `already-used`,
   *   `test-not-positive`, `permission-lost` when the certificate is asked for; `certificate-refused`,
   *   `health-authority-unknown`, `keys-already-published`, `keys-already-revised`,
   *   `report-not-changeable`, `keys-refused`, `permission-ended`, or `publish-unconfirmed` when no
   *   answer came that settles it, so that the keys may or may not have been stored
   */
  async publish(
    permission: PublishingPermission,
    keys: readonly KeyToPublish[],
    options: PublishOptions = {},
  ): Promise<Published> {
    const { verification, publish } = this.#publishing();
    const token =
      permission.kind === "verification-code"
        ? await verification.verify(permission)
        : verification.tokenOf(permission);
    return publish.publish(token, keys, options);
  }

  /**
   * Sends the calls of a publication, in their order and sizes, that mean nothing: marked as chaff, which
   * only the servers see. No answer is looked at, and all is sent whatever fails.
   *
   * @param permission - what real publications here begin with
   * @param lookedUp - whether a real look-up went before, so that only what follows one is sent
   * @param signal - once it is aborted, the visit between look-up and upload ends, and nothing more is sent, as
   *   after the look-up of a test that is not positive
   * @returns whether all of it was sent and answered
   * @throws Failure `publishing-not-connected`
   */
  async chaff(
    permission: PublishingPermission["kind"],
    lookedUp = false,
    signal?: AbortSignal,
  ): Promise<boolean> {
    const { verification, publish } = this.#publishing();
    const answered: boolean[] = [];
    if (permission === "verification-code") {
      answered.push(await verification.chaffVerify());
    } else if (!lookedUp) {
      answered.push(await this.#connected().chaff());
      await this.#pace.wait(visitSeconds(this.#random), signal);
      if (signal?.aborted) return false;
    }
    answered.push(await verification.chaffCertificate(), await publish.chaff());
    return answered.every(Boolean);
  }

  #publishing(): { verification: VerificationClient; publish: PublishClient } {
    if (this.#verification && this.#publish) {
      return { verification: this.#verification, publish: this.#publish };
    }
    throw publishingNotConnected();
  }

  #connected(): TestResultsClient {
    if (this.#tests) return this.#tests;
    throw new Failure(
      "laboratories-not-connected",
      "The settings name no server for test results; ask the laboratory for the result.",
    );
  }
}

/** The Failure of a desk whose settings name no server to publish to. */
export function publishingNotConnected(): Failure {
  return new Failure(
    "publishing-not-connected",
    "The settings name no server to publish to; add `verification` and `publish` to them.",
  );
}

/**
 * Seconds that a visit takes between the look-up and the upload: consent, the token's button, its keys.
 * Between a quarter of a minute and four minutes, its logarithm spread evenly.
 */
export function visitSeconds(random: RandomBytes): number {
  return 15 * 16 ** fraction(random);
}
