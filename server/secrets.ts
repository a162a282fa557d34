import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StartError } from "./start-error.ts";

/** Names of the files that an operator needs; both lie in the data directory. */
export const LABORATORY_KEY_FILE = "laboratory-key";
export const EXPORT_PUBLIC_KEY_FILE = "export-public-key.pem";

/**
 * The server's long-lived secrets. They always come from the operating system's generator, never
 * from an injected one.
 */
export interface ServerSecrets {
  /** ECDSA P-256 private key that signs export files. */
  readonly exportKey: KeyObject;
  /** ECDSA P-256 private key that signs verification certificates. */
  readonly certificateKey: KeyObject;
  /** API key of the laboratories: 43 characters of base64url. */
  readonly laboratoryKey: string;
  /** Public half of `exportKey`, SPKI in PEM. */
  readonly exportPublicKeyPem: string;
  /** AES-256 key for revision tokens, 32 bytes. */
  readonly revisionTokenKey: Uint8Array;
  /** HMAC-SHA-256 of a text under a key of its own for each purpose, 32 bytes. */
  hash(purpose: HashPurpose, text: string): Uint8Array;
}

type HashPurpose = "code" | "token" | "certificate" | "client";

/**
 * Reads the secrets from a directory, making those that are missing (files of mode 0600), or makes
 * fresh ones for `:memory:`.
 *
 * @throws StartError when a key file cannot be understood
 */
export function openSecrets(dataDir: string): ServerSecrets {
  const text =
    dataDir === ":memory:" ? (_: string, make: () => string) => make() : inFiles(dataDir);
  const exportKey = privateKey("export-signing-key.pem", text);
  const certificateKey = privateKey("certificate-signing-key.pem", text);
  const laboratoryKey = text(LABORATORY_KEY_FILE, () => randomBytes(32).toString("base64url"));
  const master = Buffer.from(
    text("server-secret", () => randomBytes(32).toString("hex")),
    "hex",
  );
  if (master.length !== 32 || laboratoryKey.length < 32) {
    throw new StartError(
      "The server secret or the laboratory key in the data directory is damaged.",
    );
  }
  const exportPublicKeyPem = createPublicKey(exportKey)
    .export({ type: "spki", format: "pem" })
    .toString();
  if (text(EXPORT_PUBLIC_KEY_FILE, () => exportPublicKeyPem).trim() !== exportPublicKeyPem.trim()) {
    throw new StartError(
      `The file ${EXPORT_PUBLIC_KEY_FILE} in the data directory belongs to another signing key.`,
    );
  }

  const subkey = (purpose: string) =>
    new Uint8Array(hkdfSync("sha256", master, "", `saqbol-server ${purpose}`, 32));
  const hashKeys: Record<HashPurpose, Uint8Array> = {
    code: subkey("code"),
    token: subkey("token"),
    certificate: subkey("certificate"),
    client: subkey("client"),
  };
  return {
    exportKey,
    certificateKey,
    laboratoryKey,
    exportPublicKeyPem,
    revisionTokenKey: subkey("revision token"),
    hash: (purpose, value) => createHmac("sha256", hashKeys[purpose]).update(value).digest(),
  };
}

type TextStore = (name: string, make: () => string) => string;

function inFiles(dataDir: string): TextStore {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  return (name, make) => {
    const path = join(dataDir, name);
    if (!existsSync(path)) {
      // Written aside and renamed, so that a crash cannot leave half a key behind.
      const unfinished = `${path}.new`;
      writeFileSync(unfinished, `${make().trimEnd()}\n`, { mode: 0o600, flush: true });
      renameSync(unfinished, path);
    }
    return readFileSync(path, "utf8").trim();
  };
}

function privateKey(name: string, text: TextStore): KeyObject {
  const pem = text(name, () =>
    generateKeyPairSync("ec", { namedCurve: "P-256" })
      .privateKey.export({ type: "pkcs8", format: "pem" })
      .toString(),
  );
  try {
    return createPrivateKey(pem);
  } catch {
    throw new StartError(`The file ${name} in the data directory is not a private key.`);
  }
}
