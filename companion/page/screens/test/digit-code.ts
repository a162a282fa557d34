/**
 * What happens in the field of a test's code: digits alone stay, written in groups as on a slip, and the caret stays behind the
 * digit that it was behind.
 *
 * @module
 */

/** Digits of a test's code. */
export const CODE_DIGITS = 10;
/** Digits of the first groups; the last one has the rest. */
const GROUPS = [3, 3] as const;
/** More than a code has, so that a digit too many can be seen and is not lost silently. */
const MOST_DIGITS = 2 * CODE_DIGITS;

/** What the field holds. */
export interface DigitCode {
  readonly digits: string;
  /** Offset of the caret in the written form. */
  readonly caret: number;
}

/** What was deleted next to the caret, as `InputEvent.inputType` names it. */
export type Deletion = "deleteContentBackward" | "deleteContentForward";

/** Writes digits in groups: `012 345 6789`. */
export function inGroups(digits: string): string {
  const [first, second] = GROUPS;
  return [digits.slice(0, first), digits.slice(first, first + second), digits.slice(first + second)]
    .filter(Boolean)
    .join(" ");
}

/**
 * Takes what stands in the field after something was typed, pasted or deleted.
 *
 * @param before - the digits that were there
 * @param text - what stands there now
 * @param caret - offset of the caret in it
 * @param inputType - of the event; a deletion that took only a space takes the digit beyond it
 */
export function editCode(
  before: string,
  text: string,
  caret: number,
  inputType?: string,
): DigitCode {
  let digits = digitsOf(text);
  let behind = digitsOf(text.slice(0, caret)).length;
  if (digits === before) {
    if (inputType === ("deleteContentBackward" satisfies Deletion) && behind > 0) behind--;
    else if (inputType !== ("deleteContentForward" satisfies Deletion)) return at(digits, behind);
    digits = digits.slice(0, behind) + digits.slice(behind + 1);
  }
  return at(digits.slice(0, MOST_DIGITS), behind);
}

/**
 * The digit of a key that types none: on a Kazakh keyboard the row of digits has letters and signs, and a scanner types by the
 * places of keys. Null for every other key.
 *
 * @param code - `KeyboardEvent.code`
 * @param key - `KeyboardEvent.key`
 */
export function digitOfKey(code: string, key: string): string | null {
  if (key.length !== 1 || /\d/.test(key)) return null;
  return /^Digit(\d)$/.exec(code)?.[1] ?? null;
}

function digitsOf(text: string): string {
  return text.replace(/[^0-9]/g, "");
}

function at(digits: string, behind: number): DigitCode {
  return { digits, caret: inGroups(digits.slice(0, behind)).length };
}
