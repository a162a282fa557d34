/**
 * Daily summaries as a risk model. Source: Exposure Notifications API v2, `DailySummariesConfig` and `DailySummary`,
 * and google/exposure-notifications-internals; only how summaries become levels is ours.
 *
 * @module
 */
import type { DailySummariesConfiguration } from "./daily-summaries-schema.ts";
import type { ExposureWindow, ScanInstance } from "./exposure-windows.ts";
import type { KeysDataMapping, ReportType } from "./keys-data-mapping.ts";
import { createRiskModel, type JudgedDay, type RiskLevel, type RiskModel } from "./risk.ts";
import { settled } from "./rounding.ts";

/** What a day's windows come to. Where all weights are 1, these are seconds. */
export interface ExposureSummary {
  readonly maximumScore: number;
  readonly scoreSum: number;
  /** Seconds, weighted by attenuation alone. */
  readonly weightedDurationSum: number;
}

/** One day's summary; zeros when none of its windows has the least score. */
export interface DailySummary {
  readonly summary: ExposureSummary;
  readonly byReportType: Readonly<Record<ReportType, ExposureSummary>>;
}

interface ScoredWindow {
  readonly window: ExposureWindow;
  readonly weightedDuration: number;
  readonly score: number;
}

/** Makes the model. */
export function dailySummaries(
  configuration: DailySummariesConfiguration,
  keys: KeysDataMapping,
): RiskModel {
  return createRiskModel({
    keys,
    maxAgeInDays: configuration.daysSinceExposureThreshold || Number.POSITIVE_INFINITY,
    judgeDay: (windows) => judgeDay(windows, configuration),
  });
}

function judgeDay(
  windows: readonly ExposureWindow[],
  configuration: DailySummariesConfiguration,
): JudgedDay {
  const scored = windows
    .map((window) => scoreOf(window, configuration))
    .filter(({ score }) => score >= configuration.minimumWindowScore);
  const of = (reportType: ReportType): ExposureSummary =>
    summaryOf(scored.filter(({ window }) => window.reportType === reportType));
  const figures: DailySummary = {
    summary: summaryOf(scored),
    byReportType: { 1: of(1), 2: of(2), 3: of(3), 4: of(4) },
  };
  const counted = scored
    .filter(({ score }) => score > 0)
    .flatMap(({ window }) => window.scanInstances)
    .filter((scan) => bucketWeight(scan, configuration) > 0);
  return { findings: { level: levelOf(figures, configuration), figures }, counted };
}

function scoreOf(window: ExposureWindow, configuration: DailySummariesConfiguration): ScoredWindow {
  const weightedDuration = settled(
    window.scanInstances.reduce(
      (sum, scan) => sum + scan.secondsSinceLastScan * bucketWeight(scan, configuration),
      0,
    ),
  );
  const reportTypeWeight = configuration.reportTypeWeights[window.reportType];
  const infectiousnessWeight =
    window.infectiousness === 0 ? 0 : configuration.infectiousnessWeights[window.infectiousness];
  const score = settled(weightedDuration * reportTypeWeight * infectiousnessWeight);
  return { window, weightedDuration, score };
}

function bucketWeight(
  { typicalAttenuation }: ScanInstance,
  configuration: DailySummariesConfiguration,
): number {
  const { attenuationBucketThresholdDb, attenuationBucketWeights } = configuration;
  const bucket = attenuationBucketThresholdDb.findIndex((most) => typicalAttenuation <= most);
  return attenuationBucketWeights.at(bucket) as number;
}

function summaryOf(scored: readonly ScoredWindow[]): ExposureSummary {
  return {
    maximumScore: scored.reduce((most, { score }) => Math.max(most, score), 0),
    scoreSum: settled(scored.reduce((sum, { score }) => sum + score, 0)),
    weightedDurationSum: settled(
      scored.reduce((sum, { weightedDuration }) => sum + weightedDuration, 0),
    ),
  };
}

function levelOf(
  { summary: { scoreSum } }: DailySummary,
  { levels }: DailySummariesConfiguration,
): RiskLevel {
  if (scoreSum >= levels.highFromScoreSum) return "high";
  return scoreSum >= levels.lowFromScoreSum ? "low" : "none";
}
