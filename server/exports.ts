import { Hono } from "hono";
import { ApiError, answerError } from "./api-error.ts";
import type { ServerContext } from "./context.ts";
import { HOUR } from "./durations.ts";

/**
 * The export files, as a content delivery network would serve them
 * (exposure-notifications-server,
 * docs/getting-started/downloading-export-batches-keys.md).
 *
 * - `GET /exports/<region>/index.txt`: paths relative to `/exports/`, one a line, oldest first, no
 *   newline at the end. Not to be cached.
 * - `GET /exports/<region>/<start>-<end>-<file number>.zip`: never changes; cached for a day.
 *
 * Errors: 404 `region_unknown`, 404 `export_unknown`.
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
    const rows = db.all<{ name: string }>("SELECT name FROM exports ORDER BY name");
    return c.body(rows.map(({ name }) => `${region}/${name}`).join("\n"), 200, {
      "content-type": "text/plain; charset=us-ascii",
      "cache-control": "no-cache",
    });
  });

  app.get("/exports/:region/:name", (c) => {
    const file = db.get<{ zip: Uint8Array<ArrayBuffer> }>(
      "SELECT zip FROM exports WHERE name = ?",
      c.req.param("name"),
    );
    if (!file) throw new ApiError(404, "export_unknown", "This export file does not exist.");
    return c.body(file.zip, 200, {
      "content-type": "application/zip",
      "cache-control": `public, max-age=${24 * HOUR}`,
    });
  });

  return app;
}
