/**
 * The positions, counted from 1, of keys that a key server's texts name as not taken. The texts
 * themselves are not shown to anyone: what else they hold is the server's choice.
 *
 * exposure-notifications-server counts from 0 and writes `key 3 cannot be imported: …` and
 * `key 3 symptom onset is too large, …`, several errors in one text.
 *
 * @param texts - `error` of a partial failure, or `warnings`
 * @param count - how many keys were sent
 */
export function refusedPositions(texts: readonly string[], count: number): number[] {
  const positions = texts.flatMap((text) =>
    Array.from(
      text.matchAll(/\bkey (\d{1,4}) (?:cannot be imported|symptom onset)\b/g),
      ([, n]) => Number(n) + 1,
    ),
  );
  return [...new Set(positions)].filter((position) => position <= count).sort((a, b) => a - b);
}
