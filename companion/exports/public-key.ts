import { createPublicKey, type KeyObject } from "node:crypto";

/**
 * The key with which signatures are checked.
 *
 * @param pem - ECDSA P-256 public key, SPKI in PEM
 * @returns undefined for anything else, a private key too: who names that by mistake should notice
 */
export function readPublicKey(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem);
    const isPrivate = pem.includes("PRIVATE KEY");
    return key.asymmetricKeyDetails?.namedCurve === "prime256v1" && !isPrivate ? key : undefined;
  } catch {
    return undefined;
  }
}
