import { z } from "zod";
import { Failure } from "../failure.ts";

/**
 * Error names of the servers (`errorCode` of the verification API, `code` of the publish API) and
 * what they mean at the desk.
 */
const REFUSALS = new Map<string, readonly [code: string, message: string]>([
  [
    "code_unknown",
    [
      "code-unknown",
      "No connected laboratory has registered this code; check its digits or ask the laboratory.",
    ],
  ],
  ["token_invalid", ["token-invalid", "The look-up is no longer valid; look the code up again."]],
  [
    "token_expired",
    ["already-used", "The keys for this test were published before; its code is used up."],
  ],
  [
    "test_not_positive",
    ["test-not-positive", "This test has no positive result, so that nothing can be published."],
  ],
  [
    "health_authority_verification_certificate_invalid",
    [
      "certificate-refused",
      "The key server refused the permission to publish; look the code up again to see if it is used up.",
    ],
  ],
  [
    "unknown_health_authority_id",
    [
      "health-authority-unknown",
      "The key server does not know this health authority; check the settings.",
    ],
  ],
  [
    "missing_revision_token",
    ["keys-already-published", "Some of these keys were published before; nothing was published."],
  ],
  [
    "invalid_revision_token",
    ["keys-already-published", "Some of these keys were published before; nothing was published."],
  ],
  ["bad_request", ["keys-refused", "The key server refused these keys; nothing was published."]],
]);

const errorBody = z.object({ errorCode: z.string().optional(), code: z.string().optional() });

/** Turns an answer that is no success into the Failure to throw. */
export function refusal(status: number, headers: Headers, json: unknown): Failure {
  if (status === 429) return tooManyAttempts(headers.get("retry-after"));
  const body = errorBody.safeParse(json);
  const known = body.success && REFUSALS.get(body.data.errorCode ?? body.data.code ?? "");
  if (known) return new Failure(...known);
  return new Failure(
    "server-refused",
    `The server refused the call (HTTP status ${status}); try again later or check the server address.`,
  );
}

/** The Failure for an answer that is a success but not what the API promises. */
export function malformedAnswer(): Failure {
  return new Failure(
    "server-answer-malformed",
    "The server's answer cannot be understood; check the server address.",
  );
}

function tooManyAttempts(retryAfter: string | null): Failure {
  // The header may also be a date; without a clock to compare it with, that says no more than "later".
  const seconds = /^\d{1,6}$/.test(retryAfter ?? "") ? Number(retryAfter) : undefined;
  const minutes = seconds === undefined ? undefined : Math.max(1, Math.ceil(seconds / 60));
  const when = minutes === undefined ? "later" : `in ${minutes} minute${minutes === 1 ? "" : "s"}`;
  return new Failure("too-many-attempts", `Too many look-ups from this desk; try again ${when}.`);
}
