/**
 * The desk's end of a sync session, without the link that carries it; see `docs/sync-protocol.md`.
 *
 * @module
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { TAG_BYTES } from "../../protocol/ccm.ts";
import {
  FROM_DESK,
  FROM_TOKEN,
  frameNonce,
  HELLO_NONCE_BYTES,
  LAST_COUNTER,
  SECRET_BYTES,
  SYNC_INFO,
  SYNC_VERSION,
} from "../../protocol/sync-session.ts";
import { Failure } from "../failure.ts";

const CIPHER = "aes-128-ccm";
const OPTIONS = { authTagLength: TAG_BYTES } as const;

/** One session, from the hello to the last frame. */
export class DeskSession {
  /** What to write first. */
  readonly hello: Uint8Array;
  readonly #tokenKey: Uint8Array;
  readonly #nonce: Uint8Array;
  #key: Buffer | undefined;
  #counter = 0;

  /**
   * @param tokenKey - from the card, 16 bytes
   * @param nonce - 16 random bytes; given by tests
   */
  constructor(tokenKey: Uint8Array, nonce: Uint8Array = randomBytes(HELLO_NONCE_BYTES)) {
    this.#tokenKey = tokenKey;
    this.#nonce = nonce;
    this.hello = Uint8Array.of(0, 0, SYNC_VERSION, ...nonce);
  }

  /** The counter of the frame that was sealed last; 0 is the hello's. */
  get counter(): number {
    return this.#counter;
  }

  /** Takes the token's answer to the hello; false when the token does not know the key of this card. */
  begin(answer: Uint8Array): boolean {
    if (answer.length !== HELLO_NONCE_BYTES + SECRET_BYTES) return false;
    const salt = Buffer.concat([this.#nonce, answer.subarray(0, HELLO_NONCE_BYTES)]);
    const secrets = Buffer.from(
      hkdfSync("sha256", this.#tokenKey, salt, SYNC_INFO, 2 * SECRET_BYTES),
    );
    // A proof is compared once for each nonce of the desk's, so that its time tells nothing.
    if (secrets.compare(answer, HELLO_NONCE_BYTES, undefined, SECRET_BYTES) !== 0) return false;
    this.#key = secrets.subarray(0, SECRET_BYTES);
    return true;
  }

  /**
   * Seals a request under the next counter.
   *
   * @returns what to write
   * @throws Failure `session-over` after 65,535 requests
   */
  seal(request: Uint8Array): Uint8Array {
    if (this.#counter === LAST_COUNTER) {
      throw new Failure("session-over", "The connection was used for too long; start it again.");
    }
    this.#counter++;
    const nonce = frameNonce(FROM_DESK, this.#counter);
    const cipher = createCipheriv(CIPHER, this.#sessionKey, nonce, OPTIONS);
    return Buffer.concat([
      Uint8Array.of(this.#counter, this.#counter >> 8),
      cipher.update(request),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
  }

  /** Opens the response to the request that was sealed last; undefined when anything about it is wrong. */
  open(response: Uint8Array): Uint8Array | undefined {
    const length = response.length - TAG_BYTES;
    if (length < 0) return undefined;
    const nonce = frameNonce(FROM_TOKEN, this.#counter);
    const decipher = createDecipheriv(CIPHER, this.#sessionKey, nonce, OPTIONS);
    decipher.setAuthTag(response.subarray(length));
    try {
      const message = decipher.update(response.subarray(0, length));
      decipher.final();
      return message;
    } catch {
      return undefined;
    }
  }

  get #sessionKey(): Buffer {
    if (!this.#key) throw new Error("the session has not begun");
    return this.#key;
  }
}
