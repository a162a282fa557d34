import type { DeskView, TestView } from "../../../desk/desk-api.ts";

/** What the person at the desk has chosen on the screen of tests. */
export interface TestChoices {
  /** To enter a code, though another test is there or keys were published already. */
  readonly another: boolean;
  /** To publish with a code of the health authority. */
  readonly authority: boolean;
  /** That the wearer does not agree. */
  readonly declined: boolean;
}

/**
 * What the screen of tests shows: the field for a code; that no laboratory is connected; a result after which nothing is
 * published; that this desk cannot publish; that the wearer's card is needed; the consent; that there was none; what was published.
 */
export type TestStep =
  | "enter"
  | "no-laboratory"
  | Exclude<TestView["result"], "positive">
  | "not-connected"
  | "card"
  | "consent"
  | "declined"
  | "published";

/** The step that a view and what was chosen lead to. */
export function testStep(
  { setUp, test, visit }: Pick<DeskView, "setUp" | "test" | "visit">,
  { another, authority, declined }: TestChoices,
): TestStep {
  if (visit?.published && !test && !another) return "published";
  const looked = another ? null : test;
  if (looked && looked.result !== "positive") return looked.result;
  const withCode = setUp.publishing === "verification-code" && (authority || !setUp.testResults);
  if (!looked && !withCode) return setUp.testResults ? "enter" : "no-laboratory";
  if (setUp.publishing === null) return "not-connected";
  if (!visit?.status) return "card";
  return declined ? "declined" : "consent";
}
