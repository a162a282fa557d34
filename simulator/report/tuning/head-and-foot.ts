/**
 * What stands before and after the pictures of schedules: what was run, what came out, and what words mean.
 *
 * @module
 */
import { html } from "hono/html";
import { CONTACT_METRES } from "../../scenarios/scenario.ts";
import { frontierOf } from "../../tune/frontier.ts";
import { stillnessWords } from "../../tune/stillness.ts";
import { trialName } from "../../tune/trials.ts";
import { MINUTES, REQUIRED_RECALL, type Tuning } from "../../tune/tuning.ts";
import type { Markup } from "../markup.ts";
import { count, countOf, interval, milliampereHours, percent, UNKNOWN } from "../numbers.ts";
import { releaseIn } from "./scale.ts";

/** Title, notice of a partial run, what was run, and the key figures. */
export function tuningHead(tuning: Tuning): Markup {
  const { title, tried, schedules, stillness } = tuning;
  const release = releaseIn(tried);
  return html`<header>
<p class="kind">Schedules of scanning compared in a simulation</p>
<h1>${title}</h1>
${
  tried.length < schedules
    ? html`<p class="notice" role="note"><strong>Partial report.</strong> It was interrupted when ${tried.length} of ${schedules} schedules had been tried. With the others, the frontier may be another one.</p>`
    : undefined
}
<p class="lead">${whatWasRun(tuning)}</p>
</header>
<section aria-labelledby="key-heading">
<h2 id="key-heading">Key figures</h2>
<dl class="key">
${keyFigures(tuning).map(
  ([
    name,
    value,
    more,
  ]) => html`<div><dt>${name}</dt><dd><strong>${value}</strong> <span>${more}</span></dd></div>
`,
)}</dl>
${stillness && release ? html`<p class="lead">${stillnessWords(stillness, release)}</p>` : undefined}
</section>`;
}

function whatWasRun({ persons, days, seeds, board, schedules, contacts }: Tuning): string {
  const runs =
    seeds.length === 1
      ? `in one run (seed ${seeds[0]})`
      : `in ${seeds.length} runs that differ in chance (seeds ${seeds.join(", ")})`;
  return (
    `${countOf(persons, "person")} wore a token for ${countOf(days, "day")}, ${runs}, under each of ${countOf(schedules, "schedule")}. ` +
    `Each token ran a bundle for the board ${board} that differs from the release in when it listens, on a simulated board, in simulated air. ` +
    `A seed has ${count(contacts)} true contacts of ${MINUTES} minutes or more, seen from both sides.`
  );
}

function keyFigures({ tried, seeds }: Tuning): [name: string, value: string, more: string][] {
  const release = releaseIn(tried);
  const enough = frontierOf(tried).find(({ recall }) => recall.mean >= REQUIRED_RECALL);
  const none = "it was not tried";
  const within = (written: string): string =>
    seeds.length > 1 ? `95 % interval ${written}` : written;
  return [
    [
      "Recall of the release",
      release ? percent(release.recall.mean) : UNKNOWN,
      release ? within(interval(release.recall, seeds.length, percent)) : none,
    ],
    [
      "Precision of the release",
      release ? percent(release.precision.mean) : UNKNOWN,
      release ? within(interval(release.precision, seeds.length, percent)) : none,
    ],
    [
      "Charge a day of the release",
      release ? milliampereHours(release.draw.mean) : UNKNOWN,
      release ? `of it ${milliampereHours(release.scanning.mean)} for scanning` : none,
    ],
    [
      `Least charge for a recall of ${100 * REQUIRED_RECALL}\u00a0%`,
      enough ? milliampereHours(enough.draw.mean) : UNKNOWN,
      enough ? trialName(enough.trial) : "no schedule that was tried finds so many",
    ],
  ];
}

/** Definitions, and which program wrote the page. */
export function tuningFoot({ thresholdDecibels, version }: Tuning, program: string): Markup {
  const terms = [
    [
      "Recall and precision",
      `A true contact of at least ${MINUTES} minutes within ${CONTACT_METRES} m is found when a clinic desk concludes one of at least half as long from a token's log. A concluded one is right when the two really were near each other for at least half as long. The desk takes a sighting for a near one up to ${count(thresholdDecibels)} dB of attenuation.`,
    ],
    [
      "Frontier",
      "Schedules to which no other that was tried finds as many contacts for less charge, by the means over seeds. Where intervals overlap, chance alone may have put a schedule there.",
    ],
    [
      "95 % interval",
      "Where the mean over seeds lies with a probability of 95 % (Student's t), drawn as a thin line through a sign as far as the picture reaches. It does not say how far the simulation is from reality.",
    ],
    [
      "Charge",
      "Worked out from what the firmware did and from published currents of the board's parts, not measured on hardware.",
    ],
  ] as const;
  return html`<section aria-labelledby="reading-heading">
<h2 id="reading-heading">How to read this report</h2>
<dl class="terms">
${terms.map(
  ([term, meaning]) => html`<dt>${term}</dt><dd>${meaning}</dd>
`,
)}</dl>
<p class="screen-only">Tables of numbers that are open are printed.</p>
</section>
<footer><p>Written by ${program}, from a comparison of version ${version}.</p></footer>`;
}
