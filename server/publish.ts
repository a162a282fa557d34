import { type Context, Hono } from "hono";
import { ApiError, reportFault } from "./api-error.ts";
import { Certificates, HEALTH_AUTHORITY_ID } from "./certificates.ts";
import { responsePadding, type ServerContext } from "./context.ts";
import { matchesEkeyhmac } from "./ekeyhmac.ts";
import { readJson } from "./json-body.ts";
import { checkKeys } from "./publish-checks.ts";
import { decodeBase64, publishRequest } from "./publish-request.ts";
import { certificateInvalid, redeem } from "./redemption.ts";

/** Shortest secret, in bytes, that may have made the HMAC of an upload. */
const MIN_HMAC_KEY = 16;

/**
 * `POST /v1/publish` (exposure-notifications-server, publish API v1). Stores keys for which the
 * certificate vouches. Answers carry padding and, when some keys were dropped, the code
 * `partial_failure`.
 */
export function publishRoutes(context: ServerContext): Hono {
  const app = new Hono().onError(answerPublishError);
  const certificates = new Certificates(context);

  app.use("/v1/publish", async (c, next) => {
    c.header("x-api-version", "v1");
    await next();
  });

  app.post("/v1/publish", async (c) => {
    const request = await readJson(c, publishRequest, "bad_request");
    if (request.healthAuthorityID !== HEALTH_AUTHORITY_ID) {
      throw new ApiError(
        401,
        "unknown_health_authority_id",
        "This health authority is not known here.",
      );
    }
    const certificate = await certificates.verify(request.verificationPayload);
    const hmacKey = decodeBase64(request.hmacKey ?? request.hmackey ?? "");
    if (
      !certificate ||
      !hmacKey ||
      hmacKey.length < MIN_HMAC_KEY ||
      !matchesEkeyhmac(certificate.tekmac, request.temporaryExposureKeys, hmacKey)
    ) {
      throw certificateInvalid();
    }
    const { accepted, errors, warnings } = checkKeys(
      request.temporaryExposureKeys,
      request.symptomOnsetInterval,
      context.now(),
    );
    const published = redeem(context, certificate, accepted, request.revisionToken);
    return c.json({
      ...published,
      ...(errors.length > 0 && { code: "partial_failure", error: errors.join("; ") }),
      ...(warnings.length > 0 && { warnings }),
      padding: responsePadding(context.random),
    });
  });

  function answerPublishError(error: Error, c: Context): Response {
    const padding = responsePadding(context.random);
    if (error instanceof ApiError) {
      return c.json({ code: error.code, error: error.message, padding }, error.status);
    }
    reportFault(error, c);
    // A failing database is a 400 in the server that this one follows.
    return c.json({ code: "internal_error", error: "The keys were not stored.", padding }, 400);
  }

  return app;
}
