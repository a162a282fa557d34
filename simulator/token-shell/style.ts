/**
 * How things look on 80 columns: times, bytes, and colours where there are any.
 *
 * @module
 */
import { styleText } from "node:util";
import { intervalStart } from "../../protocol/intervals.ts";

/** Colours that are used. */
export type Tint = "red" | "green" | "blue" | "cyan" | "yellow" | "magenta" | "gray" | "bold";

/** Tints a text, or leaves it as it is. */
export type Paint = (tint: Tint, text: string) => string;

/** Tints on a terminal that wants it (see no-color.org), and nowhere else. */
export function paintFor(
  output: NodeJS.WritableStream,
  env: Readonly<Record<string, string | undefined>>,
): Paint {
  const isTerminal = (output as { isTTY?: boolean }).isTTY === true;
  if (!isTerminal || env["NO_COLOR"]) return (_, text) => text;
  return (tint, text) => styleText(tint, text, { validateStream: false });
}

const iso = (unixSeconds: number): string => new Date(Math.round(unixSeconds * 1000)).toISOString();

/** `06-02 08:00:00.000`, UTC, for a line of a list. */
export function stamp(unixSeconds: number): string {
  return iso(unixSeconds).slice(5, 23).replace("T", " ");
}

/** `2026-06-02 08:00:00`, UTC. */
export function dateAndTime(unixSeconds: number): string {
  return iso(unixSeconds).slice(0, 19).replace("T", " ");
}

/** `2026-06-02 08:10`, when an interval (ENIN) begins, UTC. */
export function intervalTime(interval: number): string {
  return dateAndTime(intervalStart(interval)).slice(0, 16);
}

/** `1 d 2 h`, `10 min 5 s`: the two largest parts of a duration in seconds. */
export function span(seconds: number): string {
  let rest = Math.round(seconds * 10) / 10;
  const parts: string[] = [];
  for (const [size, name] of [
    [86_400, "d"],
    [3600, "h"],
    [60, "min"],
  ] as const) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count) parts.push(`${count} ${name}`);
  }
  const whole = Math.round(rest * 10) / 10;
  if (whole || !parts.length) parts.push(`${whole} s`);
  return parts.slice(0, 2).join(" ");
}

/** Bytes in hexadecimal digits. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** `1 scan`, `2 scans`. */
export function counted(count: number, name: string): string {
  return `${count.toLocaleString("en")} ${name}${count === 1 ? "" : "s"}`;
}
