import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Hono } from "hono";
import { adminRoutes } from "./admin-api.ts";
import { answerError, errorBody } from "./api-error.ts";
import { HEALTH_AUTHORITY_ID } from "./certificates.ts";
import type { ServerContext, Stopwatch } from "./context.ts";
import { Database } from "./database.ts";
import { deviceRoutes } from "./device-api.ts";
import { createExports } from "./export-batches.ts";
import { EXPORT_KEY_ID, exportKeyVersion } from "./export-file.ts";
import { exportRoutes } from "./exports.ts";
import { laboratoryRoutes } from "./laboratory.ts";
import { type Listening, listen } from "./listen.ts";
import { lookUpRoutes } from "./look-ups.ts";
import { Metrics } from "./metrics.ts";
import { publishRoutes } from "./publish.ts";
import { deleteExpired } from "./retention.ts";
import { openSecretStore } from "./secret-store.ts";
import { openSecrets } from "./secrets.ts";
import { NO_PROXIES, type TrustedProxies } from "./trusted-proxies.ts";

/** How to open a key server. */
export interface KeyServerOptions {
  /** Directory for database and keys, made if missing; `:memory:` keeps nothing. */
  readonly dataDir: string;
  /** Unix seconds; fractions are dropped. */
  readonly now: () => number;
  /** Region of the exports; `KZ` unless told. */
  readonly region?: string;
  /**
   * Random bytes for padding and fake keys, so that a seeded demonstration can repeat. Keys,
   * tokens and nonces never come from here.
   */
  readonly random?: (length: number) => Uint8Array;
  /** For the delay of answers to chaff; the system's unless told. */
  readonly stopwatch?: Stopwatch;
  /** Whose X-Forwarded-For is believed; nobody's unless told. */
  readonly proxies?: TrustedProxies;
  /** Whether nothing new is verified or issued. */
  readonly maintenance?: boolean;
  /** Codes that may be issued on one UTC day; no limit unless told. */
  readonly dailyCodes?: number;
}

/** A public key with which export files can be verified. */
export interface ExportPublicKey {
  /** `401`. */
  readonly id: string;
  /** Such as `v1`. */
  readonly version: string;
  /** SPKI. */
  readonly pem: string;
}

/** The key server: test results, verification, publishing and exports in one process. */
export interface KeyServer {
  readonly app: Hono;
  /** Public keys of the export signatures, newest first. */
  readonly exportPublicKeys: readonly ExportPublicKey[];
  /** The newest of them, SPKI in PEM. */
  readonly exportPublicKeyPem: string;
  /** API key with which laboratories call `/laboratory/v1/...`, the newest. */
  readonly laboratoryKey: string;
  /** API key of desks and apps for `/api/verify` and `/api/certificate`, the newest. */
  readonly deviceKey: string;
  /** API key of those who issue codes, for `/api/issue` and what belongs to it, the newest. */
  readonly adminKey: string;
  /** `healthAuthorityID` of publish requests: `kz.saqbol`. */
  readonly healthAuthorityId: string;
  readonly metrics: Metrics;
  /** Serves `app` over HTTP; port 0 takes a free port, the host is loopback unless told. */
  listen(options: { port: number; host?: string }): Promise<Listening>;
  /** Makes the export files that are due and returns their number. */
  createExports(): number;
  /** Deletes what has reached the end of its retention. */
  deleteExpired(): void;
  /** Closes the database; close the listeners first. */
  close(): void;
}

const SYSTEM_STOPWATCH: Stopwatch = {
  now: () => performance.now(),
  sleep: (milliseconds) => sleep(milliseconds),
};

/**
 * Opens a key server on a data directory.
 *
 * @throws StartError when keys or database there cannot be used; Node's own error when the
 *   directory cannot be made or written
 */
export function openKeyServer(options: KeyServerOptions): KeyServer {
  const secrets = openSecrets(openSecretStore(options.dataDir));
  const db = new Database(options.dataDir);
  const now = () => Math.floor(options.now());
  const metrics = new Metrics(db, now);
  const context: ServerContext = {
    db,
    secrets,
    now,
    random: options.random ?? randomBytes,
    region: options.region ?? "KZ",
    breathe: () => {},
    stopwatch: options.stopwatch ?? SYSTEM_STOPWATCH,
    metrics,
    proxies: options.proxies ?? NO_PROXIES,
    maintenance: options.maintenance ?? false,
    dailyCodes: options.dailyCodes,
  };
  const app = new Hono().onError(answerError);
  app.use(metrics.measure());
  app.notFound((c) => c.json(errorBody("There is nothing here.", "not_found"), 404));
  app.get("/health", (c) => {
    db.get("SELECT 1");
    return c.json({ status: "ok", maintenance_mode: context.maintenance });
  });
  app.route("/", laboratoryRoutes(context));
  app.route("/", lookUpRoutes(context));
  app.route("/", deviceRoutes(context));
  app.route("/", adminRoutes(context));
  app.route("/", publishRoutes(context));
  app.route("/", exportRoutes(context));

  const exportPublicKeys = secrets.exportKeys.map((key) => ({
    id: EXPORT_KEY_ID,
    version: exportKeyVersion(key),
    pem: key.publicKeyPem,
  }));
  return {
    app,
    exportPublicKeys,
    exportPublicKeyPem: exportPublicKeys[0]!.pem,
    laboratoryKey: secrets.laboratoryKeys[0]!,
    deviceKey: secrets.deviceKeys[0]!,
    adminKey: secrets.adminKeys[0]!,
    healthAuthorityId: HEALTH_AUTHORITY_ID,
    metrics,
    listen: ({ port, host = "127.0.0.1" }) => listen(app, port, host),
    createExports: () => createExports(context),
    deleteExpired: () => deleteExpired(context),
    close: () => db.close(),
  };
}
