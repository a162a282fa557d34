/**
 * Face-to-face contact traces in the form of SocioPatterns: lines of `t i j`, persons i and j facing each other during the
 * 20 seconds before t. Source: sociopatterns.org/datasets, and the descriptions that come with its files.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { gunzipSync } from "node:zlib";
import { Failure } from "../../companion/failure.ts";
import { DAY } from "./days.ts";

/** Length of a slot of a trace in seconds. */
export const SLOT_SECONDS = 20;
const COMMENT = "#";
/** What comes after the third column, such as the persons' departments, is left alone. */
const LINE = /^\s*(\d+)\s+(\S+)\s+(\S+)/;
const GZIP = [0x1f, 0x8b];

/** A trace, in the order of its lines; the columns have one entry for each. */
export interface ContactTrace {
  /** What the file is called, without its endings. */
  readonly title: string;
  /** By index, in the order in which the file names them first. */
  readonly persons: readonly string[];
  /** Calendar days from the first line to the last. */
  readonly days: number;
  /** When a slot begins, in seconds since the trace's first midnight. */
  readonly from: Float64Array;
  /** Indices of the two persons, as the line has them. */
  readonly i: Uint32Array;
  readonly j: Uint32Array;
}

/**
 * Reads a file, plain or gzip.
 * @throws Failure `trace-missing`, `trace-unreadable`, `trace-empty` or `trace-malformed`
 */
export function readTrace(path: string): ContactTrace {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw missing
      ? new Failure("trace-missing", `There is no file ${path}; name one with lines of "t i j".`)
      : new Failure(
          "trace-unreadable",
          `The trace ${path} cannot be read; name a file that may be.`,
        );
  }
  if (GZIP.every((byte, index) => bytes[index] === byte)) {
    try {
      bytes = gunzipSync(bytes);
    } catch {
      throw new Failure(
        "trace-unreadable",
        `The trace ${path} is a damaged gzip file; fetch it again from where it came from.`,
      );
    }
  }
  return parseTrace(new TextDecoder().decode(bytes), titleOf(path));
}

/**
 * Reads the lines of a trace, in whatever order they are. Empty lines and those that begin with `#` are left out;
 * everything else has to be `t i j`, a heading too, so that nothing is lost unnoticed.
 *
 * Days count from the last multiple of 86,400 before the first `t`: of Unix time these are the midnights (UTC); where `t`
 * counts from the start of a study, that is the start, whatever the clock showed.
 *
 * @throws Failure `trace-malformed` that names the first line that is not one, or `trace-empty`
 */
export function parseTrace(text: string, title: string): ContactTrace {
  const persons = new Map<string, number>();
  const indexOf = (name: string): number => {
    let index = persons.get(name);
    if (index === undefined) {
      index = persons.size;
      persons.set(name, index);
    }
    return index;
  };
  const t: number[] = [];
  const i: number[] = [];
  const j: number[] = [];
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  let number = 0;
  for (let at = 0; at < text.length; ) {
    let end = text.indexOf("\n", at);
    if (end < 0) end = text.length;
    const line = text.slice(at, end);
    at = end + 1;
    number++;
    const match = LINE.exec(line);
    if (!match) {
      const rest = line.trim();
      if (rest === "" || rest.startsWith(COMMENT)) continue;
      throw malformed(number, rest, wrongIn(rest));
    }
    const [, time, one, other] = match as unknown as [string, string, string, string];
    const seconds = Number(time);
    if (!Number.isSafeInteger(seconds)) throw malformed(number, line, "t is no time");
    if (one === other) throw malformed(number, line, "nobody meets themselves");
    t.push(seconds);
    i.push(indexOf(one));
    j.push(indexOf(other));
    first = Math.min(first, seconds);
    last = Math.max(last, seconds);
  }
  if (t.length === 0) {
    throw new Failure(
      "trace-empty",
      `The trace ${title} has no lines; name a file with lines of "t i j".`,
    );
  }
  // The 20 seconds of the first line belong to the first day, too.
  const midnight = first - (first % DAY);
  const origin = Math.min(midnight, first - SLOT_SECONDS);
  return {
    title,
    persons: [...persons.keys()],
    days: Math.ceil((last - origin) / DAY),
    from: Float64Array.from(t, (seconds) => seconds - SLOT_SECONDS - origin),
    i: Uint32Array.from(i),
    j: Uint32Array.from(j),
  };
}

function wrongIn(line: string): string {
  const [time] = line.split(/[\s,;]/) as [string];
  if (/^-\d/.test(time)) return "t must not be negative";
  if (/^\d+\.\d/.test(time)) return "t must be whole seconds";
  if (/^\d+[,;]/.test(line)) return "put blanks or tabs between the columns";
  return `it must be "t i j": seconds and two persons`;
}

function malformed(number: number, line: string, why: string): Failure {
  const shown = JSON.stringify(line.trim().slice(0, 40));
  return new Failure("trace-malformed", `Line ${number} is no contact, ${why}: ${shown}.`);
}

function titleOf(path: string): string {
  return basename(path)
    .replace(/\.gz$/i, "")
    .replace(/\.(dat|txt|csv|tsv|tij)$/i, "");
}
