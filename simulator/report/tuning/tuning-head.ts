/**
 * What stands before the pictures of schedules: what was run, and what came of the release.
 *
 * @module
 */
import { html } from "hono/html";
import type { Estimate } from "../../findings/findings.ts";
import { frontierOf } from "../../tune/frontier.ts";
import { releaseIn } from "../../tune/release.ts";
import { stillnessWords } from "../../tune/stillness.ts";
import { trialName } from "../../tune/trials.ts";
import { MINUTES, REQUIRED_PRECISION, REQUIRED_RECALL, type Tuning } from "../../tune/tuning.ts";
import { headMarkup, type KeyFigure, runsInWords } from "../head.ts";
import type { Markup } from "../markup.ts";
import { count, countOf, intervalInWords, milliampereHours, percent, UNKNOWN } from "../numbers.ts";

/** Title, notice of a partial run, what was run, and the key figures. */
export function tuningHead(tuning: Tuning): Markup {
  const { title, tried, schedules, stillness } = tuning;
  const release = releaseIn(tried);
  return headMarkup({
    kind: "Schedules of scanning compared in a simulation",
    title,
    partial:
      tried.length < schedules
        ? `It was interrupted when ${tried.length} of ${schedules} schedules had been tried. With the others, the frontier may be another one.`
        : undefined,
    whatWasRun: whatWasRun(tuning),
    figures: keyFigures(tuning),
    below: stillness && release && html`<p class="lead">${stillnessWords(stillness, release)}</p>`,
  });
}

function whatWasRun({ persons, days, seeds, board, schedules, contacts }: Tuning): string {
  return (
    `${countOf(persons, "person")} wore a token for ${countOf(days, "day")}, ${runsInWords(seeds)}, under each of ${countOf(schedules, "schedule")}. ` +
    `Each token ran a bundle for the board ${board} that differs from the release in when it listens, on a simulated board, in simulated air. ` +
    `A seed has ${count(contacts)} true contacts of ${MINUTES} minutes or more, seen from both sides.`
  );
}

function keyFigures({ tried, seeds }: Tuning): KeyFigure[] {
  const release = releaseIn(tried);
  const enough = frontierOf(tried).find(({ recall }) => recall.mean >= REQUIRED_RECALL);
  const ofRelease = (name: string, value: string | undefined, more = ""): KeyFigure => ({
    name: `${name} of the release`,
    value: value ?? UNKNOWN,
    more: value === undefined ? "it was not tried" : more,
  });
  const share = (name: string, estimate: Estimate | undefined): KeyFigure =>
    ofRelease(
      name,
      estimate && percent(estimate.mean),
      estimate && intervalInWords(estimate, seeds.length, percent),
    );
  return [
    share("Recall", release?.recall),
    share("Precision", release?.precision),
    ofRelease(
      "Charge a day",
      release && milliampereHours(release.draw.mean),
      release && `of it ${milliampereHours(release.scanning.mean)} for scanning`,
    ),
    {
      name: `Least charge for a recall of ${100 * REQUIRED_RECALL}\u00a0% and a precision of ${100 * REQUIRED_PRECISION}\u00a0%`,
      value: enough ? milliampereHours(enough.draw.mean) : UNKNOWN,
      more: enough ? trialName(enough.trial) : "no schedule that was tried has both",
    },
  ];
}
