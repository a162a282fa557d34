import { bodyLoss, medianAttenuation } from "../air/path-loss.ts";
import { CONTACT_METRES } from "../scenarios/scenario.ts";

const BEHIND = 180;

/**
 * Up to which mean attenuation, in dB, a contact counts as one within 2 m: two at that distance, of whom one has turned the
 * back. It follows from the radio model and from no trace.
 */
export const THRESHOLD_DECIBELS = Math.round(medianAttenuation(CONTACT_METRES) + bodyLoss(BEHIND));
