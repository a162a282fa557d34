/**
 * What a wearer is told to do at each level of risk.
 *
 * @module
 */
import type { RiskLevel } from "./risk.ts";

/** Advice in plain English. */
export const ADVICE: Readonly<Record<RiskLevel, string>> = {
  none: "No meeting with an infected person was found. Keep wearing the token and come again.",
  low: "Take care for 14 days: keep your distance, and get tested if you feel ill.",
  high: "Stay at home, avoid meeting others, and call your clinic today to arrange a test.",
};
