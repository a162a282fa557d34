/**
 * How infectious someone was on a day, from the days since the first symptoms. Source: Exposure Notifications API,
 * `DiagnosisKeysDataMapping`, and Exposure Notifications Express.
 *
 * @module
 */

/** 0 none, 1 standard, 2 high. */
export type Infectiousness = 0 | 1 | 2;

/** Onset days in a table are -14..14; others count as missing. */
export const MAX_ONSET_DAYS = 14;
/** Entries of a table. */
const DAYS = 2 * MAX_ONSET_DAYS + 1;

/** Infectiousness by onset day. */
export interface InfectiousnessTable {
  /** 29 entries, for the days -14..14 since the first symptoms. */
  readonly days: readonly Infectiousness[];
  /** When the onset day was not published, or is not one of those. */
  readonly whenMissing: Infectiousness;
}

/** Infectiousness so many days after the first symptoms. */
export function infectiousnessOf(
  daysSinceOnset: number | undefined,
  { days, whenMissing }: InfectiousnessTable,
): Infectiousness {
  return days[(daysSinceOnset ?? Number.NaN) + MAX_ONSET_DAYS] ?? whenMissing;
}

/** The 29 entries from a map of days to infectiousness; days that it leaves out are 0, none. */
export function infectiousnessDays(
  byDay: Readonly<Record<string, Infectiousness>>,
): Infectiousness[] {
  return Array.from({ length: DAYS }, (_, index) => byDay[index - MAX_ONSET_DAYS] ?? 0);
}

/**
 * Unpacks a table from 64 bits: 30 entries of two bits each, the lowest first, of which the last is for missing days.
 *
 * @returns undefined when there is an entry that has no meaning, or a bit beyond the last
 */
export function unpackInfectiousness(packed: bigint): InfectiousnessTable | undefined {
  const entries = Array.from({ length: DAYS + 1 }, (_, index) =>
    Number((packed >> BigInt(2 * index)) & 3n),
  );
  if (packed >> BigInt(2 * entries.length) || entries.includes(3)) return undefined;
  const days = entries as Infectiousness[];
  return { days: days.slice(0, DAYS), whenMissing: days[DAYS] as Infectiousness };
}

/** The default of Exposure Notifications Express: high from day -1 to 3, standard from -3 to 10 and when missing. */
export const EXPRESS_INFECTIOUSNESS = 0x0401555aa9400000n;
