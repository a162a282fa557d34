import type { MiddlewareHandler } from "hono";
import { clientAddress } from "./client-address.ts";
import type { ServerContext } from "./context.ts";

/** Calls of one address in one window, as in exposure-notifications-verification-server. */
const MAX_CALLS = 120;
/** Seconds. */
const WINDOW = 60;

/**
 * Lets each client address make 120 calls a minute, and says so in X-RateLimit-Limit, -Remaining and
 * -Reset; beyond that 429 with Retry-After (an HTTP date). The counts are in memory, for that minute
 * only.
 *
 * @param name tells the counts of different interfaces apart
 */
export function rateLimit(context: ServerContext, name: string): MiddlewareHandler {
  const { now, proxies, metrics } = context;
  let windowEnd = 0;
  let calls = new Map<string, number>();
  return async (c, next) => {
    if (now() >= windowEnd) {
      windowEnd = now() + WINDOW;
      calls = new Map();
    }
    const address = clientAddress(c, proxies);
    const count = (calls.get(address) ?? 0) + 1;
    calls.set(address, count);
    const reset = new Date(windowEnd * 1000).toUTCString();
    c.header("x-ratelimit-limit", String(MAX_CALLS));
    c.header("x-ratelimit-remaining", String(Math.max(0, MAX_CALLS - count)));
    c.header("x-ratelimit-reset", reset);
    if (count <= MAX_CALLS) return next();
    metrics.limited(`${name}_rate`);
    c.header("retry-after", reset);
    return c.text("Too Many Requests\n", 429);
  };
}
