/**
 * The identities of a fleet in one encrypted file: JSON whose header says how to derive the key from a passphrase
 * (scrypt), and whose body is sealed with AES-256-GCM, header included.
 *
 * @module
 */
import {
  createCipheriv,
  createDecipheriv,
  randomBytes,
  type ScryptOptions,
  scrypt,
} from "node:crypto";
import { promisify } from "node:util";
import { z } from "zod";
import { TOKEN_KEY_BYTES } from "../../protocol/flash-layout.ts";
import { Failure } from "../failure.ts";
import type { TokenIdentity } from "./storage-image.ts";

const FORMAT = "saqbol-identities";
const VERSION = 1;
const CIPHER = "aes-256-gcm";
const KEY_BYTES = 32;
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
// About 128 MB and half a second for each guess at a passphrase.
const COST = { N: 2 ** 17, r: 8, p: 1 };

const base64 = (bytes: number) =>
  z.base64().refine((text) => Buffer.from(text, "base64").length === bytes);

// A file of our own has these very costs; more of them would let a stranger's file eat all memory.
const header = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  scrypt: z.strictObject({
    N: z.literal(COST.N),
    r: z.literal(COST.r),
    p: z.literal(COST.p),
    salt: base64(SALT_BYTES),
  }),
  nonce: base64(NONCE_BYTES),
});
type Header = z.infer<typeof header>;

const sealedFile = z.strictObject({ header, sealed: z.base64() });

const contents = z.array(z.strictObject({ serial: z.uint32(), key: base64(TOKEN_KEY_BYTES) }));

/** Seals a list with a passphrase, under a new salt and nonce. */
export async function sealIdentities(
  identities: readonly TokenIdentity[],
  passphrase: string,
): Promise<Uint8Array> {
  const salt = randomBytes(SALT_BYTES).toString("base64");
  const nonce = randomBytes(NONCE_BYTES).toString("base64");
  const head: Header = { format: FORMAT, version: VERSION, scrypt: { ...COST, salt }, nonce };
  const cipher = createCipheriv(CIPHER, await deriveKey(head, passphrase), decode(nonce));
  cipher.setAAD(bound(head));
  const list: z.infer<typeof contents> = identities.map(({ serial, key }) => ({
    serial,
    key: Buffer.from(key).toString("base64"),
  }));
  const sealed = [cipher.update(JSON.stringify(list), "utf8"), cipher.final(), cipher.getAuthTag()];
  return Buffer.from(
    `${JSON.stringify({ header: head, sealed: Buffer.concat(sealed).toString("base64") })}\n`,
  );
}

/**
 * Opens what {@link sealIdentities} has sealed.
 *
 * @throws Failure `identities-malformed`, `wrong-passphrase`
 */
export async function openIdentities(
  file: Uint8Array,
  passphrase: string,
): Promise<TokenIdentity[]> {
  const { header: head, sealed } = parse(file);
  const bytes = decode(sealed);
  const decipher = createDecipheriv(CIPHER, await deriveKey(head, passphrase), decode(head.nonce), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(bound(head));
  try {
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const plain = [decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()];
    return contents
      .parse(JSON.parse(Buffer.concat(plain).toString("utf8")))
      .map(({ serial, key }) => ({ serial, key: decode(key) }));
  } catch {
    throw new Failure(
      "wrong-passphrase",
      "The identity list cannot be opened; the passphrase is wrong or the file is damaged, so try again or restore a copy.",
    );
  }
}

function parse(file: Uint8Array): z.infer<typeof sealedFile> {
  try {
    return sealedFile.parse(JSON.parse(Buffer.from(file).toString("utf8")));
  } catch {
    throw new Failure(
      "identities-malformed",
      "The file is not an identity list that this version can read; name the right file, or restore a copy.",
    );
  }
}

function deriveKey({ scrypt: { salt, ...cost } }: Header, passphrase: string): Promise<Buffer> {
  // The same passphrase may be typed in more than one way.
  const text = passphrase.normalize("NFKC");
  const maxmem = 2 * 128 * cost.N * cost.r;
  const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);
  return derive(text, decode(salt), KEY_BYTES, { ...cost, maxmem });
}

const bound = (head: Header): Buffer => Buffer.from(JSON.stringify(head));
const decode = (text: string): Buffer => Buffer.from(text, "base64");
