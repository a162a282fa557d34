import { Hono } from "hono";
import { z } from "zod";
import { ApiError, answerError } from "./api-error.ts";
import { AttemptLimit, LOOK_UP_LIMITS } from "./attempt-limit.ts";
import { chaff } from "./chaff.ts";
import { clientAddress } from "./client-address.ts";
import type { ServerContext } from "./context.ts";
import { readJson } from "./json-body.ts";
import { TestResults } from "./test-results.ts";

const lookUpRequest = z.strictObject({
  keyType: z.literal("GUID"),
  key: z.string().regex(/^[0-9a-f]{64}$/),
  requestPadding: z.string().optional(),
});

const resultRequest = z.strictObject({
  registrationToken: z.string(),
  requestPadding: z.string().optional(),
});

/** The Corona-Warn-App's mark of chaff. */
const CHAFF_HEADER = "cwa-fake";

/**
 * What a desk asks about a test: `POST /version/v1/registrationToken` and `POST
 * /version/v1/testresult` follow the Corona-Warn-App (cwa-verification-server, external API), with
 * one difference: only connected laboratories have results here, so a code that nobody registered
 * is 404 `code_unknown` and not pending.
 */
export function lookUpRoutes(context: ServerContext): Hono {
  const app = new Hono().onError(answerError);
  const tests = new TestResults(context);
  const limit = new AttemptLimit(context, "look_up", LOOK_UP_LIMITS);

  app.use("/version/v1/registrationToken", chaff(context, CHAFF_HEADER));
  app.use("/version/v1/testresult", chaff(context, CHAFF_HEADER));

  app.post("/version/v1/registrationToken", async (c) => {
    const address = clientAddress(c, context.proxies);
    limit.checkAddress(address);
    const { key } = await readJson(c, lookUpRequest);
    const registrationToken = context.db.transaction(() => {
      // Again: calls that were waiting for their bodies have passed the first check together.
      limit.checkAddress(address);
      limit.checkCode(key);
      const token = tests.issueToken(key);
      limit.record(address, token && key, token === undefined);
      return token;
    });
    if (registrationToken === undefined) {
      throw new ApiError(404, "code_unknown", "No connected laboratory has registered this code.");
    }
    return c.json({ registrationToken }, 201);
  });

  app.post("/version/v1/testresult", async (c) => {
    const { registrationToken } = await readJson(c, resultRequest);
    const test = tests.byToken(registrationToken);
    if (!test) throw new ApiError(400, "token_invalid", "The registration token is not valid.");
    return c.json({ testResult: test.status });
  });

  return app;
}
