/**
 * The picture of schedules: one HTML file with everything in it.
 *
 * @module
 */
import type { Tuning } from "../tune/tuning.ts";
import { renderPage } from "./page.ts";
import { program } from "./program.ts";
import { allSchedules } from "./tuning/all-schedules.ts";
import { familiesAlone } from "./tuning/families.ts";
import { precisionAgainstCharge } from "./tuning/precision-against-charge.ts";
import { recallAgainstCharge } from "./tuning/recall-against-charge.ts";
import { tuningFoot } from "./tuning/tuning-foot.ts";
import { tuningHead } from "./tuning/tuning-head.ts";

/**
 * Draws what schedules find against what they cost.
 *
 * @returns an HTML document
 * @throws Failure `report-missing` when the charts' script is not built
 */
export function renderFrontier(tuning: Tuning): string {
  return renderPage({
    title: `${tuning.title}: schedules of scanning compared`,
    head: tuningHead(tuning),
    figures: [recallAgainstCharge, precisionAgainstCharge, familiesAlone, allSchedules].map(
      (figure) => figure(tuning),
    ),
    foot: tuningFoot(tuning, program()),
  });
}
