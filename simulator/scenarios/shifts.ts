/** A shift of people who work around the clock. */
export type Shift = "early" | "late" | "night";

/**
 * The shift of a member of staff on a day, or undefined when it is a day off. All move on by one place of the roster each
 * day: early shifts first, then late ones, one night in ten, then days off, so that a night is followed by sleep.
 *
 * @param index - 0 to `staff - 1`
 * @param staff - at least 4, so that each shift has somebody
 */
export function shiftOf(index: number, staff: number, day: number): Shift | undefined {
  const place = (((index + day) % staff) + staff) % staff;
  const early = Math.max(1, Math.floor(0.3 * staff));
  const nights = Math.max(1, Math.round(0.1 * staff));
  if (place < early) return "early";
  if (place < 2 * early) return "late";
  if (place < 2 * early + nights) return "night";
  return undefined;
}
