import { dayOf, INTERVALS_PER_DAY, intervalAt, intervalStart } from "../protocol/intervals.ts";
import { ApiError } from "./api-error.ts";
import { DAY, HOUR, truncateToHour } from "./durations.ts";
import type { SentKey } from "./ekeyhmac.ts";
import { decodeBase64 } from "./publish-request.ts";
import { DEFAULT_RISK, EXPORTED_AS, type ReportTypeName } from "./report-types.ts";
import type { TemporaryExposureKey } from "./temporary-exposure-keys.ts";

const MAX_KEYS = 30;
const MAX_KEYS_PER_START = 3;
const MAX_AGE = 360 * HOUR;
const MAX_ONSET_AGE = 28 * DAY;
const DEFAULT_ONSET_AGE = 4 * DAY;
const MAX_ONSET_DISTANCE_DAYS = 14;

/** What the certificate, and the request beside it, say of all keys of an upload. */
export interface Report {
  readonly reportType: ReportTypeName;
  /** ENINs of symptom onset, the preferred one first; the first that is usable counts. */
  readonly symptomOnsetIntervals: readonly number[];
}

/** Outcome of the checks of one request. Texts name keys by their position, counted from 1. */
export interface CheckedKeys {
  readonly accepted: TemporaryExposureKey[];
  readonly errors: string[];
  readonly warnings: string[];
}

/**
 * Applies the rules for keys of exposure-notifications-server (docs/tek_validation.md; where its
 * documents and its code differ, its code). A key that breaks a rule is dropped. An onset is usable
 * if it lies in the past 28 days; without one it counts as 4 days ago.
 *
 * @param now unix seconds
 * @throws ApiError 400 `bad_request` for a number of keys outside 1..30, for keys that overlap or
 *   come twice with different times, and when every key is dropped for an error
 */
export function checkKeys(
  sent: readonly SentKey[],
  { reportType, symptomOnsetIntervals }: Report,
  now: number,
): CheckedKeys {
  if (sent.length < 1 || sent.length > MAX_KEYS) {
    throw badRequest(`The request must hold 1 to ${MAX_KEYS} keys.`);
  }
  const onsetDay = dayOf(usableOnset(symptomOnsetIntervals, now));
  const accepted: TemporaryExposureKey[] = [];
  const errors: string[] = [];
  const warnings: string[] = [];
  sent.forEach((key, index) => {
    const keyData = decodeBase64(key.key);
    const error = keyData?.length === 16 ? fieldError(key, now) : "key data must be 16 bytes";
    const onsetDays = dayOf(key.rollingStartNumber) - onsetDay;
    if (error) {
      errors.push(`key ${index + 1}: ${error}`);
    } else if (Math.abs(onsetDays) > MAX_ONSET_DISTANCE_DAYS) {
      warnings.push(`key ${index + 1}: too far from symptom onset, not published`);
    } else {
      accepted.push({
        keyData: new Uint8Array(keyData!),
        rollingStartIntervalNumber: key.rollingStartNumber,
        rollingPeriod: key.rollingPeriod,
        transmissionRiskLevel: key.transmissionRisk || DEFAULT_RISK[reportType],
        daysSinceOnsetOfSymptoms: onsetDays,
        reportType: EXPORTED_AS[reportType],
        createdAt: creationTime(key, now),
      });
    }
  });
  if (errors.length > 0 && accepted.length === 0) throw badRequest(errors.join("; "));
  const distinct = withoutRepetitions(accepted);
  refuseOverlaps(distinct);
  return { accepted: distinct, errors, warnings };
}

function fieldError(key: SentKey, now: number): string | undefined {
  if (key.rollingPeriod < 1 || key.rollingPeriod > INTERVALS_PER_DAY) {
    return `rolling period must be 1 to ${INTERVALS_PER_DAY}`;
  }
  if (key.rollingStartNumber + key.rollingPeriod < intervalAt(now - MAX_AGE)) {
    return "key is too old";
  }
  if (key.rollingStartNumber > intervalAt(now)) return "key starts in the future";
  if (key.transmissionRisk < 0 || key.transmissionRisk > 8) {
    return "transmission risk must be 0 to 8";
  }
  return undefined;
}

function usableOnset(intervals: readonly number[], now: number): number {
  const oldest = dayOf(intervalAt(now - MAX_ONSET_AGE)) * INTERVALS_PER_DAY;
  const usable = intervals.find((interval) => interval >= oldest && interval < intervalAt(now));
  return usable ?? intervalAt(now - DEFAULT_ONSET_AGE);
}

/**
 * A key that can still be broadcast is held back: with the two hours that an export waits, it
 * leaves at least two hours after it ended, when nobody accepts a replay of it any more.
 *
 * @param now unix seconds
 * @returns the full hour under which it is filed, unix seconds
 */
export function creationTime(
  key: Pick<SentKey, "rollingStartNumber" | "rollingPeriod">,
  now: number,
): number {
  const end = key.rollingStartNumber + key.rollingPeriod;
  const stillValid = end > intervalAt(now);
  return truncateToHour(stillValid ? intervalStart(end) + HOUR : now);
}

/** A key that is sent twice with the same times counts once. */
function withoutRepetitions(keys: readonly TemporaryExposureKey[]): TemporaryExposureKey[] {
  const byData = new Map<string, TemporaryExposureKey>();
  for (const key of keys) {
    const data = Buffer.from(key.keyData).toString("hex");
    const same = byData.get(data);
    if (
      same &&
      (same.rollingStartIntervalNumber !== key.rollingStartIntervalNumber ||
        same.rollingPeriod !== key.rollingPeriod)
    ) {
      throw badRequest("A key appears twice with different times.");
    }
    if (!same) byData.set(data, key);
  }
  return [...byData.values()];
}

function refuseOverlaps(keys: readonly TemporaryExposureKey[]): void {
  const sorted = [...keys].sort(
    (a, b) =>
      a.rollingStartIntervalNumber - b.rollingStartIntervalNumber ||
      a.rollingPeriod - b.rollingPeriod,
  );
  let sameStart = 1;
  for (let i = 1; i < sorted.length; i++) {
    const previous = sorted[i - 1]!;
    const start = sorted[i]!.rollingStartIntervalNumber;
    if (start === previous.rollingStartIntervalNumber) {
      sameStart++;
      if (sameStart > MAX_KEYS_PER_START) {
        throw badRequest(`More than ${MAX_KEYS_PER_START} keys have the same start.`);
      }
    } else {
      sameStart = 1;
      if (start < previous.rollingStartIntervalNumber + previous.rollingPeriod) {
        throw badRequest("Keys overlap in time.");
      }
    }
  }
}

function badRequest(message: string): ApiError {
  return new ApiError(400, "bad_request", message);
}
