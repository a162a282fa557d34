import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { z } from "zod";
import { ApiError, answerError, errorBody } from "./api-error.ts";
import { requireApiKey } from "./api-keys.ts";
import { responsePadding, type ServerContext } from "./context.ts";
import { DAY } from "./durations.ts";
import { readVerificationJson } from "./json-body.ts";
import { refuseInMaintenance } from "./maintenance.ts";
import { rateLimit } from "./rate-limit.ts";
import type { ReportTypeName } from "./report-types.ts";
import { type CodeSubject, VerificationCodes } from "./verification-codes.ts";

/** Codes that one call of batch-issue may ask for. */
const MAX_BATCH = 10;
/** How long ago a test or the onset of symptoms may be. */
const MAX_AGE_DAYS = 28;
/** Report types that codes are issued for; user reports are not. */
const ISSUED_TYPES: readonly string[] = ["confirmed", "likely", "negative"];

const text = z.string().default("");
const padding = z.string().optional();
const uuid = z.guid().transform((value) => value.toLowerCase());

const issueRequest = z.strictObject({
  testType: text,
  symptomDate: text,
  testDate: text,
  tzOffset: z.number().default(0),
  phone: text,
  smsTemplateLabel: z.string().optional(),
  uuid: z.union([z.literal(""), uuid]).default(""),
  externalIssuerID: z.string().optional(),
  onlyGenerateSMS: z.boolean().default(false),
  padding,
});
type IssueRequest = z.output<typeof issueRequest>;

const batchRequest = z.strictObject({ codes: z.array(issueRequest).default([]), padding });
// What is no handle is one that nobody knows.
const handleRequest = z.strictObject({ uuid: text, padding });

/**
 * For those who issue verification codes (exposure-notifications-verification-server, docs/api.md,
 * "Admin APIs"): `POST /api/issue`, `/api/batch-issue`, `/api/checkcodestatus` and
 * `/api/expirecode`, with the admin key in X-API-Key. No SMS is sent and no telephone number or
 * issuer is stored: with `onlyGenerateSMS` the text, which holds the long code, is in the answer.
 */
