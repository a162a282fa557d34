import { describe, expect, test } from "vitest";
import type { Failure } from "../../../companion/failure.ts";
import { refusal } from "../../../companion/servers/refusals.ts";
import { START } from "../../server/pilot.ts";

const refuse = (status: number, json?: unknown, headers: Record<string, string> = {}): Failure =>
  refusal(status, new Headers(headers), json, START);

function expectOneSentence({ message }: Failure): void {
  expect(message).toMatch(/^[A-Z].*[^.]\.$/);
  expect(message).not.toMatch(/\. \S/);
}

// exposure-notifications-verification-server, docs/api.md and pkg/api/api.go.
describe.each([
  [400, "unparsable_request", "server-refused"],
  [400, "invalid_test_type", "settings-refused"],
  [400, "missing_date", "server-refused"],
  [400, "invalid_date", "server-refused"],
  [400, "missing_nonce", "test-type-unsupported"],
  [400, "missing_phone", "server-refused"],
  [400, "code_invalid", "code-refused"],
  [404, "code_not_found", "code-refused"],
  [400, "code_expired", "code-expired"],
  [400, "code_user_unauthorized", "code-refused"],
  [412, "unsupported_test_type", "test-type-unsupported"],
  [400, "token_invalid", "token-invalid"],
  [400, "token_expired", "already-used"],
  [400, "hmac_invalid", "server-refused"],
  [401, "unauthorized", "api-key-refused"],
  [409, "uuid_already_exists", "server-refused"],
  [409, "user_report_try_later", "server-refused"],
  [429, "maintenance_mode", "server-maintenance"],
  [429, "quota_exceeded", "too-many-attempts"],
  [500, "internal_server_error", "server-failed"],
  // This project's server.
  [404, "code_unknown", "code-unknown"],
  [400, "test_not_positive", "test-not-positive"],
])("the verification server's %i %s", (status, errorCode, code) => {
  test(`is ${code}, told in one sentence`, () => {
    const failure = refuse(status, { error: "words of the server", errorCode });
    expect(failure.code).toBe(code);
    expectOneSentence(failure);
    expect(failure.message).not.toContain("words of the server");
  });
});

// exposure-notifications-server, pkg/api/v1/exposure_types.go.
describe.each([
  [401, "unknown_health_authority_id", "health-authority-unknown"],
  [401, "health_authority_verification_certificate_invalid", "certificate-refused"],
  [500, "unable_to_load_health_authority", "server-failed"],
  [500, "health_authority_missing_region_config", "server-failed"],
  [400, "bad_request", "keys-refused"],
  [400, "missing_revision_token", "keys-already-published"],
  [400, "invalid_revision_token", "keys-already-published"],
  [400, "key_already_revised", "keys-already-revised"],
  [400, "invalid_report_type_transition", "report-not-changeable"],
  [400, "internal_error", "server-failed"],
])("the key server's %i %s", (status, name, code) => {
  test(`is ${code}, told in one sentence`, () => {
    const failure = refuse(status, { error: "words of the server", code: name });
    expect(failure.code).toBe(code);
    expectOneSentence(failure);
    expect(failure.message).not.toContain("words of the server");
  });
});

test.each([
  ["seconds", "600", /in 10 minutes\.$/],
  ["a date", "Tue, 15 Sep 2020 13:31:00 UTC", /in 1 minute\.$/],
  ["nothing", "", /later\.$/],
])("too many calls, with %s in Retry-After, say when to try again", (_, value, message) => {
  // The reference's rate limit has no JSON.
  const failure = refuse(429, undefined, value ? { "retry-after": value } : {});
  expect(failure.code).toBe("too-many-attempts");
  expect(failure.message).toMatch(message);
});

test("the key server's maintenance has no code of its own", () => {
  expect(refuse(429, { error: "please try again later" }).code).toBe("too-many-attempts");
});

test("401 without a name is an API key that is missing or wrong", () => {
  expect(refuse(401, { error: "unauthorized", errorCode: "" }).code).toBe("api-key-refused");
});

test("401 to a download is no matter of API keys", () => {
  expect(refuse(401).code).toBe("server-refused");
});

test.each([
  [404, undefined, "server-refused"],
  [418, { errorCode: "toString" }, "server-refused"],
  [503, "<html>", "server-failed"],
])("any other refusal, such as %i, is told with its status", (status, json, code) => {
  const failure = refuse(status, json);
  expect([failure.code, failure.message.includes(`${status}`)]).toEqual([code, true]);
});
