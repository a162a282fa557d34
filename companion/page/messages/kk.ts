import type { Messages } from "./en.ts";
import camera from "./kk/camera.json" with { type: "json" };
import choices from "./kk/choices.json" with { type: "json" };
import failures from "./kk/failures.json" with { type: "json" };
import information from "./kk/information.json" with { type: "json" };
import shell from "./kk/shell.json" with { type: "json" };
import test from "./kk/test.json" with { type: "json" };
import visit from "./kk/visit.json" with { type: "json" };

export const messages: Messages = { camera, choices, failures, information, shell, test, visit };
