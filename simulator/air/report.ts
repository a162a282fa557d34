/**
 * The comparison with published measurements as text.
 *
 * @module
 */
import type { Comparison, ComparisonRow } from "./compare.ts";

const COLUMNS = ["recordings", "measured", "modelled", "spread measured", "spread modelled"];
const INDENT = 12;

/** Lines to print, without a newline at the end. */
export function radioReport(comparison: Comparison): string {
  return [
    `${comparison.title} (${comparison.source})`,
    `${comparison.recordings} recordings, ${comparison.packets} packets`,
    "",
    "Attenuation in dB between tokens: median, and from the 10th to the 90th percentile. Distances face to face.",
    `Fitted: one offset for each of ${comparison.pairs} pairs of devices. All else is the model's.`,
    "",
    ...table("distance", comparison.distances, (metres) => `${metres.toFixed(2)} m`),
    "",
    ...table("off front", comparison.directions, (degrees) => `${degrees}°`),
    "",
    `Medians over distances differ by ${comparison.medianError.toFixed(1)} dB (root mean square); chance alone makes it ${comparison.expectedMedianError.toFixed(1)} dB.`,
    `Spreads over distances differ by ${comparison.spreadError.toFixed(1)} dB.`,
  ].join("\n");
}

function table(
  name: string,
  rows: readonly ComparisonRow[],
  format: (key: number) => string,
): string[] {
  const line = (first: string, cells: readonly string[]): string =>
    first.padEnd(INDENT) +
    cells.map((cell, index) => cell.padStart(COLUMNS[index]!.length)).join("  ");
  return [
    line(name, COLUMNS),
    ...rows.map(({ key, recordings, measured, modelled }) =>
      line(format(key), [
        String(recordings),
        ...[measured.median, modelled.median, measured.spread, modelled.spread].map((value) =>
          value.toFixed(1),
        ),
      ]),
    ),
  ];
}
