/**
 * How far pictures of schedules reach: near the release and what is required, so that differences there can be seen.
 *
 * @module
 */
import { byDraw } from "../../tune/frontier.ts";
import { releaseIn } from "../../tune/release.ts";
import { trialName } from "../../tune/trials.ts";
import { REQUIRED_DRAW, type Tried, type Tuning } from "../../tune/tuning.ts";
import { countOf, milliampereHours, percent } from "../numbers.ts";

/** Shares below this are beyond a picture, and so is what draws so many times as much as the release. */
const LOWEST_SHARE = 0.9;
const MOST_DRAW = 2;
/** The most schedules that are named in a sentence. */
const NAMED = 4;

type Range = readonly [number, number];

/** Which schedules a picture shows, and how far its axes reach. */
export interface View {
  readonly shown: readonly Tried[];
  readonly beyond: readonly Tried[];
  readonly draws: Range;
  readonly shares: Range;
}

/**
 * The view of recall or of precision.
 *
 * @param required - a share that is to be in it
 */
export function viewOf(
  { tried, stillness }: Tuning,
  share: (tried: Tried) => number,
  required: number,
): View {
  const release = releaseIn(tried);
  const lowest = Math.min(LOWEST_SHARE, release ? share(release) : LOWEST_SHARE);
  const most = MOST_DRAW * (release?.draw.mean ?? Infinity);
  const affordable = tried.filter(({ draw }) => draw.mean <= most);
  const shown = affordable.filter((each) => share(each) >= lowest);
  // The same in all pictures, whichever shares they leave out.
  const draws = affordable.map(({ draw }) => draw.mean);
  // The requirement is one for coin cells: other boards may be far from it.
  const isNear = draws.some((draw) => draw < MOST_DRAW * REQUIRED_DRAW);
  return {
    shown,
    beyond: byDraw(tried.filter((each) => !shown.includes(each))),
    draws: reach(
      [...draws, ...(isNear ? [REQUIRED_DRAW] : []), ...(stillness ? [stillness.draw] : [])],
      0.1,
    ),
    shares: [reach([...shown.map(share), required], 0.01)[0], 1],
  };
}

/** The least and the most of some values, rounded away from them to whole steps. */
export function reach(values: readonly number[], step: number): Range {
  // Decimal steps are not exact, and what lies on one is not to be rounded to the next.
  const near = 1e-9;
  return [
    Math.floor(Math.min(...values) / step + near) * step,
    Math.ceil(Math.max(...values) / step - near) * step,
  ];
}

/** Says what lies beyond a picture, with its share and charge. */
export function beyondWords({ beyond }: View, share: (tried: Tried) => number): string {
  if (beyond.length === 0) return "";
  const lies = beyond.length === 1 ? "lies" : "lie";
  const said = `${countOf(beyond.length, "schedule")} ${lies} beyond the picture`;
  if (beyond.length > NAMED) return ` ${said} and stand in the table of all schedules.`;
  const each = beyond.map(
    (tried) =>
      `${trialName(tried.trial)} (${percent(share(tried))}, ${milliampereHours(tried.draw.mean)})`,
  );
  return ` ${said}: ${each.join("; ")}.`;
}
