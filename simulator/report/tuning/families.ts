/**
 * @module
 */
import { isRelease, releaseIn } from "../../tune/release.ts";
import { FAMILIES, type Family, NUMBERED } from "../../tune/trials.ts";
import { REQUIRED_DRAW, REQUIRED_RECALL, type Tried, type Tuning } from "../../tune/tuning.ts";
import type { Figure } from "../figure.ts";
import { charge, count, interval, percent } from "../numbers.ts";
import { capital } from "../words.ts";
import { reach } from "./scale.ts";

interface Panel {
  readonly family: Family;
  readonly unit: string;
  /** In the order of their numbers, with the release among them. */
  readonly points: readonly { readonly at: number; readonly tried: Tried }[];
}

/** What each number of the plan does by itself. */
export function familiesAlone(tuning: Tuning): Figure {
  const { tried, seeds } = tuning;
  const id = "families";
  const heading = "One number at a time";
  const release = releaseIn(tried);
  const panels = release ? panelsOf(tuning, release) : [];
  if (panels.length === 0) {
    return {
      id,
      heading,
      says: "No schedule was tried that differs from the release by a number.",
    };
  }
  const all = panels.flatMap(({ points }) => points.map((point) => point.tried));
  const [lowest] = reach([...all.map(({ recall }) => recall.mean), REQUIRED_RECALL], 0.05);
  const [least, most] = reach([...all.map(({ draw }) => draw.mean), REQUIRED_DRAW], 0.2);
  return {
    id,
    heading,
    says:
      "Each panel varies one number of the release's schedule (of the times between scans all in proportion), with recall above and charge below; " +
      "the star is the release, and the dashed lines are what is required.",
    chart: {
      label: "Small line charts of recall and of charge a day by each number of the schedule",
      drawing: {
        kind: "multiples",
        panels: panels.map(({ family, unit, points }) => ({
          sign: family,
          title: capital(FAMILIES[family]),
          x: unit,
          points: points.map(({ at, tried: each }) => ({
            x: at,
            isChosen: isRelease(each),
            share: each.recall.mean,
            low: Math.max(lowest, each.recall.low),
            high: each.recall.high,
            amount: each.draw.mean,
          })),
        })),
        shares: { name: "Recall", from: lowest, to: 1, rule: REQUIRED_RECALL },
        amounts: { name: "mAh a day", from: least, to: most, rule: REQUIRED_DRAW },
      },
    },
    table: {
      caption: "Recall and charge by each number of the schedule",
      columns: ["Number", "Recall", "95 % interval", "mAh a day"],
      rows: panels.flatMap(({ family, unit, points }) =>
        points.map(({ at, tried: each }) => [
          `${capital(FAMILIES[family])}: ${count(at)}\u00a0${unit}${isRelease(each) ? " (release)" : ""}`,
          percent(each.recall.mean),
          interval(each.recall, seeds.length, percent),
          charge(each.draw.mean),
        ]),
      ),
    },
  };
}

function panelsOf({ tried, released }: Tuning, release: Tried): Panel[] {
  return Object.entries(NUMBERED).flatMap(([family, { name, unit }]) => {
    const own = tried.filter(({ trial }) => trial.family === family);
    if (own.length === 0) return [];
    const points = [...own, release].map((each) => ({
      at: each.trial.plan[name] ?? released[name],
      tried: each,
    }));
    return [{ family: family as Family, unit, points: points.sort((a, b) => a.at - b.at) }];
  });
}
