import { createHash, timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { ApiError } from "./api-error.ts";

/**
 * Refuses calls whose X-API-Key is none of the given keys: 401 `unauthorized`.
 *
 * @param optional lets calls without the header pass; a wrong key is refused nevertheless
 */
export function requireApiKey(
  keys: readonly string[],
  { optional = false }: { optional?: boolean } = {},
): MiddlewareHandler {
  // Digests have one length, so that the comparison takes one time for every wrong key.
  const expected = keys.map(digest);
  return async (c, next) => {
    const given = c.req.header("x-api-key");
    if (!(optional && given === undefined)) {
      const sent = digest(given ?? "");
      if (!expected.some((key) => timingSafeEqual(key, sent))) throw unauthorized();
    }
    await next();
  };
}

/** The error of a call without a key that is good for it. */
export function unauthorized(): ApiError {
  return new ApiError(401, "unauthorized", "The X-API-Key header is missing or wrong.");
}

function digest(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
