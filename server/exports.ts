import { createHash } from "node:crypto";
import { type Context, Hono } from "hono";
import { ApiError, answerError } from "./api-error.ts";
import type { ServerContext } from "./context.ts";
import { DAY } from "./durations.ts";
import { exportNames, exportPart, findExport } from "./export-store.ts";

/**
 * The export files, as a content delivery network would serve them
 * (exposure-notifications-server,
 * docs/getting-started/downloading-export-batches-keys.md).
 *
 * - `GET /exports/<region>/index.txt`: paths relative to `/exports/`, one a line, oldest first, no
 *   newline at the end. Not to be cached.
 * - `GET /exports/<region>/<start>-<end>-<file number>.zip`: never changes; cached for a day.
 *
 * Both have an ETag, and are 304 for who has them already; HEAD works too. Errors: 404
 * `region_unknown`, 404 `export_unknown`.
 */
export function exportRoutes(context: ServerContext): Hono {
  const app = new Hono().onError(answerError);
  const { db, region } = context;

  app.use("/exports/:region/*", async (c, next) => {
    if (c.req.param("region") !== region) {
      throw new ApiError(404, "region_unknown", "This server has no exports for this region.");
    }
    await next();
  });

  app.get("/exports/:region/index.txt", (c) => {
    const index = exportNames(db)
      .map((name) => `${region}/${name}`)
      .join("\n");
    const etag = etagOf(createHash("sha256").update(index).digest());
    c.header("etag", etag);
    c.header("cache-control", "no-cache");
    if (hasAlready(c, etag)) return c.body(null, 304);
    return c.body(index, 200, { "content-type": "text/plain; charset=us-ascii" });
  });

  app.get("/exports/:region/:name", (c) => {
    const file = findExport(db, c.req.param("name"));
    if (!file) throw new ApiError(404, "export_unknown", "This export file does not exist.");
    const etag = etagOf(file.sha256);
    c.header("etag", etag);
    c.header("cache-control", `public, max-age=${DAY}`);
    if (hasAlready(c, etag)) return c.body(null, 304);
    return c.body(partsOf(file.name), 200, {
      "content-type": "application/zip",
      "content-length": String(file.size),
    });
  });

  /** A file that is deleted meanwhile ends early, which its length tells. */
  function partsOf(name: string): ReadableStream<Uint8Array<ArrayBuffer>> {
    let part = 0;
    return new ReadableStream(
      {
        pull(controller) {
          const bytes = exportPart(db, name, part++);
          if (bytes) controller.enqueue(bytes);
          else controller.close();
        },
      },
      { highWaterMark: 1 },
    );
  }

  return app;
}

function etagOf(sha256: Uint8Array): string {
  return `"${Buffer.from(sha256).toString("hex").slice(0, 32)}"`;
}

function hasAlready(c: Context, etag: string): boolean {
  const tags = (c.req.header("if-none-match") ?? "").split(",").map((tag) => tag.trim());
  return tags.includes(etag) || tags.includes(`W/${etag}`) || tags.includes("*");
}
