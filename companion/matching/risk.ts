/**
 * A first risk model: that of the Corona-Warn-App with its published default parameters
 * (risk-calculation-parameters 1.15), without filters.
 *
 * @module
 */
import type { ExposureWindow } from "./exposure-windows.ts";

/** Risk of a day or in all. */
export type RiskLevel = "none" | "low" | "high";

/** What a wearer is told about one day. */
export interface ExposureDay {
  /** UTC day in days since 1970. */
  readonly day: number;
  readonly level: "low" | "high";
  /** Minutes near infected people, each counted. */
  readonly minutes: number;
  /** Mean attenuation in dB, weighted by time. */
  readonly attenuationDb: number;
}

/** The outcome of a check. */
export interface Risk {
  readonly level: RiskLevel;
  /** Days with an exposure, the latest first. */
  readonly days: readonly ExposureDay[];
}

/** Weight of a minute by least attenuation in dB: below the first bound, below the second, ... */
const ATTENUATION_WEIGHTS = [
  [63, 0.8],
  [73, 1],
  [79, 0.1],
] as const;
/** By report type: what is added to infectiousness to give the transmission risk level, 1..8. */
const REPORT_TYPE_OFFSETS: Readonly<Record<number, number>> = { 1: 6, 2: 4, 3: 2, 4: 0 };
/** Value of a transmission risk level, 1..8. */
const TRANSMISSION_RISK_VALUES = [0, 0, 0.6, 0.8, 1, 1.2, 1.4, 1.6] as const;
/** Weighted minutes of a day from which its risk is low, and high. */
const LOW_FROM = 5;
const HIGH_FROM = 9;

/** Assesses exposure windows. */
export function assessRisk(windows: readonly ExposureWindow[]): Risk {
  const days = new Map<number, ExposureWindow[]>();
  for (const window of windows) days.set(window.day, [...(days.get(window.day) ?? []), window]);

  const exposed: ExposureDay[] = [];
  for (const [day, itsWindows] of days) {
    const infectious = itsWindows.filter((window) => window.infectiousness > 0);
    const sum = infectious.reduce((total, window) => total + normalizedTime(window), 0);
    // Rounded half up to one decimal, as the published model does before it compares.
    const rounded = Math.round(sum * 10) / 10;
    if (rounded < LOW_FROM) continue;
    const level = rounded >= HIGH_FROM ? "high" : "low";
    exposed.push({ day, level, ...timeAndAttenuation(infectious) });
  }
  exposed.sort((a, b) => b.day - a.day);
  const level = exposed.some((each) => each.level === "high") ? "high" : exposed[0]?.level;
  return { level: level ?? "none", days: exposed };
}

/** The day that a wearer is told of: the latest one of the highest level; undefined without risk. */
export function decisiveDay(risk: Risk): ExposureDay | undefined {
  return risk.days.find((day) => day.level === risk.level);
}

function normalizedTime(window: ExposureWindow): number {
  const offset = REPORT_TYPE_OFFSETS[window.reportType] ?? REPORT_TYPE_OFFSETS[3]!;
  const level = offset + (window.infectiousness === 2 ? 2 : 1);
  const value = TRANSMISSION_RISK_VALUES[level - 1] ?? 0;
  const seconds = window.scanInstances.reduce(
    (sum, scan) => sum + Math.max(0, scan.secondsSinceLastScan) * weightOf(scan.minAttenuation),
    0,
  );
  return (value * seconds) / 60;
}

/** How much a minute counts at an attenuation in dB: 0..1. */
export function weightOf(attenuation: number): number {
  return ATTENUATION_WEIGHTS.find(([bound]) => attenuation < bound)?.[1] ?? 0;
}

function timeAndAttenuation(
  windows: readonly ExposureWindow[],
): Pick<ExposureDay, "minutes" | "attenuationDb"> {
  let seconds = 0;
  let weighted = 0;
  for (const scan of windows.flatMap((window) => window.scanInstances)) {
    if (weightOf(scan.minAttenuation) === 0) continue;
    seconds += scan.secondsSinceLastScan;
    weighted += scan.secondsSinceLastScan * scan.typicalAttenuation;
  }
  return { minutes: Math.round(seconds / 60), attenuationDb: Math.round(weighted / seconds) };
}
