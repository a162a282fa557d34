/**
 * The token's end of a sync session: who has not proven that it holds the token's card is not answered, and learns
 * nothing; see `docs/sync-protocol.md`.
 *
 * @module
 */
import * as board from "#board";
import { hkdfExpand, hmacSha256 } from "../protocol/hkdf.ts";
import {
  FROM_DESK,
  FROM_TOKEN,
  frameNonce,
  HELLO_BYTES,
  HELLO_NONCE_BYTES,
  SECRET_BYTES,
  SYNC_INFO,
  SYNC_VERSION,
} from "../protocol/sync-session.ts";
import { primitives } from "./keys.ts";

let key: Uint8Array | undefined;
let reply: Uint8Array;
/** The counter of the last request that was answered; the hello's is 0, and -1 stands for none. */
export let counter = -1;
/** Whether the central has proven that it holds the card. */
export let isProven = false;

/** Forgets the session: each connection has one of its own. */
export function endSession(): void {
  key = undefined;
  counter = -1;
  isProven = false;
}

/**
 * Takes what a central has written.
 *
 * @param respond - makes the response to a request; called once for each
 * @returns what to send back, the same again for a request that was answered last; undefined when it is none that the
 * session can go on with
 */
export function accept(
  bytes: Uint8Array,
  respond: (request: Uint8Array) => Uint8Array,
): Uint8Array | undefined {
  const number = bytes[0] | (bytes[1] << 8);
  if (number === counter) return reply;
  if (!number && counter < 0) {
    if (bytes.length !== HELLO_BYTES || bytes[2] !== SYNC_VERSION) return undefined;
    const nonces = new Uint8Array(2 * HELLO_NONCE_BYTES);
    nonces.set(bytes.subarray(3, HELLO_BYTES));
    nonces.set(board.randomBytes(HELLO_NONCE_BYTES), HELLO_NONCE_BYTES);
    const extracted = hmacSha256(primitives, nonces, board.tokenKey());
    const secrets = hkdfExpand(primitives, extracted, SYNC_INFO);
    key = secrets.subarray(0, SECRET_BYTES);
    // The desk's nonce has done its duty.
    reply = nonces;
    reply.set(nonces.subarray(HELLO_NONCE_BYTES, 2 * HELLO_NONCE_BYTES));
    reply.set(secrets.subarray(SECRET_BYTES, 2 * SECRET_BYTES), HELLO_NONCE_BYTES);
  } else {
    if (!key || number !== counter + 1) return undefined;
    const sealed = bytes.subarray(2, bytes.length);
    const request = board.crypt(key, frameNonce(FROM_DESK, number), sealed, true);
    if (!request || request.length < 2) return undefined;
    isProven = true;
    const nonce = frameNonce(FROM_TOKEN, number);
    reply = board.crypt(key, nonce, respond(request), false) as Uint8Array;
  }
  counter = number;
  return reply;
}
