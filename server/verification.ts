import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import { z } from "zod";
import { ApiError, answerError } from "./api-error.ts";
import { Certificates } from "./certificates.ts";
import { clientAddress } from "./client-address.ts";
import { responsePadding, type ServerContext } from "./context.ts";
import { readJson } from "./json-body.ts";
import { LookUpLimit } from "./look-up-limit.ts";
import { TestResults, TestStatus } from "./test-results.ts";

const lookUpRequest = z.strictObject({
  keyType: z.literal("GUID"),
  key: z.string().regex(/^[0-9a-f]{64}$/),
  requestPadding: z.string().optional(),
});

const resultRequest = z.strictObject({
  registrationToken: z.string(),
  requestPadding: z.string().optional(),
});

const certificateRequest = z.strictObject({
  token: z.string(),
  ekeyhmac: z.string(),
  padding: z.string().optional(),
});

/**
 * What a desk asks about a test.
 *
 * - `POST /version/v1/registrationToken` and `POST /version/v1/testresult` follow the
 *   Corona-Warn-App (cwa-verification-server, external API), with one difference: only connected
 *   laboratories have results here, so a code that nobody registered is 404 `code_unknown` and not
 *   pending.
 * - `POST /api/certificate` follows exposure-notifications-verification-server (docs/api.md,
 *   "/api/certificate"); its token is the registration token.
 */
export function verificationRoutes(context: ServerContext): Hono {
  const app = new Hono().onError(answerError);
  const tests = new TestResults(context);
  const limit = new LookUpLimit(context);
  const certificates = new Certificates(context);

  app.post("/version/v1/registrationToken", async (c) => {
    const address = clientAddress(c);
    limit.check(address);
    const { key } = await readJson(c, lookUpRequest);
    const registrationToken = context.db.transaction(() => {
      // Again: calls that were waiting for their bodies have passed the first check together.
      limit.check(address);
      const token = tests.issueToken(key);
      limit.record(address, token !== undefined);
      return token;
    });
    if (registrationToken === undefined) {
      throw new ApiError(404, "code_unknown", "No connected laboratory has registered this code.");
    }
    return c.json({ registrationToken }, 201);
  });

  app.post("/version/v1/testresult", async (c) => {
    const { registrationToken } = await readJson(c, resultRequest);
    return c.json({ testResult: testOf(registrationToken).status });
  });

  app.post("/api/certificate", async (c) => {
    const { token, ekeyhmac } = await readJson(c, certificateRequest);
    const test = testOf(token);
    if (test.status === TestStatus.redeemed) {
      throw new ApiError(400, "token_expired", "The keys for this test were published already.");
    }
    if (test.status !== TestStatus.positive) {
      throw new ApiError(400, "test_not_positive", "This test has no positive result.");
    }
    if (!isHmac(ekeyhmac)) {
      throw new ApiError(400, "hmac_invalid", "The ekeyhmac must be 32 bytes in base64.");
    }
    const certificate = await certificates.issue(test.id, ekeyhmac, randomUUID());
    return c.json({ certificate, padding: responsePadding(context.random) });
  });

  function testOf(token: string) {
    const test = tests.byToken(token);
    if (!test) throw new ApiError(400, "token_invalid", "The registration token is not valid.");
    return test;
  }

  return app;
}

function isHmac(base64: string): boolean {
  const bytes = Buffer.from(base64, "base64");
  return bytes.length === 32 && bytes.toString("base64") === base64;
}
