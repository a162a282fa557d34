/**
 * What the terminal says after schedules were tried.
 *
 * @module
 */
import type { Estimate } from "../findings/findings.ts";
import { byDraw, frontierOf, isPrecise } from "./frontier.ts";
import { isRelease, releaseIn } from "./release.ts";
import { stillnessWords } from "./stillness.ts";
import { trialName } from "./trials.ts";
import {
  MINUTES,
  REQUIRED_DRAW,
  REQUIRED_PRECISION,
  REQUIRED_RECALL,
  type Tried,
  type Tuning,
} from "./tuning.ts";

const WIDTH = 120;

/** A table, the most frugal schedule first, in lines of at most 120 characters. */
export function tuningText(tuning: Tuning): string {
  const { title, persons, days, board, seeds, tried, schedules, contacts } = tuning;
  const release = releaseIn(tried);
  const { stillness } = tuning;
  const frontier = new Set(frontierOf(tried));
  const blocks = [
    [
      title,
      `${plural(persons, "token")}, ${plural(days, "day")}, ${plural(seeds.length, "seed")}; ${board}`,
      ...(tried.length < schedules
        ? [
            `Interrupted: ${tried.length} of ${schedules} schedules were tried; the frontier may be another one.`,
          ]
        : []),
    ],
    ...(tried.length === 0 ? [] : [tableOf(tuning, frontier)]),
    wrapped(
      `Recall and precision are those of contacts of ${MINUTES} minutes or more (${contacts.toFixed(0)} in a seed), ` +
        `${seeds.length > 1 ? "with 95 % intervals over seeds" : "from one seed and so without intervals"}. ` +
        `Required are ${100 * REQUIRED_RECALL} % and ${100 * REQUIRED_PRECISION} % at no more than ${REQUIRED_DRAW} mAh a day on a Puck.js.`,
    ),
    ...(stillness && release ? [wrapped(stillnessWords(stillness, release))] : []),
  ];
  return blocks.map((lines) => lines.join("\n")).join("\n\n");
}

function tableOf({ tried, seeds }: Tuning, frontier: ReadonlySet<Tried>): string[] {
  const share = (estimate: Estimate): string => {
    const [mean, low, high] = [estimate.mean, estimate.low, estimate.high].map((each) =>
      (100 * each).toFixed(1),
    );
    return (seeds.length > 1 ? `${mean} [${low}, ${high}] %` : `${mean} %`).padStart(width);
  };
  const width = seeds.length > 1 ? 22 : 11;
  const rows = byDraw(tried).map((each) => {
    const place = frontier.has(each) ? "*" : isPrecise(each) ? " " : "-";
    const marks = `${place}${isRelease(each) ? ">" : " "}`;
    const numbers = `${each.draw.mean.toFixed(3).padStart(9)} ${share(each.recall)} ${share(each.precision)}`;
    return `${marks} ${numbers}  ${trialName(each.trial)}`;
  });
  return [
    `   ${"mAh a day".padStart(9)} ${"recall".padStart(width)} ${"precision".padStart(width)}  schedule`,
    ...rows,
    "",
    "*  no other schedule that is precise enough finds as many contacts for less charge",
    `-  not precise enough: less than ${100 * REQUIRED_PRECISION} % of what it concludes is right`,
    ">  the release",
  ];
}

function wrapped(text: string): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) as string;
    if (line.length + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  return lines;
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;
