/**
 * @module
 */
import { type Context, Hono } from "hono";
import { accepts } from "hono/accepts";
import { bodyLimit } from "hono/body-limit";
import type { ActionName } from "../desk/desk-api.ts";
import type { DeskHost } from "../desk/desk-host.ts";
import { Failure } from "../failure.ts";
import { LANGUAGES } from "../languages.ts";
import type { Timers } from "../timers.ts";
import { ACTION_INPUTS } from "./action-inputs.ts";
import { statusOf } from "./failure-status.ts";
import { faultTrace } from "./fault-trace.ts";
import type { OneTimeAddresses } from "./one-time-addresses.ts";
import { SPENT_ADDRESS, UNKNOWN_ADDRESS } from "./plain-pages.ts";
import { equalSecrets } from "./secret.ts";
import { ENCODINGS, type ServedFile } from "./served-files.ts";
import { viewEvents } from "./view-events.ts";

/** Largest body of a request in bytes. */
const MAX_BODY_BYTES = 4096;

/** What the routes need. */
export interface DeskContext {
  readonly host: DeskHost;
  /** Random secret in all addresses. */
  readonly token: string;
  readonly oneTime: OneTimeAddresses;
  readonly files: ReadonlyMap<string, ServedFile>;
  readonly demonstration: MountedDemonstration | undefined;
  readonly timers: Timers;
  /** Ends server events. */
  readonly end: AbortSignal;
}

/** What is served below `demo/`: the app's answers, and files where it has none. */
export interface MountedDemonstration {
  readonly app: Hono;
  readonly files: ReadonlyMap<string, ServedFile>;
}

/**
 * The desk over HTTP, behind the gate:
 *
 * - `GET /open/<one-time secret>` leads to the page, once.
 * - `GET /<token>/…` are the page's files, and `GET /<token>/texts/<language>.json` what the health authority says.
 * - `GET /<token>/api/view` are server events, `POST /<token>/api/<action>` the actions of `DeskApi`,
 *   and `POST /<token>/api/stir` says that somebody is there.
 *
 * Errors are `{"error":{"code","message"}}`, and pages for people where people come by themselves.
 */
export function deskApp(context: DeskContext): Hono {
  const { host, token, oneTime, files, demonstration, timers, end } = context;
  const app = new Hono().onError(answerError).notFound(unknownAddress);

  app.get("/open/:secret", (c) =>
    oneTime.use(c.req.param("secret")) ? c.redirect(`/${token}/`, 303) : c.html(SPENT_ADDRESS, 410),
  );

  app.use("/:token/*", (c, next) =>
    equalSecrets(token, c.req.param("token")) ? next() : Promise.resolve(unknownAddress(c)),
  );
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: tooLarge }));

  app.get("/:token/api/view", (c) =>
    c.body(viewEvents(host, timers, end), 200, { "content-type": "text/event-stream" }),
  );
  app.post("/:token/api/view", (c) => methodWrong(c, "GET"));
  app.post("/:token/api/stir", (c) => {
    host.stir();
    return c.json({});
  });
  app.post("/:token/api/:action", async (c, next) => {
    const action = c.req.param("action");
    const schema = ACTION_INPUTS.get(action);
    if (!schema) return next();
    const input = schema.safeParse(await bodyOf(c));
    if (!input.success) throw inputMalformed();
    const actions = host as unknown as Record<ActionName, (input: object) => Promise<object>>;
    return c.json(await actions[action as ActionName](input.data));
  });
  app.get("/:token/api/:action", (c, next) => {
    const action = c.req.param("action");
    if (action !== "stir" && !ACTION_INPUTS.has(action)) return next();
    return Promise.resolve(methodWrong(c, "POST"));
  });
  app.get("/:token/texts/:file", (c, next) => {
    const language = LANGUAGES.find((each) => `${each}.json` === c.req.param("file"));
    return language ? Promise.resolve(c.json(host.texts(language))) : next();
  });
  if (demonstration) {
    app.route("/:token/demo", demonstration.app);
    app.get("/:token/demo/:file{.+}", fileIn(demonstration.files));
  }
  app.get("/:token", (c) => c.redirect(`/${token}/`, 303));
  app.get("/:token/", fileIn(files, "index.html"));
  app.get("/:token/:file{.+}", fileIn(files));
  return app;
}

function fileIn(files: ReadonlyMap<string, ServedFile>, name?: string) {
  return async (c: Context, next: () => Promise<void>): Promise<Response | undefined> => {
    const file = files.get(name ?? c.req.param("file") ?? "");
    if (!file) {
      await next();
      return undefined;
    }
    const encoding = accepts(c, {
      header: "Accept-Encoding",
      supports: [...ENCODINGS],
      default: "identity",
      match: (accepted, { supports }) =>
        supports.find((each) => accepted.some(({ type, q }) => type === each && q > 0)) ??
        "identity",
    }) as (typeof ENCODINGS)[number];
    return c.body(file.bytes[encoding], 200, {
      "content-type": file.type,
      ...(encoding !== "identity" && { "content-encoding": encoding }),
    });
  };
}

async function bodyOf(c: Context): Promise<unknown> {
  try {
    return await c.req.json();
  } catch {
    throw inputMalformed();
  }
}

/** Names no field: the page sends what fits, and nothing of a request is repeated. */
function inputMalformed(): Failure {
  return new Failure(
    "input-malformed",
    "The request is not JSON with the fields that this action takes; load the page again.",
  );
}

function tooLarge(c: Context): Response {
  return c.json(
    errorBody("input-too-large", "The request is too large; load the page again."),
    413,
  );
}

function unknownAddress(c: Context): Response | Promise<Response> {
  return c.html(UNKNOWN_ADDRESS, 404);
}

function methodWrong(c: Context, allow: "GET" | "POST"): Response {
  return c.json(errorBody("method-wrong", `Ask for this with ${allow}.`), 405, { allow });
}

function answerError(error: Error, c: Context): Response {
  if (error instanceof Failure) {
    return c.json(errorBody(error.code, error.message), statusOf(error.code));
  }
  // A browser that hung up in the midst of its request hears no answer. The desk's own calls end with a Failure.
  if ((error as NodeJS.ErrnoException).code === "ECONNRESET") return c.body(null, 400);
  console.error(`saqbol: the desk failed: ${faultTrace(error)}`);
  return c.json(
    errorBody(
      "desk-failed",
      "The desk failed; try again, and start it anew if that does not help.",
    ),
    500,
  );
}

/** The body of an error. */
export function errorBody(code: string, message: string) {
  return { error: { code, message } };
}
