import { medianAttenuation } from "../air/path-loss.ts";
import { SHADOWING_SPREAD } from "../air/shadowing.ts";
import { CONTACT_METRES } from "../scenarios/scenario.ts";

/**
 * Up to which mean attenuation, in dB, a sighting counts as one within 2 m: the median of two who face each other there, and one
 * standard deviation of shadowing more, so that most of those who are nearer stay below it. It follows from the radio model and
 * from no trace.
 */
export const THRESHOLD_DECIBELS = Math.round(medianAttenuation(CONTACT_METRES) + SHADOWING_SPREAD);
