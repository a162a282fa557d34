/**
 * Reads JSON files so that what is wrong with one is a sentence that names the field.
 *
 * @module
 */
import { z } from "zod";
import { Failure } from "../failure.ts";

/** For a schema: what to say of a field that is wrong, behind its name; one that is not there is missing. */
export function must(words: string): { error: (issue: { input?: unknown }) => string } {
  return { error: ({ input }) => (input === undefined ? "is missing" : `must be ${words}`) };
}

/** A number from `min` to `max`. */
export function numberFrom(min: number, max: number): z.ZodNumber {
  const words = must(`a number from ${min} to ${max}`);
  return z.number(words).min(min, words).max(max, words);
}

/** A number of at least 0. */
export function atLeastZero(): z.ZodNumber {
  const words = must("a number of at least 0");
  return z.number(words).min(0, words);
}

/** A whole number from `min` to `max`. */
export function wholeFrom(min: number, max: number): z.ZodNumber {
  const words = must(`a whole number from ${min} to ${max}`);
  return z.number(words).int(words).min(min, words).max(max, words);
}

/** A list. */
export function listOf<T extends z.ZodType>(element: T): z.ZodArray<T> {
  return z.array(element, must("a list"));
}

/** An object with these fields and no other. */
export function objectOf<T extends z.ZodRawShape>(shape: T): z.ZodObject<T, z.core.$strict> {
  return z.strictObject(shape, must("an object"));
}

/**
 * Checks what a file holds.
 *
 * @param what - the file, to begin a sentence with
 * @throws Failure `code`, whose sentence names the first field that is wrong
 */
export function checkShape<T extends z.ZodType>(
  schema: T,
  value: unknown,
  what: string,
  code: string,
): z.infer<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const unknown = issue.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  const path = [...issue.path, ...(unknown === undefined ? [] : [unknown])];
  const name = path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("")
    .replace(/^\./, "");
  const problem = unknown === undefined ? issue.message : "is not a field that is known here";
  throw new Failure(
    code,
    `${what} cannot be used, because ${name || "what it holds"} ${problem}; correct it.`,
  );
}

/**
 * Reads JSON.
 *
 * @param what - the file, to begin a sentence with
 * @throws Failure `code`
 */
export function parseJson(bytes: Uint8Array, what: string, code: string): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new Failure(code, `${what} is not JSON; check that it is the right file.`);
  }
}
