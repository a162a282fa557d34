/**
 * What both reports mean by their figures, as `simulator/findings/judge.ts` judges them.
 *
 * @module
 */
import { EXPOSED_MINUTES, RIGHT_MINUTES } from "../findings/risk-days.ts";
import { CONTACT_METRES } from "../scenarios/scenario.ts";
import type { Term } from "./foot.ts";
import { count } from "./numbers.ts";

/** When a contact is concluded, found and right. @param thresholdDecibels - what the desk takes for 2 m */
export function recognitionTerms(thresholdDecibels: number): readonly Term[] {
  return [
    [
      "Concluded",
      `What this laboratory makes of a token's log, matched as at a clinic desk: sightings that follow each other are one contact, which is taken for one within ${CONTACT_METRES} m when its mean attenuation (how much weaker the signal arrives than it was sent) is at most ${count(thresholdDecibels)} dB.`,
    ],
    [
      "Found (recall)",
      "A true contact of at least so many minutes is found when at least half of its minutes are concluded, from ten minutes before it to ten minutes after it. Recall is the share of true contacts that are found.",
    ],
    [
      "Right (precision)",
      `A concluded contact of at least so many minutes is right when the two really were within ${CONTACT_METRES} m for at least half of its minutes, with the same margin. Precision is the share of concluded contacts that are right.`,
    ],
  ];
}

/** What a desk's risk model shows, as `simulator/findings/risk-days.ts` counts it. */
export const SHOWN_TERM: Term = [
  "Shown at a desk (risk model)",
  `A wearer's day, from midnight to midnight UTC, with one other person: this is what one published key can show. A desk with the default risk model reads the wearer's log and the other's key, published after a positive test, and shows the day when the model calls it high; then the token signals, too. It does not look for contacts as above, but weighs the minutes of the whole day by how strongly the other was heard. Of days with at least ${EXPOSED_MINUTES} minutes within ${CONTACT_METRES} m, the key figure is the share that is shown. A day that is shown is right when the two really were within ${CONTACT_METRES} m for at least ${RIGHT_MINUTES} minutes of it.`,
];

/** Where charge comes from. */
export const CHARGE_MEANING =
  "Worked out from what the firmware did, not measured on hardware: once from the currents that Espruino has published of whole boards, once from those of the chip's parts for as long as each was on. What is stated is the account that gives more.";
