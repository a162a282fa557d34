import { z } from "zod";
import { Failure } from "../failure.ts";
import { retryAfterSeconds } from "./retry-after.ts";

const NEW_CODE = "have a new code issued";

/**
 * Error names of the servers and what they mean at the desk: `errorCode` of the verification API
 * (exposure-notifications-verification-server, docs/api.md), `code` of the publish API
 * (exposure-notifications-server, publish API v1), and those of this project's own server.
 */
const REFUSALS: Readonly<Record<string, readonly [code: string, message: string]>> = {
  // Looking a test up.
  code_unknown: [
    "code-unknown",
    "No connected laboratory has registered this code; check its digits or ask the laboratory.",
  ],
  test_not_positive: [
    "test-not-positive",
    "This test has no positive result, so that nothing can be published.",
  ],

  // Verifying a code.
  code_invalid: [
    "code-refused",
    `This code is unknown or used up; check its digits, or ${NEW_CODE}.`,
  ],
  code_not_found: ["code-refused", `This code is unknown; check its digits, or ${NEW_CODE}.`],
  code_expired: ["code-expired", `This code has expired; ${NEW_CODE}.`],
  code_user_unauthorized: [
    "code-refused",
    `This code cannot be used at this desk; ${NEW_CODE} for it.`,
  ],
  unsupported_test_type: [
    "test-type-unsupported",
    "This code belongs to a kind of test that this desk does not publish; the code is not used up: check `accept` in the settings.",
  ],
  invalid_test_type: [
    "settings-refused",
    "The verification server does not know a kind of test in the settings; correct `accept`.",
  ],
  missing_nonce: [
    "test-type-unsupported",
    `This code was asked for by its user and works in an app only; ${NEW_CODE} by the health authority.`,
  ],

  // The certificate.
  token_invalid: ["token-invalid", "The look-up is no longer valid; look the code up again."],
  token_expired: [
    "already-used",
    "The keys for this test were published before, or its permission has ended; the code is used up.",
  ],
  hmac_invalid: [
    "server-refused",
    "The verification server refused the form of the call; check that the settings name the right kind of server.",
  ],

  // Issuing codes, which a desk does not do, but whose names the verification server shares.
  missing_date: ["server-refused", "The verification server wants the date of the test; give it."],
  invalid_date: [
    "server-refused",
    "The verification server refused the date of the test; correct it.",
  ],
  missing_phone: ["server-refused", "The verification server wants a telephone number; give it."],
  uuid_already_exists: [
    "server-refused",
    "The verification server has issued this code already; use that one.",
  ],
  user_report_try_later: [
    "server-refused",
    "The verification server issued a code to this person a short time ago; try again later.",
  ],

  // Any call of the verification server.
  unauthorized: [
    "api-key-refused",
    "The verification server does not accept this desk's API key; correct `apiKey` or `apiKeyFile` in the settings.",
  ],
  unparsable_request: [
    "server-refused",
    "The server could not read the call; check that the settings name the right kind of server.",
  ],
  quota_exceeded: [
    "too-many-attempts",
    "The health authority has issued as many codes as it may for today; try again tomorrow.",
  ],
  maintenance_mode: ["server-maintenance", "The server is being maintained; try again later."],
  internal_server_error: [
    "server-failed",
    "The server failed to handle the call; try again later, or tell who runs it.",
  ],

  // Publishing.
  health_authority_verification_certificate_invalid: [
    "certificate-refused",
    "The key server refused the permission to publish; check that the settings name the right health authority, and look the code up again.",
  ],
  unknown_health_authority_id: [
    "health-authority-unknown",
    "The key server does not know this health authority; check `healthAuthorityId` in the settings.",
  ],
  unable_to_load_health_authority: [
    "server-failed",
    "The key server could not read its settings for this health authority, and nothing was published; try again later, or tell who runs it.",
  ],
  health_authority_missing_region_config: [
    "server-failed",
    "The key server has no region for this health authority, and nothing was published; tell who runs it.",
  ],
  missing_revision_token: [
    "keys-already-published",
    "Some of these keys were published at an earlier visit, and nothing was published now; share again with --since and the day of that visit.",
  ],
  invalid_revision_token: [
    "keys-already-published",
    "Some of these keys were published at an earlier visit, and nothing was published now; share again with --since and the day of that visit.",
  ],
  key_already_revised: [
    "keys-already-revised",
    "The report about these keys was changed once before, which cannot be done again; nothing was published.",
  ],
  invalid_report_type_transition: [
    "report-not-changeable",
    "Some of these keys were published with a report that this test cannot change; nothing was published.",
  ],
  bad_request: ["keys-refused", "The key server refused these keys; nothing was published."],
  internal_error: [
    "server-failed",
    "The key server could not store these keys; share again later, or tell who runs it.",
  ],
};

const errorBody = z.object({ errorCode: z.string().optional(), code: z.string().optional() });

/**
 * Turns an answer that is no success into the Failure to throw.
 *
 * @param json - undefined for an answer that is none of the servers' JSON interfaces
 * @param now - Unix seconds, to which a date in `Retry-After` is compared
 */
export function refusal(status: number, headers: Headers, json: unknown, now?: number): Failure {
  const name = errorName(json);
  const known = Object.hasOwn(REFUSALS, name) ? REFUSALS[name] : undefined;
  if (known) return new Failure(...known);
  if (status === 429) return tooManyAttempts(retryAfterSeconds(headers, now));
  if (status === 401 && json !== undefined) return new Failure(...REFUSALS["unauthorized"]!);
  return new Failure(
    status < 500 ? "server-refused" : "server-failed",
    `The server refused the call (HTTP status ${status}); try again later or check the server address.`,
  );
}

/** The server's own name for an error; empty when it gives none. */
export function errorName(json: unknown): string {
  const body = errorBody.safeParse(json);
  return body.success ? (body.data.errorCode ?? body.data.code ?? "") : "";
}

function tooManyAttempts(seconds: number | undefined): Failure {
  const minutes = seconds === undefined ? undefined : Math.max(1, Math.ceil(seconds / 60));
  const when = minutes === undefined ? "later" : `in ${minutes} minute${minutes === 1 ? "" : "s"}`;
  return new Failure(
    "too-many-attempts",
    `The server takes no more calls from this desk at the moment; try again ${when}.`,
  );
}
