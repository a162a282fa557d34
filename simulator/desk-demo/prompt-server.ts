/**
 * The embedded key server as a demonstration needs it: what is published is given out to whoever asks next, not hours later.
 *
 * @module
 */
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { embeddedServer } from "../../companion/settings/embedded-server.ts";
import type { Settings } from "../../companion/settings/settings.ts";
import { openKeyServer } from "../../server/key-server.ts";
import { listen } from "../../server/listen.ts";
import { createLaboratory, type Laboratory } from "../demo/laboratory.ts";
import type { World } from "../world.ts";

const HOUR = 3600;
/**
 * By how much the server's clock leaps before what was published is asked for: today's key is filed up to 1 h 10 min later, a batch of four hours
 * ends behind that, and is given out two hours later.
 */
const LEAP = 8 * HOUR;

/** What a test may do to a call. */
export interface CallFaults {
  /** Called for each call; `lost`: it does not arrive, `unanswered`: it arrives, and its answer is lost. */
  onCall?: (path: string) => "lost" | "unanswered" | undefined;
}

/** A running server. */
export interface PromptServer {
  /** For a desk that works with it. */
  readonly settings: Settings;
  readonly laboratory: Laboratory;
  /** How many keys were published so far. */
  publishedKeys(): number;
  close(): Promise<void>;
}

/** Starts it on loopback, in memory. */
export async function openPromptServer(
  world: World,
  faults: CallFaults = {},
): Promise<PromptServer> {
  const random = world.random.fork("server");
  let ahead = 0;
  let published = 0;
  let isWaiting = false;
  const server = openKeyServer({
    dataDir: ":memory:",
    now: () => world.now + ahead,
    random: (length) => random.bytes(length),
  });
  const app = new Hono();
  app.use(async (c, next) => {
    const fault = faults.onCall?.(c.req.path);
    if (fault !== "lost") await next();
    if (!fault) return;
    (c.env as HttpBindings).incoming.socket.destroy();
    c.res = new Response(null);
  });
  app.use("/v1/publish", async (c, next) => {
    await next();
    const { insertedExposures = 0 } = (await c.res.clone().json()) as {
      insertedExposures?: number;
    };
    published += insertedExposures;
    isWaiting ||= insertedExposures > 0;
  });
  // Not sooner: whoever has missed the answer publishes with the same certificate once more, which lasts for minutes only.
  app.use("/exports/*", async (_, next) => {
    if (isWaiting) {
      isWaiting = false;
      ahead += LEAP;
      server.createExports();
    }
    await next();
  });
  app.route("/", server.app);
  const { url, close } = await listen(app, 0, "127.0.0.1");
  return {
    settings: embeddedServer(url, { region: "KZ", trustedKeys: server.exportPublicKeys }),
    laboratory: createLaboratory(url, server.laboratoryKey),
    publishedKeys: () => published,
    close: async () => {
      await close();
      server.close();
    },
  };
}
