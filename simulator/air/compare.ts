/**
 * The radio model against published measurements.
 *
 * Phones are not tokens: what two devices lose of their own is free, one offset for each pair of devices, fitted to the
 * medians of its recordings face to face. All else is the model's. Both sides are put as attenuation between tokens.
 *
 * @module
 */
import { quantile } from "../quantile.ts";
import { createRandom } from "../random.ts";
import { bodyLoss, medianAttenuation } from "./path-loss.ts";
import { type Recording, readPublished } from "./published.ts";
import { FADING_SPREAD } from "./reception.ts";
import { SHADOWING_SPREAD } from "./shadowing.ts";

/** Each recording counts the same, by so many of its quantiles. */
const QUANTILES = 21;
/** How often the model makes the whole set of measurements. */
const REPLICAS = 20;
/** Who is turned no further away than this, in degrees, counts as facing the other. */
const FACING = 45;

/** Attenuation in dB: median, and from the 10th to the 90th percentile. */
export interface MedianAndSpread {
  readonly median: number;
  readonly spread: number;
}

/** Recordings that have something in common. */
export interface ComparisonRow {
  /** Metres, or degrees off the front (sender's and receiver's added). */
  readonly key: number;
  readonly recordings: number;
  readonly measured: MedianAndSpread;
  readonly modelled: MedianAndSpread;
}

/** How the model fares on a data set. */
export interface Comparison {
  readonly title: string;
  readonly source: string;
  readonly recordings: number;
  readonly packets: number;
  /** Pairs of devices, that is offsets fitted. */
  readonly pairs: number;
  /** By distance, ascending; only recordings face to face. */
  readonly distances: readonly ComparisonRow[];
  /** By direction, ascending. */
  readonly directions: readonly ComparisonRow[];
  /** Root mean square over distances of the difference of medians, in dB. */
  readonly medianError: number;
  /** What the same number is on average when the model itself makes the measurements: chance alone. */
  readonly expectedMedianError: number;
  /** Root mean square over distances of the difference of spreads, in dB. */
  readonly spreadError: number;
}

/**
 * Compares the model with the data set whose checkout lies at `path`.
 *
 * @throws Failure when no known data set is there
 */
export function compareWithPublished(path: string): Comparison {
  const { title, source, recordings: all } = readPublished(path);
  const faced = new Set(all.filter(isFacing).map(({ pair }) => pair));
  const recordings = all.filter(({ pair }) => faced.has(pair));
  const measured = grouped(
    recordings,
    recordings.map(({ rssi }) => quantilesOf(rssi)),
  );
  const random = createRandom("comparison");
  const noise = standardQuantiles();
  const replicas = Array.from({ length: REPLICAS }, () => {
    const shadows = new Map<string, number>();
    return grouped(
      recordings,
      recordings.map((recording) => {
        const shadow = shadows.get(recording.place) ?? SHADOWING_SPREAD * random.normal();
        shadows.set(recording.place, shadow);
        return noise.map((z) => FADING_SPREAD * z - attenuation(recording) - shadow);
      }),
    );
  });
  const rows = (by: "distances" | "directions"): ComparisonRow[] =>
    measured[by].map((row, index) => ({
      key: row.key,
      recordings: row.recordings,
      measured: { median: row.median, spread: row.spread },
      modelled: {
        median: mean(replicas.map((replica) => replica[by][index]!.median)),
        spread: mean(replicas.map((replica) => replica[by][index]!.spread)),
      },
    }));
  const distances = rows("distances");
  return {
    title,
    source,
    recordings: recordings.length,
    packets: recordings.reduce((sum, { rssi }) => sum + rssi.length, 0),
    pairs: faced.size,
    distances,
    directions: rows("directions"),
    medianError: rootMeanSquare(distances.map((row) => row.measured.median - row.modelled.median)),
    expectedMedianError: mean(
      replicas.map((replica) =>
        rootMeanSquare(
          replica.distances.map((row, index) => row.median - distances[index]!.modelled.median),
        ),
      ),
    ),
    spreadError: rootMeanSquare(distances.map((row) => row.measured.spread - row.modelled.spread)),
  };
}

interface Group extends MedianAndSpread {
  readonly key: number;
  readonly recordings: number;
}

// Turns RSSI into attenuation between tokens, and gathers it by distance and by direction.
function grouped(recordings: readonly Recording[], rssi: readonly number[][]) {
  const differences = new Map<string, number[]>();
  recordings.forEach((recording, index) => {
    if (!isFacing(recording)) return;
    const difference = median(rssi[index]!) + attenuation(recording);
    differences.set(recording.pair, [...(differences.get(recording.pair) ?? []), difference]);
  });
  const offsets = new Map([...differences].map(([pair, values]) => [pair, mean(values)]));
  const by = (keyOf: (recording: Recording) => number | undefined): Group[] => {
    const groups = new Map<number, { recordings: number; values: number[] }>();
    recordings.forEach((recording, index) => {
      const key = keyOf(recording);
      if (key === undefined) return;
      const group = groups.get(key) ?? { recordings: 0, values: [] };
      const offset = offsets.get(recording.pair)!;
      group.recordings++;
      group.values.push(...rssi[index]!.map((value) => offset - value));
      groups.set(key, group);
    });
    return [...groups]
      .sort(([a], [b]) => a - b)
      .map(([key, { recordings, values }]) => {
        values.sort((a, b) => a - b);
        const spread = quantile(values, 0.9) - quantile(values, 0.1);
        return { key, recordings, median: quantile(values, 0.5), spread };
      });
  };
  return {
    distances: by((recording) =>
      isFacing(recording) ? Number(recording.metres.toFixed(2)) : undefined,
    ),
    directions: by(({ offSender, offReceiver }) => offSender + offReceiver),
  };
}

function isFacing({ offSender, offReceiver }: Recording): boolean {
  return Math.max(offSender, offReceiver) <= FACING;
}

function attenuation({ metres, offSender, offReceiver }: Recording): number {
  return medianAttenuation(metres) + bodyLoss(offSender) + bodyLoss(offReceiver);
}

function quantilesOf(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  return Array.from({ length: QUANTILES }, (_, i) => quantile(sorted, (i + 0.5) / QUANTILES));
}

// The same quantiles of the normal distribution, from a large sample.
function standardQuantiles(): number[] {
  return quantilesOf(Array.from({ length: 100_001 }, createRandom("quantiles").normal));
}

function median(sorted: readonly number[]): number {
  return quantile(sorted, 0.5);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function rootMeanSquare(values: readonly number[]): number {
  return Math.sqrt(mean(values.map((value) => value * value)));
}
