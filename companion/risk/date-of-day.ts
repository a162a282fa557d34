/** The UTC date, YYYY-MM-DD, of a day in days since 1970. */
export function dateOfDay(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

/** The day in days since 1970 of a UTC date, YYYY-MM-DD. */
export function dayOfDate(date: string): number {
  return Date.parse(`${date}T00:00Z`) / 86_400_000;
}
