import type { ExposureWindow, ScanInstance } from "../../../companion/risk/exposure-windows.ts";

/** The day of the check in these tests. */
export const TODAY = 20_000;

/** A scan instance; 50 dB have the weight 0.8, 65 dB 1, 75 dB 0.1, and 80 dB none in the Corona-Warn-App. */
export const scan = (
  secondsSinceLastScan: number,
  minAttenuation = 65,
  typicalAttenuation = minAttenuation,
): ScanInstance => ({ secondsSinceLastScan, minAttenuation, typicalAttenuation });

/** A window of yesterday; a clinical diagnosis with standard infectiousness has the value 1 a minute. */
export const window = (
  scanInstances: readonly ScanInstance[],
  changes: Partial<ExposureWindow> = {},
): ExposureWindow => ({
  day: TODAY - 1,
  reportType: 2,
  infectiousness: 1,
  calibrationConfidence: 0,
  scanInstances,
  ...changes,
});
