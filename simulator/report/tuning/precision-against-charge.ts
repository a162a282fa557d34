/**
 * @module
 */
import { byDraw } from "../../tune/frontier.ts";
import { releaseIn } from "../../tune/release.ts";
import { trialName } from "../../tune/trials.ts";
import { MINUTES, REQUIRED_PRECISION, type Tried, type Tuning } from "../../tune/tuning.ts";
import type { Figure } from "../figure.ts";
import { charge, interval, percent } from "../numbers.ts";
import { beyondWords, viewOf } from "./scale.ts";
import { legendOf, scatterOf } from "./scatter.ts";

const precisionOf = ({ precision }: Tried): number => precision.mean;

/** How much of what schedules conclude is right, against what they cost. */
export function precisionAgainstCharge(tuning: Tuning): Figure {
  const { tried, seeds } = tuning;
  const release = releaseIn(tried);
  const id = "precision";
  const heading = "Precision against charge";
  if (!release) return { id, heading, says: "No schedule was tried." };
  const view = viewOf(tuning, precisionOf, REQUIRED_PRECISION);
  return {
    id,
    heading,
    says:
      `The same schedules by the share of concluded contacts of ${MINUTES} minutes or more that are right. ` +
      `Of the release's, ${percent(release.precision.mean)} are right.${beyondWords(view, precisionOf)}`,
    chart: {
      label: "Scatter plot of precision by charge a day for each schedule",
      drawing: {
        ...scatterOf(view, ({ precision }) => precision, REQUIRED_PRECISION),
        y: `Precision (${MINUTES} minutes or more)`,
      },
      legend: legendOf(view),
    },
    table: {
      caption: "Precision by charge",
      columns: ["Schedule", "mAh a day", "Precision", "95 % interval"],
      rows: byDraw(tried).map(({ trial, draw, precision }) => [
        trialName(trial),
        charge(draw.mean),
        percent(precision.mean),
        interval(precision, seeds.length, percent),
      ]),
    },
  };
}
