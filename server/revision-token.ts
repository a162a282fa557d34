import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { decodeBase64 } from "./publish-request.ts";

/** What a revision token says about one published key. */
export interface RevisableKey {
  /** 16 bytes. */
  readonly keyData: Uint8Array;
  readonly rollingStartIntervalNumber: number;
  readonly rollingPeriod: number;
}

const NONCE = 12;
const TAG = 16;
const ENTRY = 16 + 4 + 2;

/** Every token is as long as one for this many keys, so that its length hides their number. */
const MIN_ENTRIES = 28;

/**
 * Seals keys into a revision token: proof that its holder published them before, which a later
 * upload of the same keys must show (exposure-notifications-server, publish API v1,
 * "revisionToken"). Layout before base64: nonce, AES-256-GCM ciphertext of 22-byte entries (key,
 * start as uint32, period as uint16, big-endian), tag. An entry of period 0 is padding.
 */
export function sealRevisionToken(keys: readonly RevisableKey[], secret: Uint8Array): string {
  const plain = Buffer.alloc(Math.max(keys.length, MIN_ENTRIES) * ENTRY);
  keys.forEach((key, index) => {
    plain.set(key.keyData, index * ENTRY);
    plain.writeUInt32BE(key.rollingStartIntervalNumber, index * ENTRY + 16);
    plain.writeUInt16BE(key.rollingPeriod, index * ENTRY + 20);
  });
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv("aes-256-gcm", secret, nonce);
  const sealed = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return sealed.toString("base64");
}

/**
 * Opens a revision token. Undefined when it is absent or not base64, which the server it follows
 * treats alike; an empty list when this server did not make it.
 *
 * @param secrets any of which may have sealed it
 */
export function openRevisionToken(
  token: string,
  secrets: readonly Uint8Array[],
): RevisableKey[] | undefined {
  const sealed = token === "" ? undefined : decodeBase64(token);
  if (!sealed) return undefined;
  if (sealed.length < NONCE + TAG) return [];
  for (const secret of secrets) {
    const plain = decrypt(sealed, secret);
    if (plain) return readEntries(plain);
  }
  return [];
}

function decrypt(sealed: Buffer, secret: Uint8Array): Buffer | undefined {
  const decipher = createDecipheriv("aes-256-gcm", secret, sealed.subarray(0, NONCE), {
    authTagLength: TAG,
  });
  decipher.setAuthTag(sealed.subarray(-TAG));
  const plain = decipher.update(sealed.subarray(NONCE, -TAG));
  try {
    decipher.final();
    return plain;
  } catch {
    return undefined;
  }
}

function readEntries(plain: Buffer): RevisableKey[] {
  const keys: RevisableKey[] = [];
  for (let at = 0; at + ENTRY <= plain.length; at += ENTRY) {
    const rollingPeriod = plain.readUInt16BE(at + 20);
    if (rollingPeriod === 0) continue;
    keys.push({
      keyData: new Uint8Array(plain.subarray(at, at + 16)),
      rollingStartIntervalNumber: plain.readUInt32BE(at + 16),
      rollingPeriod,
    });
  }
  return keys;
}
