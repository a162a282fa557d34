import { Failure } from "../failure.ts";

/** A complete answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
}

/** Limits of one exchange. */
export interface ExchangeLimits {
  /** Seconds until the last byte. */
  readonly timeout: number;
  /** Bytes of the answer. */
  readonly maxBytes: number;
}

/**
 * Sends one request and reads the whole answer, within limits. Redirections are refused: the
 * servers do not send any, and a token must not travel to an address that nobody configured.
 *
 * @throws Failure `server-unreachable` for any failure of network or time limit,
 *   `server-answer-malformed` when the answer is too long
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
    throw new Failure(
      "server-unreachable",
      `The server ${url.host} cannot be reached; check the network connection and the server address.`,
    );
  }
}

/** Posts a JSON text and returns what the JSON answer holds, or undefined if it is none. */
export async function postJson(
  fetch: typeof globalThis.fetch,
  url: URL,
  body: string,
): Promise<{ status: number; headers: Headers; json: unknown }> {
  const { status, headers, bytes } = await exchange(
    fetch,
    url,
    { method: "POST", headers: { "content-type": "application/json" }, body },
    { timeout: 15, maxBytes: 64 * 1024 },
  );
  return { status, headers, json: parse(bytes) };
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
