/**
 * Groups matches into exposure windows of at most 30 minutes with one person, which is what risk models work
 * on. Source: Exposure Notifications API, `ExposureWindow`.
 *
 * @module
 */
import { dayOf } from "../../protocol/intervals.ts";
import { type Infectiousness, infectiousnessOf } from "./infectiousness.ts";
import type { Match } from "./match-log.ts";

const WINDOW_INTERVALS = 3;

/** One received beacon that was sent with a published key. */
export interface MatchedSighting {
  /** Tells matches of different wearers and days apart; has no meaning beyond that. */
  readonly group: number;
  /** Unix seconds. */
  readonly time: number;
  /** When the scan before this one ended, in Unix seconds; 0 when that is not known. */
  readonly previousScan: number;
  /** In dB, at least 0. */
  readonly attenuation: number;
  /** Calibration confidence of the sender, 0 lowest..3 high. */
  readonly calibrationConfidence: number;
  readonly reportType: number;
  readonly daysSinceOnsetOfSymptoms: number | undefined;
}

/** A stretch of time near one person. */
export interface ScanInstance {
  /** Mean attenuation in dB. */
  readonly typicalAttenuation: number;
  /** Least attenuation in dB. */
  readonly minAttenuation: number;
  readonly secondsSinceLastScan: number;
}

/** Up to 30 minutes with one person, nobody knows whom. */
export interface ExposureWindow {
  /** UTC day in days since 1970. */
  readonly day: number;
  readonly reportType: number;
  readonly infectiousness: Infectiousness;
  readonly calibrationConfidence: number;
  readonly scanInstances: readonly ScanInstance[];
}

/** Builds the windows, in order of time. */
export function exposureWindows(matches: readonly Match[]): ExposureWindow[] {
  const sorted = [...matches].sort((a, b) => a.group - b.group || a.interval - b.interval);
  const windows: { first: Match; matches: Match[] }[] = [];
  for (const match of sorted) {
    const open = windows.at(-1);
    const fits =
      open?.first.group === match.group && match.interval < open.first.interval + WINDOW_INTERVALS;
    if (open && fits) open.matches.push(match);
    else windows.push({ first: match, matches: [match] });
  }
  return windows
    .sort((a, b) => a.first.interval - b.first.interval)
    .map(({ first, matches: parts }) => ({
      day: dayOf(first.interval),
      reportType: first.reportType,
      infectiousness: infectiousnessOf(first.daysSinceOnsetOfSymptoms),
      calibrationConfidence: first.calibrationConfidence,
      scanInstances: parts.map((part) => ({
        typicalAttenuation: part.typicalAttenuation,
        minAttenuation: part.minAttenuation,
        secondsSinceLastScan: part.minutes * 60,
      })),
    }));
}
