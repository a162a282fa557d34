import { createPrivateKey, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { SignJWT } from "jose";
import { issueCode, type Target } from "./target.ts";

const { env } = process;

/** Whether the environment names running reference servers. */
export const hasReference = Boolean(env["EN_SERVER_URL"] && env["EN_VERIFY_URL"]);

/**
 * Google's servers, running where the environment says; docs/servers.md lists the variables.
 */
export function referenceTarget(): Target {
  const region = env["EN_EXPORT_REGION"] ?? "KZ";
  const exportBaseUrl = env["EN_EXPORT_URL"] ?? needed("EN_SERVER_URL");
  const trigger = env["EN_EXPORT_TRIGGER_URL"];
  const signingKey = env["EN_CERTIFICATE_PRIVATE_KEY"];
  return {
    settings: {
      verificationUrl: needed("EN_VERIFY_URL"),
      apiKey: needed("EN_DEVICE_API_KEY"),
      testResultsUrl: null,
      keyServerUrl: needed("EN_SERVER_URL"),
      healthAuthorityId: needed("EN_HEALTH_AUTHORITY_ID"),
    },
    now: () => Date.now() / 1000,
    issue: (request) => issueCode(needed("EN_ADMIN_URL"), needed("EN_ADMIN_API_KEY"), request),
    sign: signingKey ? (claims) => sign(readKey(signingKey), claims) : undefined,
    issuer: env["EN_CERTIFICATE_ISSUER"] ?? "",
    audience: env["EN_CERTIFICATE_AUDIENCE"] ?? "",
    exportNow: trigger
      ? async () => {
          const response = await fetch(trigger, { method: "POST" });
          if (!response.ok) throw new Error(`The export could not be made: ${response.status}`);
          await response.arrayBuffer();
        }
      : undefined,
    indexUrl: env["EN_EXPORT_INDEX_URL"] ?? `${exportBaseUrl}/${region}/index.txt`,
    exportBaseUrl,
    trusted: env["EN_EXPORT_PUBLIC_KEY"]
      ? [
          {
            id: env["EN_EXPORT_KEY_ID"] ?? "401",
            version: env["EN_EXPORT_KEY_VERSION"] ?? "v1",
            pem: readFileSync(env["EN_EXPORT_PUBLIC_KEY"], "utf8"),
          },
        ]
      : [],
    close: async () => {},
  };
}

function needed(name: string): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is missing; docs/servers.md says what the suite needs`);
  return value;
}

// PEM, or DER of SEC 1 as the servers' file system key manager keeps it.
function readKey(path: string): KeyObject {
  const bytes = readFileSync(path);
  return bytes[0] === 0x30
    ? createPrivateKey({ key: bytes, format: "der", type: "sec1" })
    : createPrivateKey(bytes);
}

function sign(key: KeyObject, claims: Readonly<Record<string, unknown>>): Promise<string> {
  const kid = env["EN_CERTIFICATE_KEY_ID"] ?? "v1";
  return new SignJWT({ ...claims }).setProtectedHeader({ alg: "ES256", kid, typ: "JWT" }).sign(key);
}
