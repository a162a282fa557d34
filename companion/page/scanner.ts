/**
 * What a card's scanner types. It acts as a keyboard with a layout of its own, mostly the American one, while the computer
 * understands it by the layout that is switched on: with a Russian one `SQB1` becomes `ЫЙИ1`, and a Kazakh one has letters where
 * digits are. What does not fit a card is therefore taken by its place on the keyboard.
 *
 * @module
 */
import { IDENTITY_MAGIC } from "../../protocol/flash-layout.ts";

/** A key that was pressed: what matters of a `KeyboardEvent`. */
export interface Stroke {
  readonly key: string;
  readonly code: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/** Begins every card's code (companion/provisioning/card-code.ts). */
const PREFIX = `${IDENTITY_MAGIC}:`;
const WHOLE = new RegExp(`^${PREFIX}\\d{1,10}:[0-9A-F]{32}:[0-9A-F]{8}$`, "i");
const STRANGE = /[^0-9A-Za-z:]/g;
const WITHOUT_MEANING = ["Dead", "Process", "Unidentified"];

/** The character of a card's code that a key stands for; null for another key. */
export function characterOf(stroke: Stroke): string | null {
  // Not by a rest: a browser's event has nothing of its own to copy.
  const { key, code } = stroke;
  if (stroke.ctrlKey || stroke.altKey || stroke.metaKey) return null;
  if (key.length > 1 && !WITHOUT_MEANING.includes(key)) return null;
  if (/^[0-9A-Za-z:]$/.test(key)) return key;
  if (code === "Semicolon" && stroke.shiftKey) return ":";
  if (/^Key[A-Z]$/.test(code)) return code.slice(3);
  return /^Digit\d$/.test(code) && !stroke.shiftKey ? code.slice(5) : null;
}

/**
 * A card's code in what was typed or pasted: without what no card has in it, and without a piece of a code that was broken off
 * before.
 */
export function cardIn(text: string): string {
  const fitting = text.replace(STRANGE, "");
  return fitting.slice(Math.max(0, fitting.toUpperCase().lastIndexOf(PREFIX)));
}

/** Whether a text begins as a card's code does. */
export function isCard(text: string): boolean {
  return text.toUpperCase().startsWith(PREFIX);
}

/** Whether it is the code of a test on a laboratory's slip, which no card's is like. */
export function isTestCode(typed: string): boolean {
  return /^\d{10}$/.test(typed);
}

/** Whether nothing of a code is missing; whether it is right, the desk will say. */
export function isWhole(card: string): boolean {
  return WHOLE.test(card);
}
