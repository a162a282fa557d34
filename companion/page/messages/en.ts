import camera from "./en/camera.json" with { type: "json" };
import choices from "./en/choices.json" with { type: "json" };
import failures from "./en/failures.json" with { type: "json" };
import information from "./en/information.json" with { type: "json" };
import shell from "./en/shell.json" with { type: "json" };
import test from "./en/test.json" with { type: "json" };
import visit from "./en/visit.json" with { type: "json" };

/** The page's messages; their keys are those of every language. */
export const messages = { camera, choices, failures, information, shell, test, visit };

/** Messages of a language. */
export type Messages = {
  readonly [Part in keyof typeof messages]: Readonly<Record<keyof (typeof messages)[Part], string>>;
};
