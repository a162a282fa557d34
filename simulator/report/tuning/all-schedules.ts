/**
 * @module
 */
import { byDraw, frontierOf, isPrecise } from "../../tune/frontier.ts";
import { isRelease } from "../../tune/release.ts";
import { trialName } from "../../tune/trials.ts";
import { MINUTES, type Tuning } from "../../tune/tuning.ts";
import type { Figure } from "../figure.ts";
import { charge, percent, percentWithin } from "../numbers.ts";

/** A table of everything that was tried. */
export function allSchedules({ tried, seeds, stillness }: Tuning): Figure {
  const id = "schedules";
  const heading = "All schedules";
  if (tried.length === 0) return { id, heading, says: "No schedule was tried." };
  const frontier = new Set(frontierOf(tried));
  const rows = byDraw(tried).map((each) => {
    const { trial, draw, scanning, recall, precision } = each;
    const place = [
      ...(frontier.has(each) ? ["frontier"] : []),
      ...(isPrecise(each) ? [] : ["not precise enough"]),
      ...(isRelease(each) ? ["release"] : []),
    ];
    return [
      trialName(trial),
      charge(draw.mean),
      charge(scanning.mean),
      percentWithin(recall, seeds.length),
      percentWithin(precision, seeds.length),
      place.join(", "),
    ];
  });
  const bound = stillness && [
    "stillness by accelerometer, at best",
    `at least ${charge(stillness.draw)}`,
    "not run",
    `at most ${percent(stillness.recall)}`,
    "not run",
    "bound",
  ];
  return {
    id,
    heading,
    says: "The most frugal first. Whatever a name does not say is as in the release.",
    table: {
      caption: `Charge, and recall and precision of contacts of ${MINUTES} minutes or more`,
      columns: [
        "Schedule",
        "mAh a day",
        "scanning",
        `Recall${seeds.length > 1 ? " (95 % interval)" : ""}`,
        `Precision${seeds.length > 1 ? " (95 % interval)" : ""}`,
        "Place",
      ],
      rows: [...rows, ...(bound ? [bound] : [])],
    },
  };
}
