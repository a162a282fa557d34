import { z } from "zod";

// Absent numbers are 0 and absent strings empty, as the Go server's decoder has it: a missing
// rolling period then drops its key, and a missing authority is an unknown one.
const int32 = z.int32().default(0);
const text = z.string().default("");

const sentKey = z.strictObject({
  key: text,
  rollingStartNumber: int32,
  rollingPeriod: int32,
  transmissionRisk: int32,
});

/**
 * Body of `POST /v1/publish` (exposure-notifications-server, publish API v1, "Publish"). Unknown
 * fields are refused. `hmackey` is the documented spelling, `hmacKey` the one that clients send.
 * `traveler` is accepted and has no effect, since there is one region.
 */
export const publishRequest = z.strictObject({
  temporaryExposureKeys: z.array(sentKey).default([]),
  healthAuthorityID: text,
  verificationPayload: text,
  hmacKey: z.string().optional(),
  hmackey: z.string().optional(),
  symptomOnsetInterval: int32,
  traveler: z.boolean().optional(),
  revisionToken: text,
  padding: z.string().optional(),
});
export type PublishRequest = z.output<typeof publishRequest>;

/**
 * Decodes base64 of the standard or the URL alphabet, padded or not, as the Go server does;
 * undefined for anything else.
 */
export function decodeBase64(base64: string): Buffer | undefined {
  const digits = /^([A-Za-z0-9+/]*|[A-Za-z0-9_-]*)(={0,2})$/.exec(base64);
  if (!digits) return undefined;
  const [, body = "", padding = ""] = digits;
  const padded = padding !== "";
  if (body.length % 4 === 1 || (padded && base64.length % 4 !== 0)) return undefined;
  return Buffer.from(body, "base64");
}
