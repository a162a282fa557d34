/**
 * What both ends of a sync session agree on; see `docs/sync-protocol.md`.
 *
 * The desk's hello is `0, 0, version, desk nonce (16)`; the token answers `token nonce (16), proof (16)`. From the
 * token key and both nonces HKDF makes 32 bytes: the session key, and the proof. All that follows is sealed with
 * AES-128-CCM under the session key: a request is `counter (uint16), sealed message`, with counters from 1 on;
 * the response is sealed under the same counter, and travels in fragments, see `frames.ts`.
 *
 * @module
 */
import { NONCE_BYTES } from "./ccm.ts";

/** Version of the protocol, in the hello. */
export const SYNC_VERSION = 3;
/** Length of either nonce in bytes. */
export const HELLO_NONCE_BYTES = 16;
/** Length of a hello in bytes. */
export const HELLO_BYTES = 3 + HELLO_NONCE_BYTES;
/** Length of the session key and of the proof in bytes. */
export const SECRET_BYTES = 16;
/** HKDF's info. */
export const SYNC_INFO = "saqbol sync 3";
/** Directions of a frame, the first byte of its nonce. */
export const FROM_DESK = 0;
export const FROM_TOKEN = 1;
/** The highest counter of a session. */
export const LAST_COUNTER = 0xffff;

/**
 * The 13-byte nonce of a frame: direction, counter (little-endian), zeros.
 *
 * @param counter - 1..{@link LAST_COUNTER}
 */
export function frameNonce(direction: number, counter: number): Uint8Array {
  const nonce = new Uint8Array(NONCE_BYTES);
  nonce.set([direction, counter, counter >> 8]);
  return nonce;
}
