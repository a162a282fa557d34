/**
 * @module
 */
import { frontierOf } from "../../tune/frontier.ts";
import { releaseIn } from "../../tune/release.ts";
import type { Bound } from "../../tune/stillness.ts";
import { trialName } from "../../tune/trials.ts";
import {
  MINUTES,
  REQUIRED_PRECISION,
  REQUIRED_RECALL,
  type Tried,
  type Tuning,
} from "../../tune/tuning.ts";
import type { Dot } from "../drawings.ts";
import type { Figure, LegendEntry } from "../figure.ts";
import { charge, countOf, interval, milliampereHours, percent } from "../numbers.ts";
import { beyondWords, viewOf } from "./scale.ts";
import { legendOf, scatterOf } from "./scatter.ts";

const BOUND: LegendEntry = {
  colour: "sign-bound hollow",
  sign: "bound",
  name: "stillness by accelerometer, at best (a bound, not run)",
};
const LEAST_PRECISE = `${100 * REQUIRED_PRECISION}\u00a0%`;

const recallOf = ({ recall }: Tried): number => recall.mean;

/** What schedules find against what they cost, and which no other one beats. */
export function recallAgainstCharge(tuning: Tuning): Figure {
  const { tried, contacts, seeds, stillness } = tuning;
  const release = releaseIn(tried);
  const id = "recall";
  const heading = "Recall against charge";
  if (!release) return { id, heading, says: "No schedule was tried." };
  const view = viewOf(tuning, recallOf, REQUIRED_RECALL);
  const frontier = frontierOf(tried);
  const precise = `of which ${LEAST_PRECISE} or more of what they conclude is right`;
  const line = frontier.length
    ? `The line goes through the ${countOf(frontier.length, "schedule")} to which no other finds as many contacts of ${MINUTES} minutes or more for less charge, among those ${precise}.`
    : `There is no line: there are no schedules ${precise}.`;
  const one =
    contacts > 0
      ? ` One contact more or less in a seed is ${percent(1 / contacts)} of its contacts.`
      : "";
  const drawing = scatterOf(view, ({ recall }) => recall, REQUIRED_RECALL);
  return {
    id,
    heading,
    says:
      `Each sign is a schedule. ${line} The release finds ${percent(release.recall.mean)} for ${milliampereHours(release.draw.mean)} a day.` +
      one +
      beyondWords(view, recallOf),
    chart: {
      label: "Scatter plot of recall by charge a day for each schedule, with the frontier",
      drawing: {
        ...drawing,
        y: `Recall (${MINUTES} minutes or more)`,
        steps: frontier
          .filter((each) => view.shown.includes(each))
          .map(({ draw, recall }) => ({ x: draw.mean, y: recall.mean })),
        // The legend names the bound: where it stands, above, are the names of rules.
        ...(stillness && { dots: [...drawing.dots, boundDot(stillness)] }),
      },
      legend: [...legendOf(view), ...(stillness ? [BOUND] : [])],
    },
    ...(frontier.length > 0 && {
      table: {
        caption: "The frontier",
        columns: ["Schedule", "mAh a day", "Recall", "95 % interval"],
        rows: frontier.map(({ trial, draw, recall }) => [
          trialName(trial),
          charge(draw.mean),
          percent(recall.mean),
          interval(recall, seeds.length, percent),
        ]),
      },
    }),
  };
}

const boundDot = ({ draw, recall }: Bound): Dot => ({
  sign: "bound",
  x: draw,
  y: recall,
  left: draw,
  right: draw,
  low: recall,
  high: recall,
  isHollow: true,
});
