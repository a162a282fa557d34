import { intervalStart } from "../protocol/intervals.ts";
import { ApiError } from "./api-error.ts";
import type { Certificate } from "./certificates.ts";
import type { ServerContext } from "./context.ts";
import { HOUR } from "./durations.ts";
import { openRevisionToken, type RevisableKey, sealRevisionToken } from "./revision-token.ts";
import { findKey, insertKey, type TemporaryExposureKey } from "./temporary-exposure-keys.ts";
import { TestStatus } from "./test-results.ts";

/** Age in seconds, counted from the end of a key, up to which a revision token carries it on. */
const MAX_REVISABLE_AGE = 360 * HOUR;

/** What a publish call achieved. */
export interface Published {
  readonly insertedExposures: number;
  readonly revisionToken: string;
}

/**
 * Stores the keys of one certificate and, in the same transaction, uses up the test behind it: the
 * test becomes redeemed, its registration token and its other certificates end.
 *
 * The very same certificate may come again, with the very same keys to which its HMAC binds it,
 * because the answer to the first call can get lost: that stores nothing and succeeds.
 *
 * @param keys the keys that passed the checks
 * @throws ApiError 401 `health_authority_verification_certificate_invalid` when the test is used up,
 *   400 `missing_revision_token` or `invalid_revision_token` when a key was published before
 */
export function redeem(
  context: ServerContext,
  certificate: Certificate,
  keys: readonly TemporaryExposureKey[],
  revisionToken: string,
): Published {
  const { db, secrets, now } = context;
  const jtiHash = secrets.hash("certificate", certificate.jti);
  return db.transaction(() => {
    const stored = keys.filter((key) => sameSpan(key, findKey(db, key.keyData)));
    const used = db.get("SELECT 1 FROM redeemed_certificates WHERE jti_hash = ?", jtiHash);
    if (used && keys.length > 0 && stored.length === keys.length) {
      return { insertedExposures: 0, revisionToken: seal(keys) };
    }

    const test = db.get<{ id: number }>(
      `SELECT tests.id FROM certificates JOIN tests ON tests.id = test_id
       WHERE jti_hash = ? AND status = ?`,
      jtiHash,
      TestStatus.positive,
    );
    if (!test) throw certificateInvalid();

    const earlier = openRevisionToken(revisionToken, secrets.revisionTokenKey);
    const fresh = keys.filter((key) => !findKey(db, key.keyData));
    if (fresh.length < keys.length) {
      const again = keys.filter((key) => !fresh.includes(key));
      refuseForeignKeys(again, earlier);
    }
    for (const key of fresh) insertKey(db, key);
    if (keys.length > 0) useUp(test.id);
    return { insertedExposures: fresh.length, revisionToken: seal([...(earlier ?? []), ...keys]) };
  });

  function useUp(testId: number): void {
    db.run(
      "UPDATE tests SET status = ?, token_hash = NULL WHERE id = ?",
      TestStatus.redeemed,
      testId,
    );
    db.run("DELETE FROM certificates WHERE test_id = ?", testId);
    db.run(
      "INSERT INTO redeemed_certificates (jti_hash, expires_at) VALUES (?, ?)",
      jtiHash,
      certificate.expiresAt,
    );
  }

  function seal(all: readonly RevisableKey[]): string {
    const byData = new Map<string, RevisableKey>();
    for (const key of all) {
      const end = intervalStart(key.rollingStartIntervalNumber + key.rollingPeriod);
      if (now() - end <= MAX_REVISABLE_AGE) byData.set(hex(key.keyData), key);
    }
    return sealRevisionToken([...byData.values()], secrets.revisionTokenKey);
  }
}

/** The error of every certificate that does not permit the upload. */
export function certificateInvalid(): ApiError {
  return new ApiError(
    401,
    "health_authority_verification_certificate_invalid",
    "The verification certificate is not valid for these keys.",
  );
}

/**
 * Only who published a key may send it again. Since every report is a confirmed test, a key that
 * comes again changes nothing and is passed over.
 */
function refuseForeignKeys(
  again: readonly RevisableKey[],
  earlier: readonly RevisableKey[] | undefined,
): void {
  if (!earlier) {
    throw new ApiError(
      400,
      "missing_revision_token",
      "Some keys were published before and the revision token for them is missing.",
    );
  }
  for (const key of again) {
    const proof = earlier.find((entry) => hex(entry.keyData) === hex(key.keyData));
    if (!sameSpan(key, proof)) {
      throw new ApiError(
        400,
        "invalid_revision_token",
        "The revision token does not cover all keys that were published before.",
      );
    }
  }
}

function sameSpan(key: RevisableKey, other: RevisableKey | undefined): boolean {
  return (
    other !== undefined &&
    other.rollingStartIntervalNumber === key.rollingStartIntervalNumber &&
    other.rollingPeriod === key.rollingPeriod
  );
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
