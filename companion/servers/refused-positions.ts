/**
 * The positions, counted from 0, of keys that a key server's texts name as not taken. The texts
 * themselves are shown to nobody: what else they hold is the server's choice.
 *
 * exposure-notifications-server writes `key 3 cannot be imported: …` and `key 3 symptom onset is too
 * large, …`, several of them in one text, and counts the keys sorted by their base64 text.
 *
 * @param texts - `error` of a partial failure, or `warnings`
 */
export function refusedPositions(texts: readonly string[]): number[] {
  const named = texts.flatMap((text) =>
    Array.from(text.matchAll(/\bkey (\d{1,4}) (?:cannot be imported|symptom onset)\b/g), ([, n]) =>
      Number(n),
    ),
  );
  return [...new Set(named)];
}
