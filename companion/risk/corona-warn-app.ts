/**
 * The risk model of the Corona-Warn-App. Source: its risk calculation on exposure windows, with the configuration
 * risk-calculation-parameters 1.15 of corona-warn-app/cwa-server.
 *
 * @module
 */
import type { CoronaWarnAppConfiguration, LevelRule, Range } from "./corona-warn-app-schema.ts";
import type { ExposureWindow, ScanInstance } from "./exposure-windows.ts";
import type { KeysDataMapping, ReportType } from "./keys-data-mapping.ts";
import { createRiskModel, type JudgedDay, type RiskModel } from "./risk.ts";
import { roundHalfUp, settled } from "./rounding.ts";

type Level = "low" | "high";
/** Risk levels as the configuration counts them. */
const LEVELS = { 1: "low", 2: "high" } as const;

interface JudgedWindow {
  readonly window: ExposureWindow;
  readonly transmissionRiskLevel: number;
  readonly transmissionRiskValue: number;
  /** Weighted minutes. */
  readonly normalizedTime: number;
  readonly level: Level;
}

/** Makes the model. */
export function coronaWarnApp(
  configuration: CoronaWarnAppConfiguration,
  keys: KeysDataMapping,
): RiskModel {
  return createRiskModel({
    keys,
    maxAgeInDays: configuration.maxEncounterAgeInDays,
    judgeDay: (windows) => judgeDay(windows, configuration),
  });
}

/** How much a minute counts at a least attenuation in dB. */
export function weightOf(
  minAttenuation: number,
  { minutesAtAttenuationWeights }: CoronaWarnAppConfiguration,
): number {
  const found = minutesAtAttenuationWeights.find(({ attenuationRange }) =>
    isIn(attenuationRange, minAttenuation),
  );
  return found?.weight ?? 0;
}

function judgeDay(
  windows: readonly ExposureWindow[],
  configuration: CoronaWarnAppConfiguration,
): JudgedDay | undefined {
  const judged = windows.flatMap((window) => judgeWindow(window, configuration) ?? []);
  if (!judged.length) return undefined;
  const sum = judged.reduce((total, { normalizedTime }) => total + normalizedTime, 0);
  const normalizedTime = roundHalfUp(sum, 1);
  const level = levelAt(normalizedTime, configuration.normalizedTimePerDayToRiskLevelMapping);
  if (!level) return undefined;
  const encounters = { low: encountersOf("low", judged), high: encountersOf("high", judged) };
  const counted = judged
    .filter(({ transmissionRiskValue }) => transmissionRiskValue > 0)
    .flatMap(({ window }) => window.scanInstances)
    .filter(({ minAttenuation }) => weightOf(minAttenuation, configuration) > 0);
  return { findings: { level, encounters, figures: { normalizedTime } }, counted };
}

// Undefined when the window is filtered out, or its time has no level.
function judgeWindow(
  window: ExposureWindow,
  configuration: CoronaWarnAppConfiguration,
): JudgedWindow | undefined {
  const isFiltered = configuration.minutesAtAttenuationFilters.some(
    ({ attenuationRange, dropIfMinutesInRange }) => {
      const inRange = ({ minAttenuation }: ScanInstance) => isIn(attenuationRange, minAttenuation);
      const seconds = window.scanInstances.filter(inRange).map(secondsOf);
      return isIn(dropIfMinutesInRange, seconds.reduce((sum, each) => sum + each, 0) / 60);
    },
  );
  if (isFiltered) return undefined;

  const transmissionRiskLevel = transmissionRiskLevelOf(window, configuration);
  const { trlFilters } = configuration;
  if (trlFilters.some((filter) => isIn(filter.dropIfTrlInRange, transmissionRiskLevel))) {
    return undefined;
  }

  const transmissionRiskValue =
    configuration.transmissionRiskValueMapping.find(
      (entry) => entry.transmissionRiskLevel === transmissionRiskLevel,
    )?.transmissionRiskValue ?? 0;
  const weightedSeconds = window.scanInstances.reduce(
    (sum, scan) => sum + secondsOf(scan) * weightOf(scan.minAttenuation, configuration),
    0,
  );
  const normalizedTime = settled((transmissionRiskValue * weightedSeconds) / 60);
  const level = levelAt(normalizedTime, configuration.normalizedTimePerEWToRiskLevelMapping);
  if (!level) return undefined;
  return { window, transmissionRiskLevel, transmissionRiskValue, normalizedTime, level };
}

function transmissionRiskLevelOf(
  { reportType, infectiousness }: ExposureWindow,
  { trlEncoding }: CoronaWarnAppConfiguration,
): number {
  const byReportType: Readonly<Record<ReportType, number>> = {
    1: trlEncoding.reportTypeOffsetConfirmedTest,
    2: trlEncoding.reportTypeOffsetConfirmedClinicalDiagnosis,
    3: trlEncoding.reportTypeOffsetSelfReport,
    4: trlEncoding.reportTypeOffsetRecursive,
  };
  const byInfectiousness =
    infectiousness === 2
      ? trlEncoding.infectiousnessOffsetHigh
      : trlEncoding.infectiousnessOffsetStandard;
  return byReportType[reportType] + byInfectiousness;
}

// After a change of the clock it may be negative.
function secondsOf({ secondsSinceLastScan }: ScanInstance): number {
  return Math.max(0, secondsSinceLastScan);
}

// Windows of one level that differ in transmission risk level or confidence are of different people.
function encountersOf(level: Level, windows: readonly JudgedWindow[]): number {
  const distinct = windows
    .filter((each) => each.level === level)
    .map((each) => `${each.transmissionRiskLevel} ${each.window.calibrationConfidence}`);
  return new Set(distinct).size;
}

function levelAt(normalizedTime: number, rules: readonly LevelRule[]): Level | undefined {
  const rule = rules.find(({ normalizedTimeRange }) => isIn(normalizedTimeRange, normalizedTime));
  return rule && LEVELS[rule.riskLevel];
}

function isIn({ min, max, minExclusive, maxExclusive }: Range, value: number): boolean {
  return (minExclusive ? value > min : value >= min) && (maxExclusive ? value < max : value <= max);
}
