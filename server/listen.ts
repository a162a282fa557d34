import type { Server } from "node:http";
import { isIPv6 } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import type { Hono } from "hono";

/** Seconds within which a request must have arrived; bounds how long a stop can take. */
const REQUEST_TIMEOUT = 30;

/** A server that accepts connections. */
export interface Listening {
  /** Without a slash at the end, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Stops accepting and resolves when the calls under way are answered. */
  close(): Promise<void>;
}

/**
 * Serves an app over HTTP.
 *
 * @param port 0 for any free one
 * @throws Error with a `code` such as EADDRINUSE
 */
export async function listen(app: Hono, port: number, host: string): Promise<Listening> {
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  server.requestTimeout = REQUEST_TIMEOUT * 1000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const stop = stopWhenAnswered(server);
  const address = server.address();
  const actualPort = typeof address === "object" && address ? address.port : port;
  return {
    url: `http://${isIPv6(host) ? `[${host}]` : host}:${actualPort}`,
    close: stop,
  };
}

/**
 * How to stop: nothing new is accepted, and connections are cut once no call is under way on any.
 * Otherwise one that never calls would hold the server up.
 */
function stopWhenAnswered(server: Server): () => Promise<void> {
  let underWay = 0;
  let stopping = false;
  const cut = () => {
    if (stopping && underWay === 0) server.closeAllConnections();
  };
  server.on("request", (_, response) => {
    underWay++;
    response.once("close", () => {
      underWay--;
      // After what the answer's end still does with its connection.
      setImmediate(cut);
    });
  });
  return () =>
    new Promise<void>((resolve, reject) => {
      stopping = true;
      server.close((error) => (error ? reject(error) : resolve()));
      cut();
    });
}
