import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import type { ServerContext } from "./context.ts";

/** Identifies this health authority to the key server, in `healthAuthorityID`. */
export const HEALTH_AUTHORITY_ID = "kz.saqbol";

const ISSUER = "kz.saqbol.verification";
const AUDIENCE = "kz.saqbol.key-server";

/** Seconds for which a certificate may be used. */
const LIFETIME = 15 * 60;

/** Allowance in seconds for a key server whose clock is behind. */
const BACKDATING = 5;

const claims = z.object({
  jti: z.string(),
  exp: z.number(),
  reportType: z.literal("confirmed"),
  tekmac: z.string(),
});

/** What a valid certificate says. */
export interface Certificate {
  readonly jti: string;
  /** The ekeyhmac of the keys that may be published with it, base64. */
  readonly tekmac: string;
  /** Unix seconds. */
  readonly expiresAt: number;
}

/**
 * Verification certificates: ES256 JWTs that let one positive test publish one set of keys
 * (exposure-notifications-server, docs/design/verification_protocol.md, "JWT Verification"). The
 * report type is always `confirmed`: only laboratories enter results.
 */
export class Certificates {
  readonly #context: ServerContext;
  readonly #publicKey: KeyObject;
  readonly #keyId: string;

  constructor(context: ServerContext) {
    this.#context = context;
    this.#publicKey = createPublicKey(context.secrets.certificateKey);
    const spki = this.#publicKey.export({ type: "spki", format: "der" });
    this.#keyId = createHash("sha256").update(spki).digest("hex").slice(0, 16);
  }

  /** Makes a certificate and remembers, until it ends, for which test it stands. */
  async issue(testId: number, ekeyhmac: string, jti: string): Promise<string> {
    const { db, secrets, now } = this.#context;
    const issuedAt = now() - BACKDATING;
    const expiresAt = now() + LIFETIME;
    db.run(
      "INSERT INTO certificates (jti_hash, test_id, expires_at) VALUES (?, ?, ?)",
      secrets.hash("certificate", jti),
      testId,
      expiresAt,
    );
    return new SignJWT({ reportType: "confirmed", tekmac: ekeyhmac })
      .setProtectedHeader({ alg: "ES256", kid: this.#keyId, typ: "JWT" })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setIssuedAt(issuedAt)
      .setNotBefore(issuedAt)
      .setExpirationTime(expiresAt)
      .setJti(jti)
      .sign(secrets.certificateKey);
  }

  /** Checks signature, key, issuer, audience and times; undefined for any other certificate. */
  async verify(jwt: string): Promise<Certificate | undefined> {
    try {
      const { payload, protectedHeader } = await jwtVerify(jwt, this.#publicKey, {
        algorithms: ["ES256"],
        issuer: ISSUER,
        audience: AUDIENCE,
        typ: "JWT",
        currentDate: new Date(this.#context.now() * 1000),
      });
      // jose would take a list of audiences too; the key server wants a single string.
      if (protectedHeader.kid !== this.#keyId || payload.aud !== AUDIENCE) return undefined;
      const { jti, exp, tekmac } = claims.parse(payload);
      return { jti, tekmac, expiresAt: exp };
    } catch {
      // Everything that jose and zod throw here means one thing: this is no certificate of ours.
      return undefined;
    }
  }
}
