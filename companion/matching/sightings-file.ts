/**
 * A log of single sightings as a file, for developers who have the log of a phone or a receiver: one JSON object a line, with `rpi`
 * (32 hexadecimal digits), `aem` (8), `time` and, if it is known, `previousScan` (Unix seconds), and `rssi` (calibrated, dBm).
 *
 * @module
 */
import { z } from "zod";
import { Failure } from "../failure.ts";
import type { Sighting } from "./match-sightings.ts";

/** As phones clamp it. */
const LOWEST_RSSI = -127;
const HIGHEST_RSSI = 126;

// Milliseconds, as some programs log them, are far beyond.
const unixSeconds = z.number().min(0).max(0xffffffff);

const line = z.strictObject({
  rpi: z.string().regex(/^[0-9a-f]{32}$/i),
  aem: z.string().regex(/^([0-9a-f]{2})*$/i),
  time: unixSeconds,
  previousScan: unixSeconds.default(0),
  rssi: z.number().min(LOWEST_RSSI).max(HIGHEST_RSSI),
});

/** The sightings of a file, at least one; empty lines are passed over. @throws Failure `log-malformed`, which names the line */
export function parseSightings(file: Uint8Array): Sighting[] {
  const sightings: Sighting[] = [];
  const lines = Buffer.from(file)
    .toString("utf8")
    .replace(/^\uFEFF/, "")
    .split("\n");
  lines.forEach((text, index) => {
    if (text.trim() === "") return;
    const { rpi, aem, ...rest } = parseLine(text, index + 1);
    sightings.push({
      rpi: new Uint8Array(Buffer.from(rpi, "hex")),
      aem: new Uint8Array(Buffer.from(aem, "hex")),
      ...rest,
    });
  });
  if (sightings.length === 0) throw noLog();
  return sightings;
}

function parseLine(text: string, number: number): z.output<typeof line> {
  if (!text.startsWith("{")) throw noLog();
  try {
    const parsed = line.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
  } catch {
    // Not even JSON.
  }
  throw new Failure(
    "log-malformed",
    `Line ${number} of the log is not a sighting; it must be a JSON object with rpi, aem, time, rssi and, if known, previousScan.`,
  );
}

function noLog(): Failure {
  return new Failure(
    "log-malformed",
    "The log file is neither a token's log nor sightings, one JSON object a line, or it is empty or damaged; write it again.",
  );
}
