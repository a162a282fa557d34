import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import { z } from "zod";
import { dayOf, INTERVALS_PER_DAY, intervalAt } from "../protocol/intervals.ts";
import { ApiError, answerError } from "./api-error.ts";
import { requireApiKey, unauthorized } from "./api-keys.ts";
import { AttemptLimit, VERIFY_LIMITS } from "./attempt-limit.ts";
import { Certificates } from "./certificates.ts";
import { chaff } from "./chaff.ts";
import { clientAddress } from "./client-address.ts";
import { responsePadding, type ServerContext } from "./context.ts";
import { readVerificationJson } from "./json-body.ts";
import { refuseInMaintenance } from "./maintenance.ts";
import { decodeBase64 } from "./publish-request.ts";
import { rateLimit } from "./rate-limit.ts";
import { REPORT_TYPES, type ReportTypeName } from "./report-types.ts";
import { TestResults, TestStatus } from "./test-results.ts";
import { VerificationCodes } from "./verification-codes.ts";
import { newTokenId, VerificationTokens } from "./verification-tokens.ts";

const verifyRequest = z.strictObject({
  code: z.string(),
  accept: z.array(z.string()).default([]),
  // Only user reports have one, which are not taken here.
  nonce: z.string().optional(),
  padding: z.string().optional(),
});

const certificateRequest = z.strictObject({
  token: z.string(),
  ekeyhmac: z.string(),
  padding: z.string().optional(),
});

/** Who can handle one type can handle those before it (docs/api.md, "/api/verify", "accept"). */
const IMPLIED: Record<ReportTypeName, readonly ReportTypeName[]> = {
  confirmed: ["confirmed"],
  likely: ["confirmed", "likely"],
  negative: ["confirmed", "likely", "negative"],
  "user-report": ["confirmed", "user-report"],
};

/**
 * For desks and apps (exposure-notifications-verification-server, docs/api.md, "API server"), with
 * the device key in X-API-Key:
 *
 * - `POST /api/verify` exchanges a code for a token, once.
 * - `POST /api/certificate` exchanges the token for a certificate, once. It also takes a
 *   registration token of a positive test (see look-ups.ts), and that without a key.
 */
export function deviceRoutes(context: ServerContext): Hono {
  const app = new Hono().onError(answerError);
  const { db, random, metrics, proxies, secrets } = context;
  const codes = new VerificationCodes(context);
  const tokens = new VerificationTokens(context);
  const tests = new TestResults(context);
  const certificates = new Certificates(context);
  const limit = new AttemptLimit(context, "verify", VERIFY_LIMITS);
  const rate = rateLimit(context, "device");

  app.use("/api/verify", requireApiKey(secrets.deviceKeys), chaff(context), rate);
  app.use("/api/verify", refuseInMaintenance(context));
  app.use("/api/certificate", requireApiKey(secrets.deviceKeys, { optional: true }));
  app.use("/api/certificate", chaff(context), rate);

  app.post("/api/verify", async (c) => {
    const address = clientAddress(c, proxies);
    limit.checkAddress(address);
    const request = await readVerificationJson(c, verifyRequest);
    const accepts = acceptedTypes(request.accept);
    limit.checkCode(request.code);
    const jti = newTokenId();
    const subject = db.transaction(() => {
      const claimed = codes.claim(request.code, accepts);
      if (typeof claimed === "string") {
        limit.record(address, claimed === "invalid" ? undefined : request.code, true);
      } else {
        tokens.remember(jti);
      }
      return claimed;
    });
    if (typeof subject === "string") throw VERIFY_ERRORS[subject]();
    metrics.code("claimed");
    return c.json({
      testtype: subject.testType,
      ...(subject.symptomDate !== "" && { symptomDate: subject.symptomDate }),
      ...(subject.testDate !== "" && { testDate: subject.testDate }),
      token: await tokens.sign(jti, subject),
      padding: responsePadding(random),
    });
  });

  app.post("/api/certificate", async (c) => {
    const { token, ekeyhmac } = await readVerificationJson(c, certificateRequest, "token_invalid");
    const isJwt = token.split(".").length === 3;
    const certificate = isJwt
      ? await certifyCode(token, ekeyhmac, c.req.header("x-api-key") !== undefined)
      : await certifyTest(token, ekeyhmac);
    return c.json({ certificate, padding: responsePadding(random) });
  });

  async function certifyTest(registrationToken: string, ekeyhmac: string): Promise<string> {
    const test = tests.byToken(registrationToken);
    if (!test) throw tokenInvalid();
    if (test.status === TestStatus.redeemed) {
      throw new ApiError(400, "token_expired", "The keys for this test were published already.");
    }
    if (test.status !== TestStatus.positive) {
      throw new ApiError(400, "test_not_positive", "This test has no positive result.");
    }
    checkHmac(ekeyhmac);
    const jti = randomUUID();
    const certificate = await certificates.sign(jti, {
      reportType: "confirmed",
      symptomOnsetInterval: undefined,
      ekeyhmac,
    });
    certificates.remember(jti, test.id);
    return certificate;
  }

  async function certifyCode(token: string, ekeyhmac: string, hasKey: boolean): Promise<string> {
    if (!hasKey) throw unauthorized();
    const verified = await tokens.verify(token);
    if (!verified) throw tokenInvalid();
    checkHmac(ekeyhmac);
    const { testType, symptomDate } = verified.subject;
    const jti = randomUUID();
    const certificate = await certificates.sign(jti, {
      reportType: testType,
      symptomOnsetInterval: symptomDate === "" ? undefined : startOfDay(symptomDate),
      ekeyhmac,
    });
    // Last, so that whoever is refused before may try again.
    const claimed = db.transaction(() => {
      if (!tokens.claim(verified.jti)) return false;
      certificates.remember(jti, undefined);
      return true;
    });
    if (!claimed) {
      throw new ApiError(400, "token_expired", "The token has expired or was used before.");
    }
    return certificate;
  }

  return app;
}

const VERIFY_ERRORS = {
  // Whether a code is unknown or used is nobody's business.
  invalid: () => new ApiError(400, "code_invalid", "The code is not valid."),
  expired: () => new ApiError(400, "code_expired", "The code has expired."),
  unsupported: () =>
    new ApiError(412, "unsupported_test_type", "The code is of a type that was not accepted."),
};

function acceptedTypes(accept: readonly string[]): ReadonlySet<ReportTypeName> {
  if (accept.length === 0) return new Set(REPORT_TYPES);
  const accepted = accept.flatMap((name) => {
    const type = REPORT_TYPES.find((each) => each === name.trim().toLowerCase());
    if (!type) throw new ApiError(400, "invalid_test_type", "An accepted test type is unknown.");
    return IMPLIED[type];
  });
  return new Set(accepted);
}

function startOfDay(date: string): number {
  return dayOf(intervalAt(Date.parse(`${date}T00:00:00Z`) / 1000)) * INTERVALS_PER_DAY;
}

function checkHmac(ekeyhmac: string): void {
  if (decodeBase64(ekeyhmac)?.length !== 32) {
    throw new ApiError(400, "hmac_invalid", "The ekeyhmac must be 32 bytes in base64.");
  }
}

function tokenInvalid(): ApiError {
  return new ApiError(400, "token_invalid", "The token is not valid.");
}
