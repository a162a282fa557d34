import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import { Failure } from "../failure.ts";
import { ekeyhmac } from "./ekeyhmac.ts";
import { baseAddress } from "./export-address.ts";
import { postJson } from "./http-exchange.ts";
import { paddedBody, publishPadding } from "./padding.ts";
import { malformedAnswer, refusal } from "./refusals.ts";

/** Where the servers are and as whom to call them. */
export interface KeyServerSettings {
  /** Base address of the verification server: test results and certificates. */
  readonly verificationUrl: string;
  /** Base address of the key server's publish API. */
  readonly keyServerUrl: string;
  /** `healthAuthorityID` of publish requests. */
  readonly healthAuthorityId: string;
  /** Source of random bytes, for tests; the operating system's unless told. */
  readonly random?: (length: number) => Uint8Array;
  /** For tests; the global one unless told. */
  readonly fetch?: typeof globalThis.fetch;
}

/** Stands for one looked-up test; secret, and to be forgotten when the visit ends. */
export type RegistrationToken = z.output<typeof registrationToken>;

/** State of a test. */
export type TestResult = (typeof TEST_RESULTS)[number];

/** A key that its wearer agreed to publish. */
export interface KeyToPublish {
  /** 16 bytes. */
  readonly keyData: Uint8Array;
  /** First interval (ENIN). */
  readonly rollingStartIntervalNumber: number;
  /** 1..144 intervals. */
  readonly rollingPeriod: number;
}

/** In the order of the Corona-Warn-App's numbers. */
const TEST_RESULTS = ["pending", "negative", "positive", "invalid", "redeemed"] as const;

const registrationToken = z.uuid().brand<"RegistrationToken">();
const lookUpAnswer = z.object({ registrationToken });
const resultAnswer = z.object({
  testResult: z
    .int()
    .min(0)
    .max(TEST_RESULTS.length - 1),
});
const certificateAnswer = z.object({ certificate: z.string().min(1) });
const publishAnswer = z.object({
  insertedExposures: z.int().min(0),
  revisionToken: z.string(),
  code: z.string().optional(),
});

/**
 * Calls the verification server and the key server (Corona-Warn-App external API for test results,
 * exposure-notifications-verification-server for certificates, exposure-notifications-server for
 * publishing). Whatever goes wrong is thrown as a Failure; besides the codes named at
 * each method these are `server-unreachable`, `server-answer-malformed`, `server-refused` and
 * `too-many-attempts`.
 */
export class KeyServerClient {
  readonly #verification: URL;
  readonly #keyServer: URL;
  readonly #healthAuthorityId: string;
  readonly #random: (length: number) => Uint8Array;
  readonly #fetch: typeof globalThis.fetch;

  /** @throws Failure `server-address-invalid` */
  constructor(settings: KeyServerSettings) {
    this.#verification = baseAddress(settings.verificationUrl);
    this.#keyServer = baseAddress(settings.keyServerUrl);
    this.#healthAuthorityId = settings.healthAuthorityId;
    this.#random = settings.random ?? randomBytes;
    this.#fetch = settings.fetch ?? globalThis.fetch;
  }

  /**
   * Looks a test up by its 10-digit code. Only the code's SHA-256 is sent. An earlier token for the
   * same code ends.
   *
   * @throws Failure `code-malformed` before anything is sent; `code-unknown`
   */
  async lookUp(code: string): Promise<RegistrationToken> {
    if (!/^[0-9]{10}$/.test(code)) {
      throw new Failure("code-malformed", "The code must have exactly 10 digits.");
    }
    const key = createHash("sha256").update(code).digest("hex");
    const answer = await this.#verify(
      "version/v1/registrationToken",
      paddedBody({ keyType: "GUID", key }, "requestPadding", this.#random),
      lookUpAnswer,
    );
    return answer.registrationToken;
  }

  /** Asks for the state of a test. @throws Failure `token-invalid` */
  async testResult(token: RegistrationToken): Promise<TestResult> {
    const answer = await this.#verify(
      "version/v1/testresult",
      paddedBody({ registrationToken: token }, "requestPadding", this.#random),
      resultAnswer,
    );
    return TEST_RESULTS[answer.testResult]!;
  }

  /**
   * Publishes the keys of a positive test: gets a certificate that is bound to exactly these keys,
   * then sends both. When the connection fails, the very same request is sent once more; the server
   * knows it again.
   *
   * @returns the number of keys stored and the token with which they could be sent again
   * @throws Failure `token-invalid`, `already-used`, `test-not-positive`, `certificate-refused`,
   *   `health-authority-unknown`, `keys-already-published`, `keys-refused`, or `publish-unconfirmed`
   *   when no answer came, so that the keys may or may not have been stored
   */
  async publish(
    token: RegistrationToken,
    keys: readonly KeyToPublish[],
  ): Promise<{ inserted: number; revisionToken: string }> {
    const temporaryExposureKeys = keys.map((key) => ({
      key: Buffer.from(key.keyData).toString("base64"),
      rollingStartNumber: key.rollingStartIntervalNumber,
      rollingPeriod: key.rollingPeriod,
      transmissionRisk: 0,
    }));
    const secret = this.#random(32);
    const { certificate } = await this.#verify(
      "api/certificate",
      paddedBody(
        { token, ekeyhmac: ekeyhmac(temporaryExposureKeys, secret) },
        "padding",
        this.#random,
      ),
      certificateAnswer,
    );
    const body = JSON.stringify({
      temporaryExposureKeys,
      healthAuthorityID: this.#healthAuthorityId,
      verificationPayload: certificate,
      hmacKey: Buffer.from(secret).toString("base64"),
      padding: publishPadding(this.#random),
    });
    return this.#sendKeys(body, keys.length);
  }

  async #verify<Schema extends z.ZodType>(
    path: string,
    body: string,
    schema: Schema,
  ): Promise<z.output<Schema>> {
    const { status, headers, json } = await postJson(
      this.#fetch,
      new URL(path, this.#verification),
      body,
    );
    if (status < 200 || status > 299) throw refusal(status, headers, json);
    const answer = schema.safeParse(json);
    if (!answer.success) throw malformedAnswer();
    return answer.data;
  }

  async #sendKeys(body: string, count: number) {
    const url = new URL("v1/publish", this.#keyServer);
    let again = false;
    const attempt = () => postJson(this.#fetch, url, body);
    const { status, headers, json } = await attempt()
      .catch((error: unknown) => {
        if (!isUnreachable(error)) throw error;
        again = true;
        return attempt();
      })
      .catch((error: unknown) => {
        throw isUnreachable(error) ? unconfirmed() : error;
      });
    if (status !== 200) throw refusal(status, headers, json);
    const answer = publishAnswer.safeParse(json);
    if (!answer.success) throw malformedAnswer();
    const { insertedExposures, revisionToken, code } = answer.data;
    // Nothing new on the second try: the first had arrived and only its answer was lost.
    const arrivedBefore = again && insertedExposures === 0 && code === undefined;
    return { inserted: arrivedBefore ? count : insertedExposures, revisionToken };
  }
}

function isUnreachable(error: unknown): boolean {
  return error instanceof Failure && error.code === "server-unreachable";
}

function unconfirmed(): Failure {
  return new Failure(
    "publish-unconfirmed",
    "The key server did not answer, so that the keys may be published or not; look the code up again: if it is not used up, publish again.",
  );
}
