/**
 * What may be typed behind a command: durations, moments, distances, switches.
 *
 * @module
 */

/** What was typed cannot be done; its message is one sentence for whoever typed it. */
export class ShellError extends Error {
  override readonly name = "ShellError";
}

const UNITS: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  min: 60,
  h: 3600,
  d: 86_400,
};
const DAY = 86_400;
/** Nothing in a token is meant to last longer than a year. */
const LONGEST = 400 * DAY;

/** Seconds of a duration such as `90s`, `10m` or `1d12h`, more than 0 and at most 400 days. @throws ShellError */
export function durationOf(text: string): number {
  let seconds = 0;
  const rest = text.replace(/(\d+(?:\.\d+)?)(ms|min|[smhd])/gy, (_, number, unit) => {
    seconds += Number(number) * (UNITS[unit] as number);
    return "";
  });
  if (rest || !(seconds > 0)) {
    throw new ShellError(`"${text}" is no duration; write 90s, 10m, 2h or 1d12h.`);
  }
  if (seconds > LONGEST) throw new ShellError(`${text} is longer than 400 days; go in steps.`);
  return seconds;
}

/**
 * Unix seconds of a moment behind `now`: `2026-06-03T12:00Z`, a date alone, or `12:00` for the next such time. All are UTC.
 *
 * @throws ShellError
 */
export function momentOf(text: string, now: number): number {
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}))?Z?$/.exec(text);
  if (clock) {
    const [hours, minutes, seconds] = [clock[1], clock[2], clock[3] ?? 0].map(Number) as [
      number,
      number,
      number,
    ];
    if (hours < 24 && minutes < 60 && seconds < 60) {
      const today = Math.floor(now / DAY) * DAY + hours * 3600 + minutes * 60 + seconds;
      return today > now ? today : today + DAY;
    }
  }
  const isIso = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?)?$/.test(text);
  const moment = isIso ? Date.parse(text.includes("T") ? text.replace(/Z?$/, "Z") : text) : NaN;
  if (Number.isNaN(moment)) {
    throw new ShellError(`"${text}" is no time; write 2026-06-03T12:00Z, 2026-06-03 or 12:00.`);
  }
  const seconds = moment / 1000;
  if (seconds <= now) throw new ShellError(`${text} is past; time only goes ahead.`);
  if (seconds - now > LONGEST) {
    throw new ShellError(`${text} is more than 400 days ahead; go in steps.`);
  }
  return seconds;
}

/** Metres of a distance such as `2m`, `1.5` or `80cm`, 0.1 to 1000. @throws ShellError */
export function metresOf(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(cm|m)?$/.exec(text);
  const metres = match ? Number(match[1]) / (match[2] === "cm" ? 100 : 1) : NaN;
  if (metres >= 0.1 && metres <= 1000) return metres;
  throw new ShellError(`"${text}" is no distance; write 2m, 0.8m or 80cm, from 0.1 to 1000 m.`);
}

/** A number of a range; `what` it is stands in the sentence. @throws ShellError */
export function numberOf(text: string, what: string, least: number, most: number): number {
  const number = /^[-+]?\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (number >= least && number <= most) return number;
  throw new ShellError(`"${text}" is no ${what}; write a number from ${least} to ${most}.`);
}

/** One of some words. @throws ShellError */
export function choiceOf<T extends string>(text: string | undefined, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  const [last, ...others] = [...choices].reverse();
  const list = others.length ? `${others.reverse().join(", ")} or ${last}` : `${last}`;
  throw new ShellError(
    text === undefined ? `Say which: ${list}.` : `"${text}" is not known here; write ${list}.`,
  );
}
