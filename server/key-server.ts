import { randomBytes } from "node:crypto";
import { Hono } from "hono";
import { answerError } from "./api-error.ts";
import { HEALTH_AUTHORITY_ID } from "./certificates.ts";
import type { ServerContext } from "./context.ts";
import { Database } from "./database.ts";
import { createExports } from "./export-batches.ts";
import { exportRoutes } from "./exports.ts";
import { laboratoryRoutes } from "./laboratory.ts";
import { type Listening, listen } from "./listen.ts";
import { publishRoutes } from "./publish.ts";
import { deleteExpired } from "./retention.ts";
import { openSecrets } from "./secrets.ts";
import { verificationRoutes } from "./verification.ts";

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
}

/** The key server of a pilot: test results, verification, publishing and exports in one process. */
export interface KeyServer {
  readonly app: Hono;
  /** Public key of the export signature, SPKI in PEM; its id is `401`, its version `v1`. */
  readonly exportPublicKeyPem: string;
  /** API key with which laboratories call `/laboratory/v1/...`. */
  readonly laboratoryKey: string;
  /** `healthAuthorityID` of publish requests: `kz.saqbol`. */
  readonly healthAuthorityId: string;
  /** Serves `app` over HTTP; port 0 takes a free port, the host is loopback unless told. */
  listen(options: { port: number; host?: string }): Promise<Listening>;
  /** Makes the export files that are due and returns their number. */
  createExports(): number;
  /** Deletes what has reached the end of its retention. */
  deleteExpired(): void;
  /** Closes the database; close the listeners first. */
  close(): void;
}

/**
 * Opens a key server on a data directory.
 *
 * @throws StartError when keys or database there cannot be used; Node's own error when the
 *   directory cannot be made or written
 */
export function openKeyServer(options: KeyServerOptions): KeyServer {
  const secrets = openSecrets(options.dataDir);
  const db = new Database(options.dataDir);
  const context: ServerContext = {
    db,
    secrets,
    now: () => Math.floor(options.now()),
    random: options.random ?? randomBytes,
    region: options.region ?? "KZ",
  };
  const app = new Hono().onError(answerError);
  app.notFound((c) => c.json({ error: "There is nothing here.", errorCode: "not_found" }, 404));
  app.get("/health", (c) => {
    db.get("SELECT 1");
    return c.json({ status: "ok" });
  });
  app.route("/", laboratoryRoutes(context));
  app.route("/", verificationRoutes(context));
  app.route("/", publishRoutes(context));
  app.route("/", exportRoutes(context));

  return {
    app,
    exportPublicKeyPem: secrets.exportPublicKeyPem,
    laboratoryKey: secrets.laboratoryKey,
    healthAuthorityId: HEALTH_AUTHORITY_ID,
    listen: ({ port, host = "127.0.0.1" }) => listen(app, port, host),
    createExports: () => createExports(context),
    deleteExpired: () => deleteExpired(context),
    close: () => db.close(),
  };
}
