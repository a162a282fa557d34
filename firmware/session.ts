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
/** What the last frame is answered with: the hello, or a response that is sealed each time it is sent. */
let response: Uint8Array;
/** The counter of the last request that was taken; the hello's is 0, and -1 stands for none. */
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
 * @returns the request to answer, once: from here on the same frame brings the same response again, whatever becomes of
 * answering; empty for a hello and for what came again; undefined when it is nothing that the session can go on with
 */
export function accept(bytes: Uint8Array): Uint8Array | undefined {
  const number = bytes[0] | (bytes[1] << 8);
  const nothing = new Uint8Array(0);
  if (number === counter) return nothing;
  if (!number && counter < 0) {
    if (bytes.length !== HELLO_BYTES || bytes[2] !== SYNC_VERSION) return undefined;
    const nonces = new Uint8Array(2 * HELLO_NONCE_BYTES);
    nonces.set(bytes.subarray(3, HELLO_BYTES));
    nonces.set(board.randomBytes(HELLO_NONCE_BYTES), HELLO_NONCE_BYTES);
    const extracted = hmacSha256(primitives, nonces, board.tokenKey());
    const secrets = hkdfExpand(primitives, extracted, SYNC_INFO);
    key = secrets.subarray(0, SECRET_BYTES);
    // The desk's nonce has done its duty.
    response = nonces;
    response.set(nonces.subarray(HELLO_NONCE_BYTES));
    response.set(secrets.subarray(SECRET_BYTES), HELLO_NONCE_BYTES);
    counter = 0;
    return nothing;
  }
  if (!key || number !== counter + 1) return undefined;
  const sealed = bytes.subarray(2);
  const request = board.crypt(key, frameNonce(FROM_DESK, number), sealed, true);
  if (!request || request.length < 2) return undefined;
  isProven = true;
  counter = number;
  response = nothing;
  return request;
}

/** Keeps the response to the request that {@link accept} has returned. */
export function respond(message: Uint8Array): void {
  response = message;
}

/** What to send: the last response, sealed. */
export function reply(): Uint8Array {
  return counter && key
    ? (board.crypt(key, frameNonce(FROM_TOKEN, counter), response, false) as Uint8Array)
    : response;
}
