import type { Messages } from "./en.ts";
import camera from "./ru/camera.json" with { type: "json" };
import choices from "./ru/choices.json" with { type: "json" };
import failures from "./ru/failures.json" with { type: "json" };
import information from "./ru/information.json" with { type: "json" };
import shell from "./ru/shell.json" with { type: "json" };
import test from "./ru/test.json" with { type: "json" };
import visit from "./ru/visit.json" with { type: "json" };

export const messages: Messages = { camera, choices, failures, information, shell, test, visit };
