/**
 * Types as a USB scanner does: it is a keyboard, set to the United States layout, on a computer that may be set to another.
 *
 * @module
 */
import type { Page } from "playwright-core";

/** Keyboard layouts of clinics. */
export const KEYBOARD_LAYOUTS = ["us", "ru", "kk"] as const;
export type KeyboardLayout = (typeof KEYBOARD_LAYOUTS)[number];

const SHIFT = 8;
/** What the keys give in Russian; Kazakh has the same letters there, and its own in place of the digits. */
const LETTERS = Object.fromEntries(
  [..."QWERTYUIOPASDFGHJKLZXCVBNM"].map((key, index) => [
    `Key${key}`,
    "ЙЦУКЕНГШЩЗФЫВАПРОЛДЯЧСМИТЬ"[index]!,
  ]),
);
const KAZAKH_DIGITS = Object.fromEntries(
  [..."1234567890"].map((digit, index) => [`Digit${digit}`, '"әіңғ,.үұқ'[index]!]),
);

interface Key {
  readonly key: string;
  readonly code: string;
  readonly shift: boolean;
}

/** Types a text and Enter, whatever has the focus. */
export async function typeAsScanner(
  page: Page,
  text: string,
  layout: KeyboardLayout = "us",
): Promise<void> {
  const session = await page.context().newCDPSession(page);
  for (const character of text) await stroke(keyOf(character, layout));
  await stroke({ key: "Enter", code: "Enter", shift: false });
  await session.detach();

  async function stroke({ key, code, shift }: Key): Promise<void> {
    const common = { key, code, modifiers: shift ? SHIFT : 0 };
    await session.send("Input.dispatchKeyEvent", {
      ...common,
      type: "keyDown",
      text: key === "Enter" ? "\r" : key,
      windowsVirtualKeyCode: virtualKeyOf(code),
    });
    await session.send("Input.dispatchKeyEvent", { ...common, type: "keyUp" });
  }
}

function keyOf(character: string, layout: KeyboardLayout): Key {
  const code = codeOf(character);
  const shift = character === ":" || /[A-Z]/.test(character);
  if (layout === "us") return { key: character, code, shift };
  const digit = layout === "kk" ? KAZAKH_DIGITS[code] : undefined;
  const key = character === ":" ? "Ж" : (LETTERS[code] ?? digit ?? character);
  return { key: shift ? key.toUpperCase() : key, code, shift };
}

function codeOf(character: string): string {
  if (/\d/.test(character)) return `Digit${character}`;
  if (character === ":") return "Semicolon";
  if (/[A-Z]/i.test(character)) return `Key${character.toUpperCase()}`;
  throw new Error(`a scanner does not type ${character}`);
}

function virtualKeyOf(code: string): number {
  if (code === "Enter") return 13;
  if (code === "Semicolon") return 186;
  return code.charCodeAt(code.length - 1);
}
