/**
 * What a desk refuses, in words.
 *
 * @module
 */
import { Failure } from "../failure.ts";
import type { PublishingPermission } from "../servers/key-server-client.ts";
import type { ActionName, FailureView } from "./desk-api.ts";

/** What is shown of a failure. */
export function failureView(action: ActionName, error: unknown): FailureView {
  if (error instanceof Failure) return { action, code: error.code, message: error.message };
  return {
    action,
    code: "unexpected",
    message:
      "The desk's program failed unexpectedly; try again, and tell who maintains it if it fails again.",
  };
}

/** A card comes first. */
export const noVisit = (): Failure =>
  new Failure("no-visit", "No visit is open; scan the wearer's card first.");

/** One action at a time. */
export const busy = (): Failure =>
  new Failure("busy", "The desk is busy with something else; wait for it, or end the visit.");

/** Nobody touched the desk for a while. */
export const locked = (): Failure =>
  new Failure(
    "desk-locked",
    "The desk is locked; scan the card of the visit that is open, or go on with the next wearer.",
  );

/** Another card than that of the visit that is open. */
export const wrongCard = (): Failure =>
  new Failure(
    "wrong-card",
    "This is not the card of the visit that is open; scan that one, or go on with the next wearer.",
  );

/** What permits to publish is not there. @param kind - what publications begin with */
export const testMissing = (kind: PublishingPermission["kind"] = "registration-token"): Failure =>
  new Failure(
    "test-missing",
    kind === "registration-token"
      ? "No test was looked up; enter its code first."
      : "The health authority's code is missing; enter it first.",
  );

/** There is nothing to pause. */
export const neverOn = (): Failure =>
  new Failure(
    "never-on",
    "This token is off, because its wearer has not agreed to contact detection; there is nothing to pause.",
  );

/** There is nothing to resume. */
export const detectionNotAgreed = (): Failure =>
  new Failure(
    "consent-missing",
    "The token stays off, because its wearer has not agreed to contact detection; ask for consent, and switch it on then.",
  );
