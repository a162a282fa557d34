/**
 * Types as a USB scanner does, which is a keyboard to the computer.
 *
 * @module
 */

/** Types a card's code and Enter. The page gets the same events, whichever part of it has the focus. */
export function scanCard(code: string): void {
  for (const character of code) type(character, keyOf(character));
  type("Enter", "Enter");
}

/**
 * Types into a field.
 *
 * @returns whether there was a field to type into
 */
export function scanInto(field: HTMLInputElement | null, text: string): boolean {
  if (!field?.isConnected) return false;
  field.focus();
  field.value = "";
  for (const character of text) {
    // As typed: the page may group what is there after each character.
    field.setRangeText(character, field.value.length, field.value.length, "end");
    field.dispatchEvent(new InputEvent("input", { bubbles: true, data: character }));
  }
  return true;
}

function type(key: string, code: string): void {
  const details = { key, code, bubbles: true, cancelable: true };
  window.dispatchEvent(new KeyboardEvent("keydown", details));
  window.dispatchEvent(new KeyboardEvent("keyup", details));
}

/** The key on a United States keyboard, as scanners are set. */
function keyOf(character: string): string {
  if (/\d/.test(character)) return `Digit${character}`;
  return character === ":" ? "Semicolon" : `Key${character}`;
}
