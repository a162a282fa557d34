import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  type KeyObject,
} from "node:crypto";
import { ensureKeyVersions, type KeyKindName, type KeyVersion } from "./key-versions.ts";
import type { SecretStore } from "./secret-store.ts";
import { StartError } from "./start-error.ts";

/** An ECDSA P-256 key pair. */
export interface SigningKey {
  /** Counted from 1. */
  readonly version: number;
  /** First 16 hexadecimal digits of the SHA-256 of its SPKI. */
  readonly keyId: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** SPKI in PEM. */
  readonly publicKeyPem: string;
}

/**
 * The server's long-lived secrets, every version that is in use, newest first: the newest makes
 * what is new, all of them recognise what is there. They always come from the operating system's
 * generator, never from an injected one.
 */
export interface ServerSecrets {
  /** Sign export files, all of them together. */
  readonly exportKeys: readonly SigningKey[];
  /** Sign verification certificates. */
  readonly certificateKeys: readonly SigningKey[];
  /** Sign verification tokens. */
  readonly tokenKeys: readonly SigningKey[];
  /** API keys of laboratories: 43 characters of base64url. */
  readonly laboratoryKeys: readonly string[];
  /** API keys of desks and apps. */
  readonly deviceKeys: readonly string[];
  /** API keys of those who issue codes. */
  readonly adminKeys: readonly string[];
  /** AES-256 keys for revision tokens, 32 bytes. */
  readonly revisionTokenKeys: readonly Uint8Array[];
  /** HMAC-SHA-256 of a text under the newest key of its purpose, 32 bytes. */
  hash(purpose: HashPurpose, text: string): Uint8Array;
  /** The HMACs under all keys of a purpose, newest first: what is stored may be any of them. */
  hashes(purpose: HashPurpose, text: string): Uint8Array[];
}

const PURPOSES = ["code", "token", "certificate", "client", "issued code", "uuid"] as const;
export type HashPurpose = (typeof PURPOSES)[number];

/**
 * Reads the secrets from a store, making those that are missing.
 *
 * @throws StartError when a key file cannot be understood
 */
export function openSecrets(store: SecretStore): ServerSecrets {
  const masters = ensureKeyVersions(store, "secret").map((version) => masterSecret(store, version));
  const subkeys = (purpose: string): Uint8Array[] =>
    masters.map(
      (master) => new Uint8Array(hkdfSync("sha256", master, "", `saqbol-server ${purpose}`, 32)),
    );
  const hashKeys = new Map(PURPOSES.map((purpose) => [purpose, subkeys(purpose)]));
  const hashes = (purpose: HashPurpose, text: string): Uint8Array[] =>
    hashKeys.get(purpose)!.map((key) => createHmac("sha256", key).update(text).digest());
  return {
    exportKeys: signingKeys(store, "export"),
    certificateKeys: signingKeys(store, "certificate"),
    tokenKeys: signingKeys(store, "token"),
    laboratoryKeys: apiKeys(store, "laboratory"),
    deviceKeys: apiKeys(store, "device"),
    adminKeys: apiKeys(store, "admin"),
    revisionTokenKeys: subkeys("revision token"),
    hash: (purpose, text) => createHmac("sha256", hashKeys.get(purpose)![0]!).update(text).digest(),
    hashes,
  };
}

function masterSecret(store: SecretStore, { file }: KeyVersion): Buffer {
  const master = Buffer.from(store.read(file) ?? "", "hex");
  if (master.length !== 32) throw damaged(file, "a server secret");
  return master;
}

function apiKeys(store: SecretStore, name: KeyKindName): string[] {
  return ensureKeyVersions(store, name).map(({ file }) => {
    const key = store.read(file) ?? "";
    if (key.length < 32) throw damaged(file, "an API key");
    return key;
  });
}

function signingKeys(store: SecretStore, name: KeyKindName): SigningKey[] {
  return ensureKeyVersions(store, name).map(({ version, file, publicFile }) => {
    const privateKey = parsePrivateKey(store.read(file) ?? "", file);
    const publicKey = createPublicKey(privateKey);
    const publicKeyPem = publicKey.export({ type: "spki", format: "pem" }).toString();
    const spki = publicKey.export({ type: "spki", format: "der" });
    const keyId = createHash("sha256").update(spki).digest("hex").slice(0, 16);
    if (publicFile) offerPublicKey(store, publicFile, publicKeyPem);
    return { version, keyId, privateKey, publicKey, publicKeyPem };
  });
}

function offerPublicKey(store: SecretStore, file: string, pem: string): void {
  const offered = store.read(file);
  if (offered === undefined) store.write(file, pem);
  else if (offered !== pem.trim()) {
    throw new StartError(`The file ${file} in the data directory belongs to another signing key.`);
  }
}

function parsePrivateKey(pem: string, file: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw damaged(file, "a private key");
  }
}

function damaged(file: string, what: string): StartError {
  return new StartError(`The file ${file} in the data directory is not ${what}.`);
}
