import type { MiddlewareHandler } from "hono";
import { randomBelow, type ServerContext } from "./context.ts";
import { readBody } from "./json-body.ts";

/** Answers that the next chaff may take after. */
const SAMPLES = 32;
/** Milliseconds that an answer to chaff takes at most. */
const MAX_DELAY = 1000;
/** What answers look like before there has been any. */
const TYPICAL: Sample = { milliseconds: 20, bytes: 2400 };

interface Sample {
  readonly milliseconds: number;
  readonly bytes: number;
}

/**
 * Answers chaff: calls with the header X-Chaff, which apps send so that real ones do not stand out
 * (exposure-notifications-verification-server, docs/api.md, "Chaffing requests"). Each gets the
 * size and the delay of one of the latest successful real answers on the same path, and has no
 * effect. The body is read but never looked at.
 *
 * @param header a further header that marks chaff with the value 1
 */
export function chaff(context: ServerContext, header?: string): MiddlewareHandler {
  const { stopwatch, random, metrics } = context;
  const samples: Sample[] = [];
  let next = 0;
  return async (c, proceed) => {
    if (!c.req.header("x-chaff") && !(header && c.req.header(header) === "1")) {
      const began = stopwatch.now();
      await proceed();
      if (c.res.ok) {
        const { byteLength } = await c.res.clone().arrayBuffer();
        samples[next++ % SAMPLES] = { milliseconds: stopwatch.now() - began, bytes: byteLength };
      }
      return;
    }
    metrics.chaff(c.req.path);
    const { milliseconds, bytes } = samples[randomBelow(random, samples.length || 1)] ?? TYPICAL;
    await Promise.all([readBody(c.req.raw), stopwatch.sleep(Math.min(milliseconds, MAX_DELAY))]);
    return c.json({ padding: paddingFor(bytes) });
  };

  function paddingFor(bytes: number): string {
    const length = Math.max(0, bytes - JSON.stringify({ padding: "" }).length);
    return Buffer.from(random(length)).toString("base64").slice(0, length);
  }
}
