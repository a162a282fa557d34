import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { faultKind } from "./fault-kind.ts";

/**
 * A request that is refused. `code` is the machine-readable name that the API documents; `message`
 * is one sentence that repeats nothing of the request, since it may hold keys, codes or tokens.
 */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: ContentfulStatusCode;
  readonly code: string;
  readonly headers: Record<string, string>;

  constructor(
    status: ContentfulStatusCode,
    code: string,
    message: string,
    headers: Record<string, string> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/**
 * Answers an error as `{error, errorCode, error_code}`, the form of
 * exposure-notifications-verification-server (docs/api.md); the last is its legacy spelling.
 */
export function answerError(error: Error, c: Context): Response {
  if (error instanceof ApiError) {
    return c.json(errorBody(error.message, error.code), error.status, error.headers);
  }
  reportFault(error, c);
  return c.json(
    errorBody("The server failed to handle the request.", "internal_server_error"),
    500,
  );
}

/** The body of an error. */
export function errorBody(error: string, code: string) {
  return { error, errorCode: code, error_code: code };
}

/** Logs a fault of the server itself by its kind only: its message might quote a request. */
export function reportFault(error: Error, c: Context): void {
  console.error(`fault: ${c.req.method} ${c.req.routePath}: ${faultKind(error)}`);
}
