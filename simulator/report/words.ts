/**
 * Words as the report writes them.
 *
 * @module
 */
import { UNKNOWN } from "./numbers.ts";

/** Somebody's name in a sentence; numbers of a trace are not mistaken for amounts. */
export function personNamed(name: string | undefined): string {
  return name && !/^\d+$/.test(name) ? name : `person ${name ?? UNKNOWN}`;
}

/** A text with a capital letter in front. */
export function capital(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}
