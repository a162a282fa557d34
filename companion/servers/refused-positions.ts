/** exposure-notifications-server: counted from 0, over the keys sorted by their base64 text. */
const COUNTED_FROM_0 = /\bkey (\d{1,4}) (?:cannot be imported|symptom onset)\b/g;

/** This project's server: counted from 1, in the order sent. */
const COUNTED_FROM_1 = /\bkey (\d{1,4}): /g;

/**
 * The positions, counted from 0, of keys that a key server's texts name as not taken. The texts
 * themselves are shown to nobody: what else they hold is the server's choice.
 *
 * @param texts - `error` of a partial failure, which may name several, or `warnings`
 */
export function refusedPositions(texts: readonly string[]): number[] {
  const named = texts.flatMap((text) => [
    ...Array.from(text.matchAll(COUNTED_FROM_0), ([, position]) => Number(position)),
    ...Array.from(text.matchAll(COUNTED_FROM_1), ([, position]) => Number(position) - 1),
  ]);
  return [...new Set(named)];
}
