/** The UTC date, YYYY-MM-DD, of a day in days since 1970. */
export function dateOfDay(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}
