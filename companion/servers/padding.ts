import type { RandomBytes } from "./pace.ts";

/** Size in bytes of every body of a test result call, as in the Corona-Warn-App. */
export const TEST_RESULT_BODY_BYTES = 250;

/**
 * Size in bytes of every body of a verification or publish call, as in the exposure-notifications-android app
 * (which pads each request to 5000): an upload by a desk then looks like one by a phone. One size hides
 * more than a random amount of padding, whose mean shows after some observations.
 */
export const CALL_BODY_BYTES = 5000;

/** The header that marks a verification or publish call as chaff. */
export const CHAFF_HEADER = { "X-Chaff": "1" } as const;

/** The field of a body that takes its padding. */
export type PaddingField = "padding" | "requestPadding";

/**
 * Writes a body that is filled up with random characters to one size, so that an observer cannot tell
 * calls apart by length. What is longer, which only an upload of more than some 25 keys is, becomes a
 * multiple of that size.
 *
 * @param content - ASCII only
 * @param size - bytes of the body
 */
export function paddedBody(
  content: Readonly<Record<string, unknown>>,
  field: PaddingField,
  size: number,
  random: RandomBytes,
): string {
  const bare = JSON.stringify({ ...content, [field]: "" });
  const missing = size * Math.ceil(bare.length / size) - bare.length;
  const characters = Buffer.from(random(missing)).toString("base64url").slice(0, missing);
  return JSON.stringify({ ...content, [field]: characters });
}

/**
 * The body of a verification or publish call that is chaff: random characters, and shorter than a real
 * one by the bytes of {@link CHAFF_HEADER}, so that the request as a whole is as long.
 */
export function chaffBody(random: RandomBytes): string {
  return paddedBody({}, "padding", CALL_BODY_BYTES - "X-Chaff: 1\r\n".length, random);
}
