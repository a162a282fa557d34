/**
 * @module
 */
import type { Findings } from "../../findings/findings.ts";
import type { Figure } from "../figure.ts";
import { attenuation } from "./attenuation.ts";
import { batteryLife } from "./battery-life.ts";
import { durationError } from "./duration-error.ts";
import { energy } from "./energy.ts";
import { heatMap } from "./heat-map.ts";
import { logFill } from "./log-fill.ts";
import { recallByDistance, recallByDuration } from "./recall.ts";
import { speed } from "./speed.ts";
import { thresholds } from "./thresholds.ts";
import { timeline } from "./timeline.ts";
import { warning } from "./warning.ts";

/** The report's figures, in their order. */
export const FIGURES: readonly ((findings: Findings) => Figure)[] = [
  heatMap,
  recallByDuration,
  recallByDistance,
  thresholds,
  durationError,
  attenuation,
  energy,
  batteryLife,
  logFill,
  warning,
  timeline,
  speed,
];
