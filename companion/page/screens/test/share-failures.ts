/**
 * What is left to do when publishing failed.
 *
 * @module
 */

/**
 * - `used`: the test was published with before; nothing more is to be done.
 * - `maybe-published`: no answer came that settles it.
 * - `earlier-visit`: some keys were published at an earlier visit, whose day must be named.
 * - `look-up`: the permission is gone, and a new look-up gives another.
 * - `new-code`: the code is of no use.
 * - `later`: there is no key that may be published now.
 * - `again`: whatever was in the way, the same may be tried again.
 *
 * In all but the first two, nothing was published.
 */
export type ShareFailure =
  | "used"
  | "maybe-published"
  | "earlier-visit"
  | "look-up"
  | "new-code"
  | "later"
  | "again";

const KINDS: Readonly<Record<string, ShareFailure>> = {
  "already-used": "used",
  "publish-unconfirmed": "maybe-published",
  // The page does not know what the desk was doing when it was lost.
  "desk-unreachable": "maybe-published",
  "keys-already-published": "earlier-visit",
  "token-invalid": "look-up",
  "permission-lost": "new-code",
  "certificate-refused": "look-up",
  "test-missing": "look-up",
  "test-not-positive": "look-up",
  "code-refused": "new-code",
  "code-expired": "new-code",
  "code-lost": "new-code",
  "permission-ended": "new-code",
  "test-type-unsupported": "new-code",
  "no-keys": "later",
};

/** What a failure of {@link DeskApi.share} leaves to do. */
export function shareFailure(code: string): ShareFailure {
  return KINDS[code] ?? "again";
}
