/**
 * Numbers and seeds on the command line.
 *
 * @module
 */
import { InvalidArgumentError } from "commander";

/** Reads a whole number within limits. @throws InvalidArgumentError, which commander prints with the option's name */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    }
    return value;
  };
}

/** The names of several seeds: the first as it is, the others behind it. */
export function seedsFrom(first: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => (index ? `${first}-${index + 1}` : first));
}
