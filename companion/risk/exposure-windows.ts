/**
 * Groups matches into exposure windows of at most 30 minutes with one person, which is what risk models work
 * on. Source: Exposure Notifications API, `ExposureWindow`, and google/exposure-notifications-internals. Unlike there,
 * windows are not shuffled: nothing but a model sees them.
 *
 * @module
 */
import { dayOf, intervalAt, intervalStart } from "../../protocol/intervals.ts";
import type { Match } from "../matching/match-log.ts";
import type { Infectiousness } from "./infectiousness.ts";
import {
  EXPRESS_KEYS,
  type KeyReport,
  type KeysDataMapping,
  type MappedReport,
  mapReport,
  type ReportType,
} from "./keys-data-mapping.ts";
import { roundHalfUp } from "./rounding.ts";

const WINDOW_SECONDS = 1800;
/** Sightings no further apart are of one scan: one and a half times the longest scan, which takes 4 + 13 s. */
const SCAN_SECONDS = 25.5;
/** A scan stands for no more minutes than these, and for these when the one before it is unknown. */
const MOST_MINUTES = 5;
const USUAL_MINUTES = 2;

/** A stretch of time near one person. */
export interface ScanInstance {
  /** Mean attenuation in dB, rounded half up. */
  readonly typicalAttenuation: number;
  /** Least attenuation in dB. */
  readonly minAttenuation: number;
  /** May be 0, and negative when a clock was set back. */
  readonly secondsSinceLastScan: number;
}

/** Up to 30 minutes with one person, nobody knows whom. */
export interface ExposureWindow {
  /** UTC day in days since 1970. */
  readonly day: number;
  readonly reportType: ReportType;
  readonly infectiousness: Infectiousness;
  /** Of the sender's transmit power, 0 lowest..3 high. */
  readonly calibrationConfidence: number;
  readonly scanInstances: readonly ScanInstance[];
}

/** A received beacon of a published key, by a device that stores each of them. */
export interface MatchedSighting extends KeyReport {
  /** Tells sightings of different keys apart; has no meaning beyond that. */
  readonly group: number;
  /** Unix seconds. */
  readonly time: number;
  /** When the scan before this one ended, in Unix seconds; 0 if unknown. */
  readonly previousScan: number;
  /** Transmit power minus RSSI in dB, at least 0. */
  readonly attenuation: number;
  /** Of the sender's transmit power, 0 lowest..3 high. */
  readonly calibrationConfidence: number;
}

/** Builds the windows of a token's records, in order of time. */
export function exposureWindows(
  matches: readonly Match[],
  mapping: KeysDataMapping = EXPRESS_KEYS,
): ExposureWindow[] {
  return windowsOf(matches, mapping, ({ interval }) => intervalStart(interval), scansOfRecords);
}

/** Builds the windows of single sightings, in order of time. */
export function windowsOfSightings(
  sightings: readonly MatchedSighting[],
  mapping: KeysDataMapping = EXPRESS_KEYS,
): ExposureWindow[] {
  return windowsOf(sightings, mapping, ({ time }) => time, scansOfSightings);
}

type Groupable = KeyReport & { readonly group: number; readonly calibrationConfidence: number };

function windowsOf<T extends Groupable>(
  all: readonly T[],
  mapping: KeysDataMapping,
  timeOf: (each: T) => number,
  scansOf: (parts: readonly T[]) => ScanInstance[],
): ExposureWindow[] {
  const sorted = [...all].sort((a, b) => a.group - b.group || timeOf(a) - timeOf(b));
  const windows: { report: MappedReport; first: T; parts: T[] }[] = [];
  for (const each of sorted) {
    const report = mapReport(each, mapping);
    if (!report) continue;
    const open = windows.at(-1);
    const fits =
      open?.first.group === each.group && timeOf(each) - timeOf(open.first) < WINDOW_SECONDS;
    if (open && fits) open.parts.push(each);
    else windows.push({ report, first: each, parts: [each] });
  }
  return windows
    .sort((a, b) => timeOf(a.first) - timeOf(b.first))
    .map(({ report, first, parts }) => ({
      day: dayOf(intervalAt(timeOf(first))),
      ...report,
      calibrationConfidence: first.calibrationConfidence,
      scanInstances: scansOf(parts),
    }));
}

// A record is what a token heard within five minutes, which may stand for nine, or for more once records were joined.
function scansOfRecords(records: readonly Match[]): ScanInstance[] {
  return records.map(({ typicalAttenuation, minAttenuation, minutes }) => ({
    typicalAttenuation,
    minAttenuation,
    secondsSinceLastScan: minutes * 60,
  }));
}

function scansOfSightings(sightings: readonly MatchedSighting[]): ScanInstance[] {
  const scans: MatchedSighting[][] = [];
  let previous: MatchedSighting | undefined;
  for (const sighting of sightings) {
    const open = scans.at(-1);
    if (open && previous && sighting.time - previous.time <= SCAN_SECONDS) open.push(sighting);
    else scans.push([sighting]);
    previous = sighting;
  }
  return scans.map((scan) => {
    const attenuations = scan.map(({ attenuation }) => attenuation);
    const sum = attenuations.reduce((total, attenuation) => total + attenuation, 0);
    return {
      typicalAttenuation: roundHalfUp(sum / attenuations.length, 0),
      minAttenuation: Math.min(...attenuations),
      secondsSinceLastScan: secondsSinceLastScan(scan[0] as MatchedSighting),
    };
  });
}

// Between the minutes on the clock, not the moments.
function secondsSinceLastScan({ time, previousScan }: MatchedSighting): number {
  if (previousScan === 0) return USUAL_MINUTES * 60;
  const minutes = Math.floor(time / 60) - Math.floor(previousScan / 60);
  return Math.min(MOST_MINUTES, minutes) * 60;
}
