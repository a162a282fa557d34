import { Failure } from "../failure.ts";

/** A complete answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
}

/** A complete answer to a JSON call. */
export interface JsonAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** What the JSON holds; undefined when the answer is none. */
  readonly json: unknown;
}

/** Limits of one exchange. */
export interface ExchangeLimits {
  /** Seconds until the last byte. */
  readonly timeout: number;
  /** Bytes of the answer. */
  readonly maxBytes: number;
}

/** Limits of one call of the servers' JSON interfaces. */
export const CALL_LIMITS: ExchangeLimits = { timeout: 15, maxBytes: 64 * 1024 };

/** The Failure `server-unreachable`: a failure of network or time limit. */
export class Unreachable extends Failure {
  /** Whether the request may have reached the server, so that only its answer was lost. */
  readonly mayHaveArrived: boolean;

  constructor(host: string, mayHaveArrived: boolean) {
    super(
      "server-unreachable",
      `The server ${host} cannot be reached; check the network connection and the server address.`,
    );
    this.mayHaveArrived = mayHaveArrived;
  }
}

/**
 * Sends one request and reads the whole answer, within limits. Redirections are refused: the
 * servers do not send any, and a token must not travel to an address that nobody configured.
 *
 * @throws Unreachable for any failure of network or time limit; Failure `server-untrusted` when the
 *   server cannot prove its name, `server-redirects`, `server-answer-malformed` when the answer is too long
 */
export async function exchange(
  fetch: typeof globalThis.fetch,
  url: URL,
  init: RequestInit,
  limits: ExchangeLimits,
): Promise<Answer> {
  try {
    const signal = AbortSignal.timeout(limits.timeout * 1000);
    const response = await fetch(url, { ...init, redirect: "error", signal });
    const bytes = await readBounded(response, limits.maxBytes);
    return { status: response.status, headers: response.headers, bytes };
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw exchangeFailure(url, error);
  }
}

/**
 * The Failure for what `fetch`, or the reading of its answer, has thrown: `server-redirects`, `server-untrusted` when the
 * server cannot prove its name, or else {@link Unreachable}.
 */
export function exchangeFailure(url: URL, error: unknown): Failure {
  const { code = "", syscall = "", message = "" } = causeOf(error);
  if (message === "unexpected redirect") {
    return new Failure(
      "server-redirects",
      `The server ${url.host} sends its callers elsewhere; correct its address, which perhaps begins with https.`,
    );
  }
  if (/^(CERT_|ERR_TLS_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code)) {
    return new Failure(
      "server-untrusted",
      `The server ${url.host} cannot prove its name; check the server address and the date of this computer.`,
    );
  }
  // Only a connection that was never made is sure to have carried nothing.
  const connected = syscall !== "connect" && syscall !== "getaddrinfo";
  return new Unreachable(url.host, connected && code !== "UND_ERR_CONNECT_TIMEOUT");
}

/** Posts a JSON text and reads the JSON answer. @throws as {@link exchange} does */
export async function postJson(
  fetch: typeof globalThis.fetch,
  url: URL,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<JsonAnswer> {
  const answer = await exchange(fetch, url, jsonPost(body, headers), CALL_LIMITS);
  return { status: answer.status, headers: answer.headers, json: parse(answer.bytes) };
}

/** The request that posts a JSON text. */
export function jsonPost(body: string, headers: Readonly<Record<string, string>>): RequestInit {
  return { method: "POST", headers: { "content-type": "application/json", ...headers }, body };
}

function causeOf(error: unknown): NodeJS.ErrnoException {
  const cause = error instanceof Error ? error.cause : undefined;
  // Several addresses of one name were tried.
  if (cause instanceof AggregateError) return (cause.errors[0] ?? {}) as NodeJS.ErrnoException;
  return (cause ?? {}) as NodeJS.ErrnoException;
}

async function readBounded(response: Response, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  if (response.body) {
    for await (const part of response.body as AsyncIterable<Uint8Array>) {
      size += part.length;
      if (size > maxBytes) {
        throw new Failure(
          "server-answer-malformed",
          "The server's answer is longer than it may be; check the server address.",
        );
      }
      parts.push(part);
    }
  }
  return new Uint8Array(Buffer.concat(parts));
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return undefined;
  }
}
