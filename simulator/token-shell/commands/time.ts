/**
 * Time, the button and what is told of it: `run`, `until`, `press`, `events`.
 *
 * @module
 */
import type { EventLevel, Tally } from "../events.ts";
import { counted, dateAndTime, span } from "../style.ts";
import { choiceOf, durationOf, momentOf, ShellError } from "../words.ts";
import type { Command, Session } from "./command.ts";

const LEVELS: readonly EventLevel[] = ["on", "off", "scans"];

/** Lets a duration pass. */
export const run: Command = {
  name: "run",
  short: ["r"],
  usage: ["run DURATION"],
  summary: "let time pass: run 90s, run 10m, run 1d12h",
  more: ["Tells what happens meanwhile, see `help events`. Ctrl-C stops it."],
  next: () => ["1m", "10m", "1h", "1d"],
  run: (session, [duration]) => pass(session, durationOf(given(duration, "how long: run 10m"))),
};

/** Lets time pass up to a moment. */
export const until: Command = {
  name: "until",
  short: ["u"],
  usage: ["until TIME"],
  summary: "let time pass up to a moment: until 12:00, until 2026-06-03T12:00Z",
  more: ["Times are UTC. A time of day means the next one."],
  run: (session, [time]) => {
    const { now } = session.bench.world;
    return pass(session, momentOf(given(time, "until when: until 12:00"), now) - now);
  },
};

/** Holds the button. */
export const press: Command = {
  name: "press",
  short: ["p"],
  usage: ["press DURATION"],
  summary: "hold the button: press 1s, press 3s, press 10s",
  more: [
    "Shorter than 3 s shows the state, 3 s opens the sync window, 10 s pauses, or",
    "goes on. It is let go 0.1 s later; then time passes until the signal was seen.",
  ],
  next: () => ["1s", "3s", "10s"],
  run: async ({ bench }, [duration]) => {
    const held = given(duration, "how long: press 3s");
    await bench.press(durationOf(/^[\d.]+$/.test(held) ? `${held}s` : held));
  },
};

/** Says, or sets, how much is told. */
export const events: Command = {
  name: "events",
  short: ["e"],
  usage: ["events on|off|scans"],
  summary: "how much is told of what happens",
  more: [
    "on     everything but single scans, of which there is a summary (so it begins)",
    "scans  single scans as well",
    "off    the summary alone",
  ],
  next: () => LEVELS,
  run: (session, [level]) => {
    if (level !== undefined) session.events = choiceOf(level, LEVELS);
    else session.print(`Events are ${session.events}.`);
  },
};

function given(word: string | undefined, what: string): string {
  if (word !== undefined) return word;
  throw new ShellError(`Say ${what}.`);
}

async function pass(session: Session, seconds: number): Promise<void> {
  const { bench, print, paint } = session;
  const began = bench.world.now;
  const tally = await bench.advance(seconds);
  const passed = bench.world.now - began;
  const stopped = bench.stop.aborted ? "Stopped after " : "";
  const { now } = bench.world;
  print(paint("gray", `${stopped}${span(passed)}, now ${dateAndTime(now)} UTC.`));
  if (bench.device.isOn) print(paint("gray", inWords(tally)));
}

function inWords({ scans, silent, beacons, rotations, records, erases }: Tally): string {
  const heard = !scans
    ? "No scans"
    : silent === scans
      ? `${counted(scans, "scan")} heard nobody`
      : `${counted(scans, "scan")} heard ${counted(beacons, "beacon")}`;
  return `${heard}; ${counted(rotations, "identifier")}, ${counted(records, "record")}, ${counted(erases, "page")} erased.`;
}
