/**
 * Serves a desk to this computer's browser. docs/desk-safety.md says against whom it is protected, and how.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import { createServer, type Server, STATUS_CODES } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";
import type { DeskHost } from "../desk/desk-host.ts";
import { Failure } from "../failure.ts";
import type { Timers } from "../timers.ts";
import { systemTimers } from "../timers.ts";
import { deskApp, errorBody } from "./desk-app.ts";
import { authorityOf, refusalOf } from "./gate.ts";
import { OneTimeAddresses } from "./one-time-addresses.ts";
import { RESPONSE_HEADERS } from "./response-headers.ts";
import { newSecret, type Random } from "./secret.ts";
import { PAGE_DIRECTORY, readServedFiles } from "./served-files.ts";

/** Loopback, and nothing else: who is not on this computer has no business here. */
const ADDRESS = "127.0.0.1";

/** Seconds within which a request must have arrived. */
const REQUEST_TIMEOUT = 10;

/** Milliseconds for the last answers and events when the server is closed. */
const GRACE = 1000;

/** How a desk is served. */
export interface DeskServerOptions {
  /** TCP port; 0, the default, takes a free one. */
  readonly port?: number | undefined;
  /** Where the built page is. */
  readonly pageDirectory?: string | undefined;
  /** Served below `demo/`: an app, and a directory with at least `panel.js`. */
  readonly demonstration?: { readonly app: Hono; readonly directory: string } | undefined;
  /** Present time in Unix seconds. */
  readonly now?: (() => number) | undefined;
  readonly random?: Random | undefined;
  readonly timers?: Timers | undefined;
}

/** A desk that is being served. */
export interface DeskServer {
  /** The page's address as long as it is served; who has it has the desk. */
  readonly url: string;
  /** An address that leads to the page once, within a minute. */
  openingUrl(): string;
  /** Ends it, tells the pages so, and cuts all connections. The desk itself stays as it is. */
  close(): Promise<void>;
}

/**
 * Serves a desk.
 *
 * @throws Failure `page-missing`, `port-taken`, `port-forbidden`
 */
export async function startDeskServer(
  host: DeskHost,
  options: DeskServerOptions = {},
): Promise<DeskServer> {
  const { random = randomBytes, now = () => Date.now() / 1000, demonstration } = options;
  const { timers = systemTimers } = options;
  const token = newSecret(random);
  const oneTime = new OneTimeAddresses(now, random);
  const end = new AbortController();
  const app = deskApp({
    host,
    token,
    oneTime,
    files: await readServedFiles(options.pageDirectory ?? PAGE_DIRECTORY, "index.html"),
    demonstration: demonstration && {
      app: demonstration.app,
      files: await readServedFiles(demonstration.directory, "panel.js"),
    },
    timers,
    end: end.signal,
  });
  const server = serverOf(app, end.signal);
  const authority = authorityOf(ADDRESS, await listen(server, options.port ?? 0));
  return {
    url: `http://${authority}/${token}/`,
    openingUrl: () => `http://${authority}/open/${oneTime.issue()}`,
    close: () =>
      new Promise((resolve) => {
        const cancel = timers.after(GRACE, () => server.closeAllConnections());
        server.close(() => {
          cancel();
          resolve();
        });
        end.abort();
      }),
  };
}

/** The gate stands before the app and its adapter, which would answer what they cannot read without the headers. */
function serverOf(app: Hono, end: AbortSignal): Server {
  const pass = getRequestListener(app.fetch);
  const limits = {
    headersTimeout: REQUEST_TIMEOUT * 1000,
    requestTimeout: REQUEST_TIMEOUT * 1000,
    connectionsCheckingInterval: 1000,
    // The gate says what is wrong when there is no Host.
    requireHostHeader: false,
  };
  const server = createServer(limits, (request, response) => {
    for (const [name, value] of Object.entries(RESPONSE_HEADERS)) response.setHeader(name, value);
    // Once the server is closing, it waits for connections only as long as they have something to say.
    response.once("close", () => {
      if (end.aborted) setImmediate(() => server.closeIdleConnections());
    });
    const refusal = refusalOf(request, authorityOf(ADDRESS, request.socket.localPort ?? 0));
    if (!refusal) return void pass(request, response);
    const { status, code, message } = refusal;
    response.statusCode = status;
    if (status === 405) response.setHeader("allow", "GET, POST");
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(errorBody(code, message)));
  });
  // An expectation is no reason to answer without the gate.
  server.on("checkExpectation", (request, response) => server.emit("request", request, response));
  server.on("clientError", (error: NodeJS.ErrnoException, socket) =>
    answerBare(socket, UNREADABLE[error.code ?? ""] ?? 400),
  );
  server.on("connect", (_, socket) => answerBare(socket, 405));
  return server;
}

/** Answers what is not a request that Node has an answer for, with the headers. */
function answerBare(socket: Duplex, status: number): void {
  if (!socket.writable) return;
  const headers = { ...RESPONSE_HEADERS, connection: "close", "content-length": "0" };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, "", ""].join("\r\n"));
}

const UNREADABLE: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(explained(error, port)));
    server.listen(port, ADDRESS, () => resolve((server.address() as AddressInfo).port));
  });
}

function explained(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === "EADDRINUSE") {
    return new Failure(
      "port-taken",
      `Another program uses port ${port}; name another one with --port, or leave that out.`,
    );
  }
  if (error.code === "EACCES") {
    return new Failure(
      "port-forbidden",
      `Port ${port} may not be used here; name one above 1023 with --port, or leave that out.`,
    );
  }
  return error;
}
