/**
 * What a risk model is, and what a wearer is told of its findings.
 *
 * @module
 */
import type { ExposureWindow, ScanInstance } from "./exposure-windows.ts";
import type { KeysDataMapping } from "./keys-data-mapping.ts";

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

/** What a model finds in a day, for those who set models up; no wearer is told of it. */
export interface DayFindings {
  readonly level: RiskLevel;
  /** At least how many people were met, by the level of the meeting; a model may not count them. */
  readonly encounters?: { readonly low: number; readonly high: number };
  /** The model's own numbers. */
  readonly figures: object;
}

/** A model of risk, with its configuration. */
export interface RiskModel {
  /** How published keys become windows for it. */
  readonly keys: KeysDataMapping;
  /** Assesses windows on the UTC day `today`, in days since 1970. */
  assess(windows: readonly ExposureWindow[], today: number): Risk;
  /** What the assessment comes from, by UTC day in days since 1970, the latest first. */
  examine(windows: readonly ExposureWindow[], today: number): Map<number, DayFindings>;
}

/** A judgement on one day. */
export interface JudgedDay {
  readonly findings: DayFindings;
  /** The scan instances that counted for it. */
  readonly counted: readonly ScanInstance[];
}

/** What makes one model another than the next. */
export interface ModelParts {
  readonly keys: KeysDataMapping;
  /** Windows of days longer ago are ignored. */
  readonly maxAgeInDays: number;
  /** Judges all windows of one day, at least one; undefined when there was nothing on that day. */
  judgeDay(windows: readonly ExposureWindow[]): JudgedDay | undefined;
}

/** Makes a model that judges each day by itself. Windows of nobody infectious are left out. */
export function createRiskModel({ keys, maxAgeInDays, judgeDay }: ModelParts): RiskModel {
  const judge = (windows: readonly ExposureWindow[], today: number): [number, JudgedDay][] => {
    const days = new Map<number, ExposureWindow[]>();
    for (const window of windows) {
      if (window.infectiousness === 0 || today - window.day > maxAgeInDays) continue;
      const sameDay = days.get(window.day);
      if (sameDay) sameDay.push(window);
      else days.set(window.day, [window]);
    }
    return [...days]
      .sort(([a], [b]) => b - a)
      .flatMap(([day, itsWindows]) => {
        const judged = judgeDay(itsWindows);
        return judged ? [[day, judged]] : [];
      });
  };
  return {
    keys,
    assess: (windows, today) => riskOf(judge(windows, today)),
    examine: (windows, today) =>
      new Map(judge(windows, today).map(([day, { findings }]) => [day, findings])),
  };
}

/** The day that a wearer is told of: the latest one of the highest level; undefined without risk. */
export function decisiveDay(risk: Risk): ExposureDay | undefined {
  return risk.days.find((day) => day.level === risk.level);
}

function riskOf(judged: readonly [number, JudgedDay][]): Risk {
  const days = judged.flatMap(([day, { findings, counted }]): ExposureDay[] => {
    const { level } = findings;
    const told = timeAndAttenuation(counted);
    // Some configurations call a day low on which nobody was near; a wearer cannot be told when that was.
    return level === "none" || !told ? [] : [{ day, level, ...told }];
  });
  const level = days.some((each) => each.level === "high") ? "high" : days[0]?.level;
  return { level: level ?? "none", days };
}

function timeAndAttenuation(
  scans: readonly ScanInstance[],
): Pick<ExposureDay, "minutes" | "attenuationDb"> | undefined {
  let total = 0;
  let weighted = 0;
  for (const { secondsSinceLastScan, typicalAttenuation } of scans) {
    const seconds = Math.max(0, secondsSinceLastScan);
    total += seconds;
    weighted += seconds * typicalAttenuation;
  }
  if (total === 0) return undefined;
  return { minutes: Math.round(total / 60), attenuationDb: Math.round(weighted / total) };
}
