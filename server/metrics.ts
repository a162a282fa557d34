import type { MiddlewareHandler } from "hono";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Database } from "./database.ts";

/** What a turn of deleting and exporting did. */
export interface UpkeepReport {
  readonly exportFiles: number;
  readonly seconds: number;
}

/**
 * Counts for Prometheus. Nothing in them is about a person: no address, code, key or token, and no
 * label that a caller can choose.
 */
export class Metrics {
  readonly registry = new Registry();
  readonly #seconds: Histogram<"route" | "status">;
  readonly #published: Counter<"outcome">;
  readonly #keys: Counter<"change">;
  readonly #limited: Counter<"limit">;
  readonly #chaff: Counter<"route">;
  readonly #codes: Counter<"event">;
  readonly #exportFiles: Counter;
  readonly #upkeepSeconds: Gauge;
  readonly #upkeepAt: Gauge;
  readonly #upkeepFaults: Counter;

  /** @param now unix seconds */
  constructor(db: Database, now: () => number) {
    const registers = [this.registry];
    this.#seconds = new Histogram({
      name: "saqbol_http_request_seconds",
      help: "Time until an answer, by route and HTTP status",
      labelNames: ["route", "status"],
      buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
      registers,
    });
    this.#published = new Counter({
      name: "saqbol_publish_total",
      help: "Publish calls by the code of their answer; ok without one",
      labelNames: ["outcome"],
      registers,
    });
    this.#keys = new Counter({
      name: "saqbol_published_keys_total",
      help: "Keys inserted, revised or dropped by publish calls",
      labelNames: ["change"],
      registers,
    });
    this.#limited = new Counter({
      name: "saqbol_limited_total",
      help: "Calls refused by a limit",
      labelNames: ["limit"],
      registers,
    });
    this.#chaff = new Counter({
      name: "saqbol_chaff_total",
      help: "Chaff calls by route",
      labelNames: ["route"],
      registers,
    });
    this.#codes = new Counter({
      name: "saqbol_codes_total",
      help: "Verification codes issued, claimed and expired by hand",
      labelNames: ["event"],
      registers,
    });
    this.#exportFiles = new Counter({
      name: "saqbol_export_files_made_total",
      help: "Export files made",
      registers,
    });
    this.#upkeepSeconds = new Gauge({
      name: "saqbol_upkeep_seconds",
      help: "How long the latest turn of deleting and exporting took",
      registers,
    });
    this.#upkeepAt = new Gauge({
      name: "saqbol_upkeep_timestamp_seconds",
      help: "When the latest turn of deleting and exporting ended without a fault",
      registers,
    });
    this.#upkeepFaults = new Counter({
      name: "saqbol_upkeep_faults_total",
      help: "Turns of deleting and exporting that failed",
      registers,
    });
    // Read when asked for: the files are made elsewhere.
    new Gauge({
      name: "saqbol_export_files",
      help: "Export files that can be downloaded",
      registers,
      collect() {
        this.set(db.get<{ n: number }>("SELECT count(*) AS n FROM export_files")?.n ?? 0);
      },
    });
    new Gauge({
      name: "saqbol_oldest_export_age_seconds",
      help: "Age of the oldest export file, by the start of its batch; 0 without any",
      registers,
      collect() {
        const sql = "SELECT min(start_timestamp) AS start FROM export_files";
        const start = db.get<{ start: number | null }>(sql)?.start;
        this.set(start ? now() - start : 0);
      },
    });
    collectDefaultMetrics({ register: this.registry });
  }

  /** Measures every call under the pattern of its route. */
  measure(): MiddlewareHandler {
    return async (c, next) => {
      const stop = this.#seconds.startTimer();
      await next();
      stop({ route: routeOf(c.req.path), status: String(c.res.status) });
    };
  }

  published(outcome: string, keys: { inserted: number; revised: number; dropped: number }): void {
    this.#published.inc({ outcome });
    for (const [change, count] of Object.entries(keys)) this.#keys.inc({ change }, count);
  }

  limited(limit: string): void {
    this.#limited.inc({ limit });
  }

  chaff(path: string): void {
    this.#chaff.inc({ route: routeOf(path) });
  }

  code(event: "issued" | "claimed" | "expired"): void {
    this.#codes.inc({ event });
  }

  upkeepDone({ exportFiles, seconds }: UpkeepReport, at: number): void {
    this.#exportFiles.inc(exportFiles);
    this.#upkeepSeconds.set(seconds);
    this.#upkeepAt.set(at);
  }

  upkeepFailed(): void {
    this.#upkeepFaults.inc();
  }
}

const ROUTES = new Set([
  "/health",
  "/laboratory/v1/samples",
  "/laboratory/v1/results",
  "/version/v1/registrationToken",
  "/version/v1/testresult",
  "/api/verify",
  "/api/certificate",
  "/api/issue",
  "/api/batch-issue",
  "/api/checkcodestatus",
  "/api/expirecode",
  "/v1/publish",
]);

// A path that a caller made up must not become a label.
function routeOf(path: string): string {
  if (ROUTES.has(path)) return path;
  if (!path.startsWith("/exports/")) return "other";
  return path.endsWith("/index.txt") ? "/exports/index" : "/exports/file";
}
