import type { TrustedKey } from "../../companion/exports/export-file.ts";
import type { KeyServerSettings } from "../../companion/servers/key-server-client.ts";

/** A set of running servers that the contract is checked against. */
export interface Target {
  /** Addresses, API key and health authority. */
  readonly settings: KeyServerSettings;
  /** The servers' time, Unix seconds. */
  now(): number;
  /** Issues a code, like a health authority. */
  issue(request: IssueRequest): Promise<string>;
  /**
   * Signs a certificate with the verification server's own key, to see what the key server makes of its
   * claims; undefined when that key is not at hand.
   */
  readonly sign: ((claims: Readonly<Record<string, unknown>>) => Promise<string>) | undefined;
  /** `iss` and `aud` of true certificates. */
  readonly issuer: string;
  readonly audience: string;
  /** Makes the export files that are due; undefined when the target cannot be made to. */
  readonly exportNow: (() => Promise<void>) | undefined;
  readonly indexUrl: string;
  readonly exportBaseUrl: string;
  readonly trusted: readonly TrustedKey[];
  close(): Promise<void>;
}

/** What a code is issued for. */
export interface IssueRequest {
  readonly testType: "confirmed" | "likely" | "negative";
  /** YYYY-MM-DD. */
  readonly symptomDate?: string;
  readonly testDate?: string;
}

/** Calls `/api/issue` (exposure-notifications-verification-server, docs/api.md). */
export async function issueCode(url: string, apiKey: string, request: IssueRequest) {
  const response = await fetch(new URL("api/issue", url), {
    method: "POST",
    headers: { "content-type": "application/json", "x-api-key": apiKey },
    body: JSON.stringify(request),
  });
  const { code, error } = (await response.json()) as { code?: string; error?: string };
  if (!code) throw new Error(`No code was issued: ${response.status} ${error}`);
  return code;
}
