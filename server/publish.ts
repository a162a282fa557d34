import { type Context, Hono } from "hono";
import { ApiError, reportFault } from "./api-error.ts";
import { AttemptLimit, PUBLISH_LIMITS } from "./attempt-limit.ts";
import { type Certificate, Certificates, HEALTH_AUTHORITY_ID } from "./certificates.ts";
import { chaff } from "./chaff.ts";
import { clientAddress } from "./client-address.ts";
import { responsePadding, type ServerContext } from "./context.ts";
import { matchesEkeyhmac } from "./ekeyhmac.ts";
import { readJson } from "./json-body.ts";
import { type CheckedKeys, checkKeys } from "./publish-checks.ts";
import { decodeBase64, type PublishRequest, publishRequest } from "./publish-request.ts";
import { rateLimit } from "./rate-limit.ts";
import { certificateInvalid, type Published, redeem } from "./redemption.ts";

/** Shortest secret, in bytes, that may have made the HMAC of an upload. */
const MIN_HMAC_KEY = 16;

/**
 * `POST /v1/publish` (exposure-notifications-server, publish API v1). Stores keys for which the
 * certificate vouches. Answers carry padding and, when some keys were dropped, the code
 * `partial_failure`.
 */
export function publishRoutes(context: ServerContext): Hono {
  const app = new Hono().onError(answerPublishError);
  const { metrics, proxies, random, now } = context;
  const certificates = new Certificates(context);
  const limit = new AttemptLimit(context, "publish", PUBLISH_LIMITS);

  app.use("/v1/publish", async (c, next) => {
    c.header("x-api-version", "v1");
    await next();
  });
  app.use("/v1/publish", chaff(context), rateLimit(context, "publish"));

  app.post("/v1/publish", async (c) => {
    const address = clientAddress(c, proxies);
    limit.checkAddress(address);
    const request = await readJson(c, publishRequest, "bad_request");
    if (request.healthAuthorityID.toLowerCase() !== HEALTH_AUTHORITY_ID) {
      throw new ApiError(
        401,
        "unknown_health_authority_id",
        "This health authority is not known here.",
      );
    }
    const certificate = await certificates.verify(request.verificationPayload);
    try {
      if (!certificate || !bindsKeys(certificate, request)) throw certificateInvalid();
      limit.checkCode(certificate.jti);
      const checked = checkKeys(
        request.temporaryExposureKeys,
        {
          reportType: certificate.reportType,
          symptomOnsetIntervals: [request.symptomOnsetInterval, certificate.symptomOnsetInterval],
        },
        now(),
      );
      const published = redeem(context, certificate, checked.accepted, request.revisionToken);
      return c.json(answer(published, checked));
    } catch (error) {
      if (error instanceof ApiError && error.status !== 429) {
        context.db.transaction(() => limit.record(address, certificate?.jti, true));
      }
      throw error;
    }
  });

  function answer(published: Published, { errors, warnings }: CheckedKeys) {
    const { inserted, revised, revisionToken } = published;
    metrics.published(errors.length > 0 ? "partial_failure" : "ok", {
      inserted,
      revised,
      dropped: errors.length + warnings.length,
    });
    return {
      insertedExposures: inserted,
      revisionToken,
      ...(errors.length > 0 && { code: "partial_failure", error: errors.join("; ") }),
      ...(warnings.length > 0 && { warnings }),
      padding: responsePadding(random),
    };
  }

  function answerPublishError(error: Error, c: Context): Response {
    const padding = responsePadding(random);
    const known = error instanceof ApiError;
    if (!known) reportFault(error, c);
    // A failing database is a 400 in the server that this one follows.
    const { status, code, message, headers } = known
      ? error
      : new ApiError(400, "internal_error", "The keys were not stored.");
    metrics.published(code, { inserted: 0, revised: 0, dropped: 0 });
    return c.json({ code, error: message, padding }, status, headers);
  }

  return app;
}

/** Whether the certificate was made for exactly the keys of the request. */
function bindsKeys(certificate: Certificate, request: PublishRequest): boolean {
  const hmacKey = decodeBase64(request.hmacKey ?? request.hmackey ?? "");
  return (
    hmacKey !== undefined &&
    hmacKey.length >= MIN_HMAC_KEY &&
    matchesEkeyhmac(certificate.tekmac, request.temporaryExposureKeys, hmacKey)
  );
}
