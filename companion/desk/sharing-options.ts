/**
 * What goes with keys that are published, checked before anything is asked of token or servers.
 *
 * @module
 */
import { Failure } from "../failure.ts";
import type { ShareOptions } from "../visit/share-visit.ts";
import { onsetDate, pastDate, type SharingDate } from "../visit/sharing-dates.ts";
import type { ShareInput } from "./desk-api.ts";

/** @param now - Unix seconds @throws Failure `onset-invalid`, `since-invalid` */
export function sharingOptions(
  { symptomOnset, traveler, since }: ShareInput,
  now: number,
): ShareOptions {
  return {
    traveler,
    symptomOnsetInterval:
      symptomOnset === undefined
        ? undefined
        : intervalOf(onsetDate(symptomOnset, now), "onset-invalid", "on which symptoms began"),
    since:
      since === undefined
        ? undefined
        : intervalOf(pastDate(since, now), "since-invalid", "of the earlier visit"),
  };
}

function intervalOf(date: SharingDate, code: string, which: string): number {
  if ("interval" in date) return date.interval;
  throw new Failure(code, `The day ${which} ${date.problem}; correct it.`);
}
