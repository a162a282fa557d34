import { jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import type { ServerContext } from "./context.ts";
import { REPORT_TYPES, type ReportTypeName } from "./report-types.ts";

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
  reportType: z.enum(REPORT_TYPES),
  symptomOnsetInterval: z.uint32().default(0),
  tekmac: z.string(),
});

/** What a certificate is to say. */
export interface CertificateContent {
  readonly reportType: ReportTypeName;
  /** ENIN at which the day of symptom onset begins; undefined when it is not known. */
  readonly symptomOnsetInterval: number | undefined;
  /** The HMAC of the keys that may be published with it, base64. */
  readonly ekeyhmac: string;
}

/** What a valid certificate says. */
export interface Certificate {
  readonly jti: string;
  readonly reportType: ReportTypeName;
  /** ENIN; 0 when it is not known. */
  readonly symptomOnsetInterval: number;
  /** The ekeyhmac of the keys that may be published with it, base64. */
  readonly tekmac: string;
  /** Unix seconds. */
  readonly expiresAt: number;
}

/**
 * Verification certificates: ES256 JWTs that let one verified report publish one set of keys
 * (exposure-notifications-server, docs/design/verification_protocol.md, "JWT Verification").
 */
export class Certificates {
  readonly #context: Pick<ServerContext, "db" | "secrets" | "now">;

  constructor(context: Pick<ServerContext, "db" | "secrets" | "now">) {
    this.#context = context;
  }

  /** Makes a certificate; it is good only once it is remembered. */
  async sign(jti: string, content: CertificateContent): Promise<string> {
    const { secrets, now } = this.#context;
    const [key] = secrets.certificateKeys;
    const issuedAt = now() - BACKDATING;
    const { reportType, symptomOnsetInterval, ekeyhmac } = content;
    return new SignJWT({
      reportType,
      tekmac: ekeyhmac,
      ...(symptomOnsetInterval !== undefined && { symptomOnsetInterval }),
    })
      .setProtectedHeader({ alg: "ES256", kid: key!.keyId, typ: "JWT" })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setIssuedAt(issuedAt)
      .setNotBefore(issuedAt)
      .setExpirationTime(now() + LIFETIME)
      .setJti(jti)
      .sign(key!.privateKey);
  }

  /**
   * Remembers a certificate until it ends.
   *
   * @param testId the test for which it stands; undefined when it stands for an issued code
   */
  remember(jti: string, testId: number | undefined): void {
    const { db, secrets, now } = this.#context;
    db.run(
      "INSERT INTO certificates (jti_hash, test_id, expires_at) VALUES (?, ?, ?)",
      secrets.hash("certificate", jti),
      testId ?? null,
      now() + LIFETIME,
    );
  }

  /** Checks signature, key, issuer, audience and times; undefined for any other certificate. */
  async verify(jwt: string): Promise<Certificate | undefined> {
    const { secrets, now } = this.#context;
    try {
      const { payload } = await jwtVerify(
        jwt,
        ({ kid }) => {
          const key = secrets.certificateKeys.find(({ keyId }) => keyId === kid);
          if (!key) throw new Error("the key is not known");
          return key.publicKey;
        },
        {
          algorithms: ["ES256"],
          issuer: ISSUER,
          audience: AUDIENCE,
          typ: "JWT",
          currentDate: new Date(now() * 1000),
        },
      );
      // jose would take a list of audiences too; the key server wants a single string.
      if (payload.aud !== AUDIENCE) return undefined;
      const { jti, exp, reportType, symptomOnsetInterval, tekmac } = claims.parse(payload);
      return { jti, reportType, symptomOnsetInterval, tekmac, expiresAt: exp };
    } catch {
      // Everything that jose and zod throw here means one thing: this is no certificate of ours.
      return undefined;
    }
  }
}
