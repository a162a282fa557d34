/**
 * The schedules that `saqbol-sim tune` compares: the release's, and others that differ from it in one matter.
 *
 * @module
 */
import type { ScanPlan } from "../../firmware/build/bundle.ts";
import * as RELEASED from "../../firmware/scan-plan.ts";

/** What a schedule is about. */
export const FAMILIES = {
  release: "as released",
  length: "length of a scan",
  period: "time between scans",
  jitter: "variation of that time",
  arrival: "scans when somebody comes",
  nearness: "who counts as near",
  solitude: "fewer scans when alone",
  phones: "as phones scan",
} as const;

/** One of {@link FAMILIES}. */
export type Family = keyof typeof FAMILIES;

/** Families whose schedules are told apart by a single number of the plan, and its unit. */
export const NUMBERED: Partial<
  Record<Family, { readonly name: keyof typeof RELEASED; readonly unit: string }>
> = {
  length: { name: "SCAN_MILLISECONDS", unit: "ms" },
  period: { name: "PERIOD_SECONDS", unit: "s" },
  jitter: { name: "JITTER_SECONDS", unit: "s" },
  nearness: { name: "NEAR_RSSI", unit: "dBm" },
};

/** One schedule. */
export interface Trial {
  readonly family: Family;
  /** In a few words. */
  readonly name: string;
  /** Numbers of `firmware/scan-plan.ts` that differ from the release's. */
  readonly plan: ScanPlan;
}

/** All numbers of the release. */
export const RELEASED_PLAN: ScanPlan = { ...RELEASED };

/** Quick scans at the same pace as all others are none. */
const NEVER_QUICK = 0;

/** All trials, the release first, and none that is the same as the release. */
export function allTrials(): Trial[] {
  const others: Trial[] = [
    ...[200, 250, 290, 400, 560, 840].map(
      (milliseconds): Trial => ({
        family: "length",
        name: `${milliseconds} ms`,
        plan: { SCAN_MILLISECONDS: milliseconds },
      }),
    ),
    ...[60, 90, 150, 200, 240, 300, 360, 480, 600].map(
      (seconds): Trial => ({
        family: "period",
        name: `${seconds} s`,
        // Scans that follow quickly are not to be slower than others.
        plan: {
          PERIOD_SECONDS: seconds,
          ...(seconds < RELEASED.QUICK_SECONDS && { QUICK_SECONDS: seconds }),
        },
      }),
    ),
    ...[1, 10, 60].map(
      (seconds): Trial => ({
        family: "jitter",
        name: `±${seconds} s`,
        plan: { JITTER_SECONDS: seconds },
      }),
    ),
    { family: "arrival", name: "none", plan: { QUICK_SCANS: NEVER_QUICK } },
    ...[1, 2, 3, 5, 20].flatMap((scans) =>
      [60, 90, 150].map(
        (seconds): Trial => ({
          family: "arrival",
          name: `${scans} each ${seconds} s`,
          plan: { QUICK_SCANS: scans, QUICK_SECONDS: seconds },
        }),
      ),
    ),
    ...[-95, -80, -74].map(
      (dBm): Trial => ({
        family: "nearness",
        name: `−${-dBm} dBm`,
        plan: { NEAR_RSSI: dBm },
      }),
    ),
    ...[4, 20].flatMap((scans) =>
      [400, 540].map(
        (seconds): Trial => ({
          family: "solitude",
          name: `${seconds} s after ${scans} scans alone`,
          plan: { LONE_SCANS: scans, LONE_SECONDS: seconds },
        }),
      ),
    ),
    {
      family: "phones",
      name: "4 s each 300 s",
      plan: { PERIOD_SECONDS: 300, SCAN_MILLISECONDS: 4000, QUICK_SCANS: NEVER_QUICK },
    },
  ];
  return [
    { family: "release", name: "as released", plan: {} },
    ...others.filter(({ plan }) =>
      Object.entries(plan).some(([name, value]) => RELEASED_PLAN[name] !== value),
    ),
  ];
}

/** What a schedule is called among all. */
export function trialName({ family, name }: Trial): string {
  return family === "release" ? FAMILIES.release : `${FAMILIES[family]}: ${name}`;
}
