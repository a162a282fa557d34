/**
 * Groups matches into exposure windows of at most 30 minutes with one person, which is what risk models work
 * on. Source: Exposure Notifications API, `ExposureWindow`.
 *
 * @module
 */
import { dayOf } from "../../protocol/intervals.ts";
import { type Infectiousness, infectiousnessOf } from "./infectiousness.ts";
import type { Match } from "./matcher.ts";

const WINDOW_INTERVALS = 3;

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
