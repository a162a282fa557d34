/**
 * Secrets in addresses.
 *
 * @module
 */
import { timingSafeEqual } from "node:crypto";

/** Random bytes, such as node:crypto's `randomBytes`. */
export type Random = (size: number) => Uint8Array;

/** 128 random bits in base64url: 22 characters. */
export function newSecret(random: Random): string {
  return Buffer.from(random(16)).toString("base64url");
}

/** Compares a secret with what somebody says it is, in a time that depends on its length only. */
export function equalSecrets(secret: string, said: string): boolean {
  const [a, b] = [Buffer.from(secret), Buffer.from(said)];
  return a.length === b.length && timingSafeEqual(a, b);
}
