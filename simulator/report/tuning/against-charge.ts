/**
 * @module
 */
import type { Estimate } from "../../findings/findings.ts";
import { byDraw, frontierOf } from "../../tune/frontier.ts";
import { releaseIn } from "../../tune/release.ts";
import { FAMILIES, type Family, trialName } from "../../tune/trials.ts";
import {
  MINUTES,
  REQUIRED_DRAW,
  REQUIRED_PRECISION,
  REQUIRED_RECALL,
  type Tried,
  type Tuning,
} from "../../tune/tuning.ts";
import type { Dot, Scatter } from "../drawings.ts";
import type { Figure, LegendEntry } from "../figure.ts";
import { charge, countOf, interval, milliampereHours, percent } from "../numbers.ts";
import { beyondWords, type View, viewOf } from "./scale.ts";

const recallOf = ({ recall }: Tried): number => recall.mean;
const precisionOf = ({ precision }: Tried): number => precision.mean;

/** What schedules find against what they cost, and which no other one beats. */
export function recallAgainstCharge(tuning: Tuning): Figure {
  const { tried, contacts, seeds, stillness } = tuning;
  const release = releaseIn(tried);
  const id = "recall";
  const heading = "Recall against charge";
  if (!release) return { id, heading, says: "No schedule was tried." };
  const view = viewOf(tuning, recallOf, REQUIRED_RECALL);
  const frontier = frontierOf(tried);
  const one =
    contacts > 0
      ? ` One contact more or less in a seed is ${percent(1 / contacts)} of its contacts.`
      : "";
  const drawing = scatterOf(view, ({ recall }) => recall, REQUIRED_RECALL);
  return {
    id,
    heading,
    says:
      `Each sign is a schedule; the line goes through the ${countOf(frontier.length, "schedule")} to which no other finds as many contacts of ` +
      `${MINUTES} minutes or more for less charge. The release finds ${percent(release.recall.mean)} for ${milliampereHours(release.draw.mean)} a day.` +
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
        ...(stillness && {
          dots: [...drawing.dots, pointDot("bound", stillness.draw, stillness.recall)],
          names: [
            ...drawing.names,
            { x: stillness.draw, y: stillness.recall, name: "stillness, at best" },
          ],
        }),
      },
      legend: [
        ...legendOf(view),
        ...(stillness
          ? [
              {
                colour: "sign-bound",
                sign: "bound" as const,
                name: "stillness by accelerometer, at best (a bound, not run)",
              },
            ]
          : []),
      ],
    },
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
  };
}

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

function scatterOf(
  { shown, draws, shares }: View,
  of: (tried: Tried) => Estimate,
  required: number,
): Scatter {
  const release = releaseIn(shown);
  // The release lies on top.
  const dots = [...shown].reverse().map((each): Dot => {
    const { mean, low, high } = of(each);
    const { draw } = each;
    return {
      sign: each.trial.family,
      x: draw.mean,
      y: mean,
      left: Math.max(draw.low, draws[0]),
      right: Math.min(draw.high, draws[1]),
      low: Math.max(low, shares[0]),
      high,
    };
  });
  const isWithin = REQUIRED_DRAW >= draws[0] && REQUIRED_DRAW <= draws[1];
  return {
    kind: "scatter",
    x: "mAh a day",
    y: "",
    xs: draws,
    ys: shares,
    dots,
    steps: [],
    names: release ? [{ x: release.draw.mean, y: of(release).mean, name: "release" }] : [],
    across: [{ at: required, name: `required: ${Math.round(100 * required)} %` }],
    upright: isWithin ? [{ at: REQUIRED_DRAW, name: `allowed: ${REQUIRED_DRAW} mAh` }] : [],
  };
}

const pointDot = (sign: Dot["sign"], x: number, y: number): Dot => ({
  sign,
  x,
  y,
  left: x,
  right: x,
  low: y,
  high: y,
});

// Families that are in the picture, in their order.
function legendOf({ shown }: View): LegendEntry[] {
  const families = new Set(shown.map(({ trial }) => trial.family));
  return (Object.keys(FAMILIES) as Family[])
    .filter((family) => families.has(family))
    .map((family) => ({ colour: `sign-${family}`, sign: family, name: FAMILIES[family] }));
}
