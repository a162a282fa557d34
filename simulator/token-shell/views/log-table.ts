/**
 * A log as a table.
 *
 * @module
 */
import type { DatedEncounter } from "../../../companion/matching/match-log.ts";
import type { Neighbours } from "../neighbours.ts";
import { counted, hex, intervalTime, type Paint } from "../style.ts";

/** Lines of at most 80 characters, the oldest record first. */
export function logTable(
  log: readonly DatedEncounter[],
  neighbours: Neighbours,
  paint: Paint,
): string[] {
  if (!log.length) return ["The log is empty."];
  const head = "time (UTC)        min  mean  best  atten.  neighbour         RPI prefix";
  const rows = log.map((encounter) => {
    const { interval, minutes, meanRssi, bestRssi, rpiPrefix, uncertainty } = encounter;
    const name = neighbours.nameOf(rpiPrefix);
    const power = name === undefined ? undefined : neighbours.get(name)?.txPower;
    const attenuation = power === undefined ? "" : `${power - meanRssi} dB`;
    return [
      intervalTime(interval),
      String(minutes).padStart(4),
      String(meanRssi).padStart(5),
      String(bestRssi).padStart(5),
      attenuation.padStart(7),
      ` ${(name ?? "unknown").padEnd(16)}`,
      `${hex(rpiPrefix)}${uncertainty ? " ?" : ""}`,
    ].join(" ");
  });
  const minutes = log.reduce((sum, encounter) => sum + encounter.minutes, 0);
  return [paint("bold", head), ...rows, `${counted(log.length, "record")}, ${minutes} minutes.`];
}
