/**
 * Options that several commands share.
 *
 * @module
 */
import { Option } from "commander";
import type { TrustedKey } from "../exports/export-file.ts";
import { KeyServerClient } from "../servers/key-server-client.ts";
import { readInput } from "./files.ts";

/** `--server URL`. */
export function serverOption(): Option {
  return new Option("--server <url>", "base address of the key server")
    .env("SAQBOL_SERVER")
    .makeOptionMandatory();
}

/** `--region CODE`. */
export function regionOption(): Option {
  return new Option("--region <code>", "region of the exports").env("SAQBOL_REGION").default("KZ");
}

/** `--public-key FILE`, `--key-id ID` and `--key-version VERSION`. */
export function trustedKeyOptions(): Option[] {
  return [
    new Option("--public-key <file>", "public key of the export signature, PEM")
      .env("SAQBOL_PUBLIC_KEY")
      .makeOptionMandatory(),
    new Option("--key-id <id>", "id of that key in the exports").default("401"),
    new Option("--key-version <version>", "version of that key in the exports").default("v1"),
  ];
}

/** `--json`. */
export function jsonOption(): Option {
  return new Option("--json", "print one JSON object");
}

/** What {@link trustedKeyOptions} give. */
export interface TrustedKeyValues {
  readonly publicKey: string;
  readonly keyId: string;
  readonly keyVersion: string;
}

/** Reads the trusted key. @throws Failure `file-unreadable` */
export function trustedKeyOf(values: TrustedKeyValues): TrustedKey {
  return {
    id: values.keyId,
    version: values.keyVersion,
    pem: Buffer.from(readInput(values.publicKey)).toString("utf8"),
  };
}

/** A client for a server that speaks all protocols at one address. */
export function clientOf(server: string): KeyServerClient {
  const base = server.endsWith("/") ? server : `${server}/`;
  return new KeyServerClient({
    verificationUrl: base,
    keyServerUrl: base,
    healthAuthorityId: "kz.saqbol",
  });
}
