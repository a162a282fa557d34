import { Hono } from "hono";
import { type Listening, listen } from "./listen.ts";
import type { Metrics } from "./metrics.ts";

/**
 * Serves `GET /metrics` on loopback, on a port of its own: what comes through a proxy never reaches
 * it.
 */
export function listenForMetrics({ registry }: Metrics, port: number): Promise<Listening> {
  const app = new Hono();
  app.get("/metrics", async (c) =>
    c.body(await registry.metrics(), 200, { "content-type": registry.contentType }),
  );
  return listen(app, port, "127.0.0.1");
}
