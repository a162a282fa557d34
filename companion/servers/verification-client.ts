import { z } from "zod";
import { Failure } from "../failure.ts";
import type { Caller } from "./caller.ts";
import { certificateLifetime } from "./certificate-lifetime.ts";
import { Forgettable } from "./forgettable.ts";
import { CALL_BODY_BYTES, CHAFF_HEADER, chaffBody, paddedBody } from "./padding.ts";
import { readAnswer } from "./read-answer.ts";
import type { RegistrationToken } from "./test-results-client.ts";

/** Kinds of test, as a health authority issues codes for them. */
export const TEST_TYPES = ["confirmed", "likely"] as const;
export type TestType = (typeof TEST_TYPES)[number];

/**
 * A code that a health authority issued after a positive test. It is verified, which uses it up, only
 * when the keys to publish are at hand.
 */
export class VerificationCode extends Forgettable {
  readonly kind = "verification-code";
  /** What it was verified for; kept, so that a second attempt to publish does not verify it again. */
  token: CertificateToken | undefined;

  /** @throws Failure `code-malformed` */
  constructor(code: string) {
    if (!/^[0-9a-z]{6,64}$/i.test(code)) {
      throw new Failure(
        "code-malformed",
        "The code must have at least six digits or letters, and nothing else.",
      );
    }
    super(code);
  }
}

/** What a certificate can be had for. */
export interface CertificateToken {
  readonly secret: Forgettable;
  /**
   * Whether the server gives further certificates for it, until keys were published with one; otherwise
   * only one at all.
   */
  readonly renewable: boolean;
}

/** Permission to publish one set of keys. */
export interface Certificate {
  readonly jwt: string;
  /** When it ends, Unix seconds on this computer's clock, at the earliest. */
  readonly until: number;
}

const verifyAnswer = z.object({ token: z.string().min(1) });
const certificateAnswer = z.object({ certificate: z.string().min(1) });

/**
 * Verifies codes and gets certificates (exposure-notifications-verification-server, docs/api.md,
 * `/api/verify` and `/api/certificate`). With a registration token in the place of the verification
 * token it speaks to this project's own server.
 */
export class VerificationClient {
  readonly #caller: Caller;
  readonly #accept: readonly TestType[];

  /** @param accept - kinds of tests for which keys are published */
  constructor(caller: Caller, accept: readonly TestType[]) {
    this.#caller = caller;
    this.#accept = accept;
  }

  /**
   * Turns a code into the token for one certificate; the code is used up then.
   *
   * @throws Failure `code-refused`, `code-expired`, `test-type-unsupported`, `api-key-refused`,
   *   `code-lost`
   */
  async verify(code: VerificationCode): Promise<CertificateToken> {
    if (code.token) return code.token;
    const content = { code: code.reveal(), accept: this.#accept };
    const answer = await this.#caller.call("api/verify", this.#body(content), {}, (refused) =>
      refused.code === "code-refused"
        ? new Failure(
            "code-lost",
            "The verification server's answer was lost on the way, and the code may be used up now; nothing was published: have a new code issued.",
          )
        : refused,
    );
    const { token } = readAnswer(answer, verifyAnswer);
    code.forget();
    code.token = { secret: new Forgettable(token), renewable: false };
    return code.token;
  }

  /** The token for certificates that a looked-up test is, with this project's own server. */
  tokenOf(test: RegistrationToken): CertificateToken {
    return { secret: test, renewable: true };
  }

  /**
   * Gets a certificate for the keys with this HMAC (32 bytes in base64).
   *
   * @throws Failure `token-invalid`, `already-used`, `test-not-positive`, `api-key-refused`,
   *   `permission-lost`
   */
  async certificate(token: CertificateToken, ekeyhmac: string): Promise<Certificate> {
    const begin = this.#caller.pace.now();
    const body = this.#body({ token: token.secret.reveal(), ekeyhmac });
    const answer = await this.#caller.call("api/certificate", body, {}, (refused) =>
      refused.code === "already-used" && !token.renewable
        ? new Failure(
            "permission-lost",
            "The verification server's answer was lost on the way, and its permission with it; nothing was published: have a new code issued.",
          )
        : refused,
    );
    const { certificate } = readAnswer(answer, certificateAnswer);
    return { jwt: certificate, until: begin + certificateLifetime(certificate) };
  }

  /** Sends a call of `/api/verify` that means nothing. @returns whether there was an answer */
  chaffVerify(): Promise<boolean> {
    return this.#caller.chaff("api/verify", chaffBody(this.#caller.random), CHAFF_HEADER);
  }

  /** Sends a call of `/api/certificate` that means nothing. @returns whether there was an answer */
  chaffCertificate(): Promise<boolean> {
    return this.#caller.chaff("api/certificate", chaffBody(this.#caller.random), CHAFF_HEADER);
  }

  #body(content: Readonly<Record<string, unknown>>): string {
    return paddedBody(content, "padding", CALL_BODY_BYTES, this.#caller.random);
  }
}
