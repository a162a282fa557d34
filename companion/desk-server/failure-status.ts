/**
 * @module
 */
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** Failures that are not the desk's own state: of the input; of other servers; of a token or a server that does not answer. */
const STATUSES: Readonly<Record<string, ContentfulStatusCode>> = {
  "input-malformed": 400,
  "card-code-malformed": 400,
  "code-malformed": 400,
  "onset-invalid": 400,
  "since-invalid": 400,
  "server-failed": 502,
  "server-answer-malformed": 502,
  "server-maintenance": 502,
  "server-redirects": 502,
  "server-refused": 502,
  "server-untrusted": 502,
  "too-many-attempts": 502,
  "bluetooth-missing": 503,
  "bluetooth-off": 503,
  "bluetooth-forbidden": 503,
  "token-not-found": 504,
  "token-silent": 504,
  "link-lost": 504,
  "server-unreachable": 504,
};

/**
 * The HTTP status of a `Failure`, for those who look at the network; the page goes by its code.
 *
 * @returns 409 for all that is not otherwise said: the action does not go with the state of the desk, the token or the test
 */
export function statusOf(code: string): ContentfulStatusCode {
  return STATUSES[code] ?? 409;
}
