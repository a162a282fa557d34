/**
 * What a visit's result says first.
 *
 * @module
 */
import type { CheckView, DeskView, Level, Texts } from "../desk/desk-api.ts";
import type { MessageKey, Words } from "./words.tsx";

/**
 * A level of risk; a positive test, which counts for more than any; a token that was switched on just now and has nothing to be
 * checked yet; one that is paused and has nothing, either.
 */
export type Outcome = Level | "positive" | "first" | "idle";

/** An outcome in a few words. */
export const OUTCOME_WORDS: Readonly<Record<Outcome, MessageKey>> = {
  none: "visit.levelNone",
  low: "visit.levelLow",
  high: "visit.levelHigh",
  positive: "test.positiveTitle",
  first: "visit.firstTitle",
  idle: "visit.firstPaused",
};

/** Whether the wearer's test was positive, whatever a check says: by the test that was looked up, or because keys were published. */
export function isPositive({ visit, test }: Pick<DeskView, "visit" | "test">): boolean {
  return test?.result === "positive" || (visit?.published ?? null) !== null;
}

/** Whether a token had nothing to be checked, and never had: then no meeting means nothing. */
export function isFirst({ level, encounters, previousCheck }: CheckView): boolean {
  return level === "none" && encounters === 0 && previousCheck === null;
}

/** What is to be said of a visit; null when there is nothing yet. */
export function outcomeOf(view: DeskView): Outcome | null {
  if (isPositive(view)) return "positive";
  if (!view.visit?.check) return null;
  const { check, status } = view.visit;
  if (!isFirst(check)) return check.level;
  return status?.state === "paused" ? "idle" : "first";
}

/** What to do, in the health authority's words, or in the page's where there is nothing to be advised yet. */
export function adviceOn(outcome: Outcome, texts: Texts, { t }: Words): readonly string[] {
  if (outcome === "positive") return texts.advicePositive;
  if (outcome === "first") return [t("visit.firstNothing"), t("visit.firstFromNow")];
  if (outcome === "idle") return [];
  return texts.advice[outcome];
}
