import type { ShareInput } from "../../../desk/desk-api.ts";

/** What is entered on the way to publishing; empty where nothing was. */
export interface Answers {
  /** Of the health authority, as it was typed. */
  readonly code: string;
  /** YYYY-MM-DD. */
  readonly symptomOnset: string;
  readonly traveler: boolean;
  /** Day of an earlier visit, YYYY-MM-DD. */
  readonly since: string;
}

/** Nothing was entered. */
export const NO_ANSWERS: Answers = { code: "", symptomOnset: "", traveler: false, since: "" };

/** What the desk gets of it. */
export function shareInput({ code, symptomOnset, traveler, since }: Answers): ShareInput {
  return {
    ...(code && { code: code.replace(/[\s-]/g, "") }),
    ...(symptomOnset && { symptomOnset }),
    ...(traveler && { traveler }),
    ...(since && { since }),
  };
}