export function adminRoutes(context: ServerContext): Hono {
  const app = new Hono().onError(answerError);
  const { db, now, random, region, metrics } = context;
  const codes = new VerificationCodes(context);
  const guards = [requireApiKey(context.secrets.adminKeys), rateLimit(context, "admin")] as const;
  for (const path of ["issue", "batch-issue", "checkcodestatus", "expirecode"]) {
    app.use(`/api/${path}`, ...guards);
  }
  app.use("/api/issue", refuseInMaintenance(context));
  app.use("/api/batch-issue", refuseInMaintenance(context));

  app.post("/api/issue", async (c) => {
    const request = await readVerificationJson(c, issueRequest);
    return c.json({ ...issue(request), padding: responsePadding(random) });
  });

  app.post("/api/batch-issue", async (c) => {
    const { codes: requests } = await readVerificationJson(c, batchRequest);
    if (requests.length > MAX_BATCH) {
      throw unparsable(`At most ${MAX_BATCH} codes can be issued at once.`);
    }
    const errors: ApiError[] = [];
    const answers = requests.map((request) => {
      try {
        return issue(request);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        errors.push(error);
        return { error: error.message, errorCode: error.code };
      }
    });
    // The first failure decides the status; the others stand beside what succeeded.
    const [first] = errors;
    const failure =
      first &&
      errorBody(`${errors.length} of ${requests.length} codes were not issued.`, first.code);
    const status: ContentfulStatusCode = first?.status ?? 200;
    return c.json({ codes: answers, ...failure, padding: responsePadding(random) }, status);
  });

  app.post("/api/checkcodestatus", async (c) => {
    const { uuid } = await readVerificationJson(c, handleRequest);
    const status = codes.status(uuid.toLowerCase());
    if (!status) throw notFound();
    return c.json({
      claimed: status.claimed,
      expiresAtTimestamp: status.expiresAt,
      longExpiresAtTimestamp: status.longExpiresAt,
      padding: responsePadding(random),
    });
  });

  app.post("/api/expirecode", async (c) => {
    const { uuid } = await readVerificationJson(c, handleRequest);
    const status = db.transaction(() => codes.expire(uuid.toLowerCase()));
    if (status === "unknown") throw notFound();
    if (status === "claimed") {
      throw new ApiError(400, "code_invalid", "The code was claimed already.");
    }
    metrics.code("expired");
    return c.json({
      expiresAtTimestamp: status.expiresAt,
      longExpiresAtTimestamp: status.longExpiresAt,
      padding: responsePadding(random),
    });
  });

  function issue(request: IssueRequest) {
    const subject = checkSubject(request, now());
    if (request.onlyGenerateSMS && request.phone === "") {
      throw unparsable("An SMS text needs a phone.");
    }
    if (request.phone !== "" && !request.onlyGenerateSMS) {
      throw unparsable("This server sends no SMS; ask for the text with onlyGenerateSMS.");
    }
    const handle = request.uuid || randomUUID();
    const issued = db.transaction(() => {
      if (codes.status(handle)) {
        throw new ApiError(409, "uuid_already_exists", "A code of this uuid was issued before.");
      }
      if (context.dailyCodes !== undefined && codes.issuedToday() >= context.dailyCodes) {
        throw new ApiError(429, "quota_exceeded", "No more codes can be issued today.");
      }
      return codes.issue(handle, subject, request.onlyGenerateSMS);
    });
    metrics.code("issued");
    const { code, longCode, expiresAt, longExpiresAt } = issued;
    return {
      uuid: handle,
      code,
      expiresAt: new Date(expiresAt * 1000).toUTCString(),
      expiresAtTimestamp: expiresAt,
      longExpiresAt: new Date(longExpiresAt * 1000).toUTCString(),
      longExpiresAtTimestamp: longExpiresAt,
      ...(request.onlyGenerateSMS && {
        generatedSMS: `ens://v?r=${region}&c=${longCode}`,
        phone: request.phone,
      }),
    };
  }

  return app;
}

function checkSubject(request: IssueRequest, now: number): CodeSubject {
  const testType = request.testType.trim().toLowerCase();
  if (request.symptomDate === "" && request.testDate === "") {
    throw new ApiError(400, "missing_date", "A test date or a symptom date is needed.");
  }
  checkDate(request.symptomDate, request.tzOffset, now);
  checkDate(request.testDate, request.tzOffset, now);
  if (testType === "user-report") {
    throw new ApiError(400, "unsupported_test_type", "User reports are not taken here.");
  }
  if (!ISSUED_TYPES.includes(testType)) {
    throw new ApiError(
      400,
      "invalid_test_type",
      "The test type must be confirmed, likely or negative.",
    );
  }
  return {
    testType: testType as ReportTypeName,
    symptomDate: request.symptomDate,
    testDate: request.testDate,
  };
}

/** A day of the past four weeks in UTC; west of it one day earlier is let through. */
function checkDate(date: string, tzOffset: number, now: number): void {
  if (date === "") return;
  const day = Date.parse(`${date}T00:00:00Z`) / 1000;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || !Number.isFinite(day) || !isSameDate(date, day)) {
    throw unparsable("Dates must be written as YYYY-MM-DD.");
  }
  const today = now - (now % DAY);
  const oldest = today - (MAX_AGE_DAYS + (tzOffset < 0 ? 1 : 0)) * DAY;
  if (day < oldest || day > today) {
    throw new ApiError(400, "invalid_date", `A date must be in the past ${MAX_AGE_DAYS} days.`);
  }
}

// Date.parse takes the 30th of February for the 2nd of March.
function isSameDate(date: string, day: number): boolean {
  return new Date(day * 1000).toISOString().startsWith(date);
}

function unparsable(message: string): ApiError {
  return new ApiError(400, "unparsable_request", message);
}

function notFound(): ApiError {
  return new ApiError(404, "code_not_found", "No code of this uuid is known.");
}
