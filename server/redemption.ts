import { intervalStart } from "../protocol/intervals.ts";
import { ApiError } from "./api-error.ts";
import type { Certificate } from "./certificates.ts";
import type { ServerContext } from "./context.ts";
import { HOUR } from "./durations.ts";
import { REVISABLE_TO, ReportType } from "./report-types.ts";
import { openRevisionToken, type RevisableKey, sealRevisionToken } from "./revision-token.ts";
import {
  findKey,
  insertKey,
  reviseKey,
  type StoredKey,
  type TemporaryExposureKey,
} from "./temporary-exposure-keys.ts";
import { TestStatus } from "./test-results.ts";

/** Age in seconds, counted from the end of a key, up to which a revision token carries it on. */
const MAX_REVISABLE_AGE = 360 * HOUR;

/** What a publish call achieved. */
export interface Published {
  readonly inserted: number;
  readonly revised: number;
  readonly revisionToken: string;
}

/**
 * Stores or revises the keys of one certificate and, in the same transaction, uses the certificate
 * up and the test behind it, if there is one: the test becomes redeemed, its registration token and
 * its other certificates end.
 *
 * The very same certificate may come again, with the very same keys to which its HMAC binds it,
 * because the answer to the first call can get lost: that stores nothing and succeeds.
 *
 * @param keys the keys that passed the checks
 * @throws ApiError 401 `health_authority_verification_certificate_invalid` when the certificate is
 *   used up; 400 `missing_revision_token`, `invalid_revision_token`, `key_already_revised` or
 *   `invalid_report_type_transition` when a key was published before
 */
export function redeem(
  context: ServerContext,
  certificate: Certificate,
  keys: readonly TemporaryExposureKey[],
  revisionToken: string,
): Published {
  const { db, secrets, now } = context;
  const jtiHashes = secrets.hashes("certificate", certificate.jti);
  return db.transaction(() => {
    const earlier = openRevisionToken(revisionToken, secrets.revisionTokenKeys);
    const stored = new Map<TemporaryExposureKey, StoredKey>();
    for (const key of keys) {
      const existing = findKey(db, key.keyData);
      if (existing) stored.set(key, existing);
    }
    if (jtiHashes.some(wasRedeemed)) {
      return { inserted: 0, revised: 0, revisionToken: seal([...(earlier ?? []), ...unchanged()]) };
    }
    const jtiHash = jtiHashes.find(isOpen);
    if (!jtiHash) throw certificateInvalid();
    if (stored.size > 0) refuseForeignKeys([...stored], earlier);

    let inserted = 0;
    let revised = 0;
    for (const key of keys) {
      const existing = stored.get(key);
      if (existing) {
        if (needsRevision(existing, key)) {
          reviseKey(db, key);
          revised++;
        }
      } else if (key.reportType !== ReportType.revoked) {
        // What was never reported needs no revocation.
        insertKey(db, key);
        inserted++;
      }
    }
    if (keys.length > 0) useUp(jtiHash);
    const published = keys.filter((key) => findKey(db, key.keyData));
    return { inserted, revised, revisionToken: seal([...(earlier ?? []), ...published]) };

    // Only of keys that are the sender's for certain: the certificate's own.
    function unchanged(): TemporaryExposureKey[] {
      return keys.filter((key) => sameSpan(key, stored.get(key)));
    }
  });

  function wasRedeemed(jtiHash: Uint8Array): boolean {
    return db.get("SELECT 1 FROM redeemed_certificates WHERE jti_hash = ?", jtiHash) !== undefined;
  }

  function isOpen(jtiHash: Uint8Array): boolean {
    const row = db.get(
      `SELECT 1 FROM certificates LEFT JOIN tests ON tests.id = test_id
       WHERE jti_hash = ? AND (test_id IS NULL OR status = ?)`,
      jtiHash,
      TestStatus.positive,
    );
    return row !== undefined;
  }

  function useUp(jtiHash: Uint8Array): void {
    const test = "SELECT test_id FROM certificates WHERE jti_hash = ?";
    db.run(
      `UPDATE tests SET status = ?, token_hash = NULL WHERE id = (${test})`,
      TestStatus.redeemed,
      jtiHash,
    );
    db.run(`DELETE FROM certificates WHERE test_id = (${test})`, jtiHash);
    db.run("DELETE FROM certificates WHERE jti_hash = ?", jtiHash);
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
    return sealRevisionToken([...byData.values()], secrets.revisionTokenKeys[0]!);
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

/** Only who published a key may send it again, and with the same times. */
function refuseForeignKeys(
  again: readonly (readonly [TemporaryExposureKey, StoredKey])[],
  earlier: readonly RevisableKey[] | undefined,
): void {
  if (!earlier) {
    throw new ApiError(
      400,
      "missing_revision_token",
      "Some keys were published before and the revision token for them is missing.",
    );
  }
  for (const [key, stored] of again) {
    const proof = earlier.find((entry) => hex(entry.keyData) === hex(key.keyData));
    if (!sameSpan(key, proof) || !sameSpan(key, stored)) {
      throw new ApiError(
        400,
        "invalid_revision_token",
        "The revision token does not cover all keys that were published before.",
      );
    }
  }
}

/** Whether a key that comes again changes anything; it may do so once. */
function needsRevision(stored: StoredKey, key: TemporaryExposureKey): boolean {
  if (key.reportType === stored.reportType || key.reportType === stored.revisedReportType) {
    return false;
  }
  if (stored.revisedReportType !== undefined) {
    throw new ApiError(400, "key_already_revised", "A key was revised before.");
  }
  if (!REVISABLE_TO[stored.reportType]?.includes(key.reportType)) {
    throw new ApiError(
      400,
      "invalid_report_type_transition",
      "A key cannot be revised from the report type that it has to this one.",
    );
  }
  return true;
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
