import { randomBytes } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import type { ServerContext } from "./context.ts";
import { DAY } from "./durations.ts";
import { REPORT_TYPES } from "./report-types.ts";
import type { CodeSubject } from "./verification-codes.ts";

/** Issuer and audience: the token is for this server alone. */
const ISSUER = "kz.saqbol.verification.token";
const LIFETIME = DAY;
const JTI_BYTES = 96;

const subjectParts = z.tuple([
  z.enum(REPORT_TYPES),
  z.string().regex(/^(\d{4}-\d{2}-\d{2})?$/),
  z.string().regex(/^(\d{4}-\d{2}-\d{2})?$/),
]);

/** What a valid token says. */
export interface VerificationToken {
  readonly jti: string;
  readonly subject: CodeSubject;
}

/**
 * Tokens that a claimed code is exchanged for: ES256 JWTs that buy one certificate within a day
 * (exposure-notifications-verification-server, docs/api.md, "/api/verify").
 */
export class VerificationTokens {
  readonly #context: ServerContext;

  constructor(context: ServerContext) {
    this.#context = context;
  }

  /** Makes a token; it is good only once it is remembered. */
  async sign(jti: string, { testType, symptomDate, testDate }: CodeSubject): Promise<string> {
    const { secrets, now } = this.#context;
    const [key] = secrets.tokenKeys;
    return new SignJWT()
      .setProtectedHeader({ alg: "ES256", kid: key!.keyId, typ: "JWT" })
      .setIssuer(ISSUER)
      .setAudience(ISSUER)
      .setIssuedAt(now())
      .setExpirationTime(now() + LIFETIME)
      .setJti(jti)
      .setSubject(`${testType}.${symptomDate}.${testDate}`)
      .sign(key!.privateKey);
  }

  /** Remembers a token until it ends. */
  remember(jti: string): void {
    const { db, secrets, now } = this.#context;
    db.run(
      "INSERT INTO verification_tokens (jti_hash, used, expires_at) VALUES (?, 0, ?)",
      secrets.hash("token", jti),
      now() + LIFETIME,
    );
  }

  /** Checks signature, key, issuer and times; undefined for anything else. */
  async verify(jwt: string): Promise<VerificationToken | undefined> {
    const { secrets, now } = this.#context;
    try {
      const { payload } = await jwtVerify(
        jwt,
        ({ kid }) => {
          const key = secrets.tokenKeys.find(({ keyId }) => keyId === kid);
          if (!key) throw new Error("the key is not known");
          return key.publicKey;
        },
        {
          algorithms: ["ES256"],
          issuer: ISSUER,
          audience: ISSUER,
          currentDate: new Date(now() * 1000),
        },
      );
      const [testType, symptomDate, testDate] = subjectParts.parse(payload.sub?.split("."));
      return { jti: z.string().parse(payload.jti), subject: { testType, symptomDate, testDate } };
    } catch {
      // Everything that jose and zod throw here means one thing: this is no token of ours.
      return undefined;
    }
  }

  /** Uses a token up; false when it was used before or has ended. */
  claim(jti: string): boolean {
    const { db, secrets, now } = this.#context;
    const changes = secrets
      .hashes("token", jti)
      .map((hash) =>
        db.run(
          "UPDATE verification_tokens SET used = 1 WHERE jti_hash = ? AND used = 0 AND expires_at > ?",
          hash,
          now(),
        ),
      );
    return changes.includes(1);
  }
}

/** A name for a new token: base64 of 96 random bytes. */
export function newTokenId(): string {
  return randomBytes(JTI_BYTES).toString("base64");
}
