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
  company: "shortest time among others",
  spending: "how fast savings are spent",
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
  period: { name: "SUSTAINED_SECONDS", unit: "s" },
  jitter: { name: "JITTER_SECONDS", unit: "s" },
  company: { name: "SHORTEST_SECONDS", unit: "s" },
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
export const RELEASED_PLAN: Required<ScanPlan> = { ...RELEASED };

/** Scans at the same pace all the time. */
const evenly = (seconds: number): ScanPlan => ({
  SUSTAINED_SECONDS: seconds,
  ALONE_SECONDS: seconds,
  SHORTEST_SECONDS: seconds,
});

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
    ...[120, 160, 200, 300, 360, 480, 600].map((seconds): Trial => {
      const inProportion = (released: number): number =>
        Math.round((released * seconds) / RELEASED.SUSTAINED_SECONDS);
      return {
        family: "period",
        name: `${seconds} s`,
        plan: {
          SUSTAINED_SECONDS: seconds,
          ALONE_SECONDS: inProportion(RELEASED.ALONE_SECONDS),
          SHORTEST_SECONDS: inProportion(RELEASED.SHORTEST_SECONDS),
        },
      };
    }),
    ...[1, 10, 60].map(
      (seconds): Trial => ({
        family: "jitter",
        name: `±${seconds} s`,
        plan: { JITTER_SECONDS: seconds },
      }),
    ),
    ...[60, 150, 200, RELEASED.SUSTAINED_SECONDS].map(
      (seconds): Trial => ({
        family: "company",
        name: `${seconds} s`,
        plan: { SHORTEST_SECONDS: seconds },
      }),
    ),
    ...[4, 5, 7, 8].map(
      (shift): Trial => ({
        family: "spending",
        name: `1/${2 ** shift} each time`,
        plan: { SAVINGS_SHIFT: shift },
      }),
    ),
    ...[-95, -80, -74].map(
      (dBm): Trial => ({
        family: "nearness",
        name: `−${-dBm} dBm`,
        plan: { NEAR_RSSI: dBm },
      }),
    ),
    {
      family: "solitude",
      name: "none, the same pace all the time",
      plan: evenly(RELEASED.SUSTAINED_SECONDS),
    },
    ...[10, 20, 60, 120].flatMap((scans) =>
      [270, 300, 400, 540].map(
        (seconds): Trial => ({
          family: "solitude",
          name: `${seconds} s after ${scans} scans alone`,
          plan: { ALONE_SCANS: scans, ALONE_SECONDS: seconds },
        }),
      ),
    ),
    {
      family: "phones",
      name: "4 s each 300 s",
      plan: { ...evenly(300), SCAN_MILLISECONDS: 4000 },
    },
  ];
  return [
    { family: "release", name: "as released", plan: {} },
    ...others.filter(({ plan }) =>
      Object.entries({ ...RELEASED_PLAN, ...plan }).some(
        ([name, value]) => RELEASED_PLAN[name as keyof ScanPlan] !== value,
      ),
    ),
  ];
}

/** What a schedule is called among all. */
export function trialName({ family, name }: Trial): string {
  return family === "release" ? FAMILIES.release : `${FAMILIES[family]}: ${name}`;
}
