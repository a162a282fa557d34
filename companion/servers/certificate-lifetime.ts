import { z } from "zod";

/** Seconds for which a certificate lasts as a rule (exposure-notifications-verification-server). */
const USUAL = 15 * 60;

/** Seconds before the end at which a certificate is not used any more, so that it does not end on the way. */
const MARGIN = 30;

const claims = z.object({ iat: z.number(), exp: z.number() });

/**
 * For how many seconds a certificate (JWT) can be used, from when it was asked for. Its times are the
 * server's, which may differ from this computer's; only their difference counts. The signature is for
 * the key server to check.
 */
export function certificateLifetime(jwt: string): number {
  const payload = Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString("utf8");
  const { success, data } = claims.safeParse(jsonOf(payload));
  const lifetime = success ? Math.min(data.exp - data.iat, USUAL) : USUAL;
  return Math.max(0, lifetime - MARGIN);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
