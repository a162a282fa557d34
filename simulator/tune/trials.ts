/**
 * The schedules that `saqbol-sim tune` compares: the release's, and others that differ in one matter.
 *
 * @module
 */
import type { ScanPlan } from "../../firmware/build/bundle.ts";

/** One schedule. */
export interface Trial {
  /** What it is about. */
  readonly family:
    | "release"
    | "length"
    | "period"
    | "jitter"
    | "solitude"
    | "nearness"
    | "stillness";
  /** In a few words. */
  readonly name: string;
  /** Numbers of `firmware/scan-plan.ts` that differ from the release's. */
  readonly plan: ScanPlan;
}

const SECONDS = [60, 100, 150, 200, 270, 400, 540];

/** All trials, the release first. */
export function allTrials(): Trial[] {
  return [
    { family: "release", name: "as released", plan: {} },
    ...[200, 290, 400, 560, 840, 4000].map(
      (milliseconds): Trial => ({
        family: "length",
        name: `${milliseconds} ms`,
        plan: { SCAN_MILLISECONDS: milliseconds },
      }),
    ),
    ...SECONDS.map(
      (seconds): Trial => ({
        family: "period",
        name: `always ${seconds} s`,
        plan: { ALONE_SECONDS: seconds, NEAR_SECONDS: seconds },
      }),
    ),
    ...[1, 10, 60, 100].map(
      (seconds): Trial => ({
        family: "jitter",
        name: `±${seconds} s`,
        plan: { JITTER_SECONDS: seconds },
      }),
    ),
    ...[150, 270, 400, 540].flatMap((alone) =>
      [100, 150, 200].map(
        (near): Trial => ({
          family: "solitude",
          name: `alone ${alone} s, near ${near} s`,
          plan: { ALONE_SECONDS: alone, NEAR_SECONDS: near },
        }),
      ),
    ),
    ...[-95, -85, -65].map(
      (dBm): Trial => ({
        family: "nearness",
        name: `near from ${dBm} dBm`,
        plan: { NEAR_RSSI: dBm },
      }),
    ),
    ...[3, 8].flatMap((scans) =>
      [270, 400].map(
        (seconds): Trial => ({
          family: "stillness",
          name: `after ${scans} scans in company ${seconds} s`,
          plan: { SETTLED_SCANS: scans, SETTLED_SECONDS: seconds },
        }),
      ),
    ),
  ];
}
