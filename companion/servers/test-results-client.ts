import { createHash } from "node:crypto";
import { z } from "zod";
import { Failure } from "../failure.ts";
import type { Caller } from "./caller.ts";
import { Forgettable } from "./forgettable.ts";
import { paddedBody, TEST_RESULT_BODY_BYTES } from "./padding.ts";
import { readAnswer } from "./read-answer.ts";

/** Seconds between two looks at a result that is not ready (Corona-Warn-App, PCR tests). */
export const RESULT_INTERVAL = 120 * 60;

/** Stands for one looked-up test; secret, and forgotten once keys were published with it. */
export class RegistrationToken extends Forgettable {
  readonly kind = "registration-token";
  /** What the server last said; kept, so that a visit asks once, as chaff does. Undefined before. */
  result: TestResult | undefined;
}

/** State of a test. */
export type TestResult = (typeof TEST_RESULTS)[number];

/** In the order of the Corona-Warn-App's numbers; 5 to 9 are the same for rapid tests. */
const TEST_RESULTS = ["pending", "negative", "positive", "invalid", "redeemed"] as const;

const lookUpAnswer = z.object({ registrationToken: z.uuid() });
const resultAnswer = z.object({
  testResult: z
    .int()
    .min(0)
    .max(2 * TEST_RESULTS.length - 1),
});

/** Lets the code of a test pass, which has 10 digits. @throws Failure `code-malformed` */
export function requireTestCode(code: string): string {
  if (/^[0-9]{10}$/.test(code)) return code;
  throw new Failure("code-malformed", "The code must have exactly 10 digits.");
}

/** The name of a call, the last part of its path. */
type Call = "registrationToken" | "testresult";

/** The longest of those names. */
const LONGEST_NAME = "registrationToken".length;

/**
 * Looks tests up in the manner of the Corona-Warn-App (cwa-verification-server, external API). All calls
 * have one size: bodies of 250 bytes, and a header `cwa-header-padding` that makes up for the length of
 * the call's name; `cwa-fake` says 0, or 1 for chaff.
 */
export class TestResultsClient {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Looks a test up by its 10-digit code. Only the code's SHA-256 is sent. An earlier token for the same
   * code ends.
   *
   * @throws Failure `code-malformed` before anything is sent; `code-unknown`
   */
  async lookUp(code: string): Promise<RegistrationToken> {
    const key = createHash("sha256").update(requireTestCode(code)).digest("hex");
    const answer = await this.#call("registrationToken", { keyType: "GUID", key }, lookUpAnswer);
    return new RegistrationToken(answer.registrationToken);
  }

  /** Asks for the state of a test, which the token keeps then. @throws Failure `token-invalid` */
  async testResult(token: RegistrationToken): Promise<TestResult> {
    const content = { registrationToken: token.reveal() };
    const { testResult } = await this.#call("testresult", content, resultAnswer);
    token.result = TEST_RESULTS[testResult % TEST_RESULTS.length]!;
    return token.result;
  }

  /** Sends a look-up and a question for its result that mean nothing. @returns whether both were answered */
  async chaff(): Promise<boolean> {
    const lookedUp = await this.#caller.chaff(...this.#request("registrationToken", {}, true));
    return (await this.#caller.chaff(...this.#request("testresult", {}, true))) && lookedUp;
  }

  async #call<Schema extends z.ZodType>(
    call: Call,
    content: Readonly<Record<string, string>>,
    schema: Schema,
  ): Promise<z.output<Schema>> {
    const answer = await this.#caller.call(...this.#request(call, content, false));
    return readAnswer(answer, schema);
  }

  #request(
    call: Call,
    content: Readonly<Record<string, string>>,
    fake: boolean,
  ): [path: string, body: string, headers: Record<string, string>] {
    const { random } = this.#caller;
    const missing = LONGEST_NAME - call.length;
    const headers = {
      "cwa-fake": fake ? "1" : "0",
      "cwa-header-padding": Buffer.from(random(missing)).toString("base64url").slice(0, missing),
    };
    const body = paddedBody(content, "requestPadding", TEST_RESULT_BODY_BYTES, random);
    return [`version/v1/${call}`, body, headers];
  }
}
