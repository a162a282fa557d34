import { generateKeyPairSync, randomBytes } from "node:crypto";
import type { SecretStore } from "./secret-store.ts";
import { StartError } from "./start-error.ts";

/** How one kind of key is kept and made. */
interface KeyKind {
  /** File name of version 1; version 2 has `.v2` before the extension, and so on. */
  readonly file: string;
  /** The same for the public halves, which are made from the private ones. */
  readonly publicFile?: string;
  readonly make: () => string;
  /** Versions that may be in use together. */
  readonly limit: number;
}

const signingKey = (): string =>
  generateKeyPairSync("ec", { namedCurve: "P-256" })
    .privateKey.export({ type: "pkcs8", format: "pem" })
    .toString();
const apiKey = (): string => randomBytes(32).toString("base64url");

/** Export files carry at most ten signatures (Exposure Key export file format). */
const MAX_EXPORT_SIGNATURES = 10;
const LIMIT = 4;

/** All that can be rotated, by the name that the command line gives it. */
export const KEY_KINDS = {
  export: {
    file: "export-signing-key.pem",
    publicFile: "export-public-key.pem",
    make: signingKey,
    limit: MAX_EXPORT_SIGNATURES,
  },
  certificate: {
    file: "certificate-signing-key.pem",
    publicFile: "certificate-public-key.pem",
    make: signingKey,
    limit: LIMIT,
  },
  token: { file: "token-signing-key.pem", make: signingKey, limit: LIMIT },
  secret: { file: "server-secret", make: () => randomBytes(32).toString("hex"), limit: LIMIT },
  laboratory: { file: "laboratory-key", make: apiKey, limit: LIMIT },
  device: { file: "device-key", make: apiKey, limit: LIMIT },
  admin: { file: "admin-key", make: apiKey, limit: LIMIT },
} as const satisfies Record<string, KeyKind>;
export type KeyKindName = keyof typeof KEY_KINDS;

/** One version of a key. */
export interface KeyVersion {
  /** Counted from 1. */
  readonly version: number;
  readonly file: string;
  readonly publicFile: string | undefined;
}

/** The versions of a key that are there, newest first. */
export function keyVersions(store: SecretStore, name: KeyKindName): KeyVersion[] {
  const { file } = KEY_KINDS[name];
  const names = store.names();
  const versions = names
    .map((each) => versionOf(file, each))
    .filter((version) => version !== undefined);
  return versions.sort((a, b) => b - a).map((version) => describe(name, version));
}

/** The same; makes version 1 when there is none. */
export function ensureKeyVersions(store: SecretStore, name: KeyKindName): KeyVersion[] {
  const versions = keyVersions(store, name);
  return versions.length > 0 ? versions : [addVersion(store, name, 1)];
}

/**
 * Makes the next version of a key, which is used from the next start on; those before it stay valid.
 *
 * @throws StartError when as many are in use as may be
 */
export function rotateKey(store: SecretStore, name: KeyKindName): KeyVersion {
  const versions = ensureKeyVersions(store, name);
  const { limit } = KEY_KINDS[name];
  if (versions.length >= limit) {
    throw new StartError(
      `There are ${limit} versions of the ${name} key already; retire the oldest first.`,
    );
  }
  return addVersion(store, name, versions[0]!.version + 1);
}

/**
 * Deletes an old version of a key.
 *
 * @throws StartError when it is not there or is the newest
 */
export function retireKey(store: SecretStore, name: KeyKindName, version: number): KeyVersion {
  const versions = keyVersions(store, name);
  const retired = versions.find((each) => each.version === version);
  if (!retired) throw new StartError(`There is no version ${version} of the ${name} key.`);
  if (retired === versions[0]) {
    throw new StartError(
      `Version ${version} is the newest of the ${name} key and in use; rotate it first.`,
    );
  }
  store.remove(retired.file);
  if (retired.publicFile) store.remove(retired.publicFile);
  return retired;
}

function addVersion(store: SecretStore, name: KeyKindName, version: number): KeyVersion {
  const added = describe(name, version);
  store.write(added.file, KEY_KINDS[name].make());
  return added;
}

function describe(name: KeyKindName, version: number): KeyVersion {
  const { file, publicFile }: KeyKind = KEY_KINDS[name];
  return {
    version,
    file: withVersion(file, version),
    publicFile: publicFile && withVersion(publicFile, version),
  };
}

function withVersion(file: string, version: number): string {
  return version === 1 ? file : file.replace(/(\.pem)?$/, `.v${version}$1`);
}

function versionOf(file: string, name: string): number | undefined {
  if (name === file) return 1;
  const version = Number(/\.v([1-9]\d{0,5})(?:\.pem)?$/.exec(name)?.[1]);
  return version > 1 && withVersion(file, version) === name ? version : undefined;
}
