import { Hono } from "hono";
import { z } from "zod";
import { ApiError, answerError } from "./api-error.ts";
import { requireApiKey } from "./api-keys.ts";
import type { ServerContext } from "./context.ts";
import { readJson } from "./json-body.ts";
import { TestResults, TestStatus } from "./test-results.ts";

const code = z.string().regex(/^\d{10}$/);
const sampleRequest = z.strictObject({ code });
const resultRequest = z.strictObject({ code, result: z.enum(["negative", "positive", "invalid"]) });

/**
 * The laboratories' interface, of this project's own design. Every call needs the header
 * `X-API-Key` with the laboratory key.
 *
 * - `POST /laboratory/v1/samples` `{code}` registers a 10-digit code: 201, or 409 `code_registered`.
 * - `POST /laboratory/v1/results` `{code, result}` enters its result: 200, 404 `code_unknown`, or
 *   409 `result_final`.
 */
export function laboratoryRoutes(context: ServerContext): Hono {
  const app = new Hono().onError(answerError);
  const tests = new TestResults(context);

  app.use("/laboratory/*", requireApiKey(context.secrets.laboratoryKeys));

  app.post("/laboratory/v1/samples", async (c) => {
    const sample = await readJson(c, sampleRequest);
    if (!tests.register(sample.code)) {
      throw new ApiError(409, "code_registered", "This code is registered already.");
    }
    return c.json({ result: "pending" }, 201);
  });

  app.post("/laboratory/v1/results", async (c) => {
    const { code, result } = await readJson(c, resultRequest);
    const outcome = tests.setResult(code, TestStatus[result]);
    if (outcome === "unknown") {
      throw new ApiError(404, "code_unknown", "This code was never registered.");
    }
    if (outcome === "final") {
      throw new ApiError(409, "result_final", "This code has a final result already.");
    }
    return c.json({ result });
  });

  return app;
}
