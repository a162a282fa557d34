/**
 * Other tokens near by: `neighbour`.
 *
 * @module
 */
import type { Neighbour, Placing } from "../neighbours.ts";
import { stamp } from "../style.ts";
import { metresOf, ShellError } from "../words.ts";
import type { Command, Session } from "./command.ts";

const NAME = /^[\p{L}\p{N}_-]{1,16}$/u;

/** Puts another token near, or takes it away. */
export const neighbour: Command = {
  name: "neighbour",
  short: ["neighbours", "n"],
  usage: ["neighbour NAME DISTANCE [wall] [behind]", "neighbour NAME gone", "neighbours"],
  summary: "put another token at a distance, or take it away",
  more: [
    "neighbour anna 2m          in the same room, 2 m away",
    "neighbour anna 2m wall     in the room next door",
    "neighbour anna 2m behind   with a body between the two",
    "A new neighbour is enrolled at a desk first, which takes a minute.",
  ],
  next: ({ bench }, words) =>
    words.length === 0
      ? bench.neighbours.all.map(({ name }) => name)
      : words.length === 1
        ? ["0.5m", "1m", "2m", "5m", "gone"]
        : ["wall", "behind"],
  run: async (session, [name, where, ...more]) => {
    const { bench, print } = session;
    if (name === undefined) {
      list(session);
      return;
    }
    if (!NAME.test(name)) {
      throw new ShellError(`"${name}" is no name; take up to 16 letters, digits, - and _.`);
    }
    if (where === undefined) throw new ShellError(`Say where ${name} is: neighbour ${name} 2m.`);
    if (where === "gone") {
      bench.neighbours.place(neighbourOf(session, name), undefined);
      return;
    }
    const placing = { metres: metresOf(where), ...obstaclesOf(more) };
    const isNew = !bench.neighbours.get(name);
    bench.neighbours.place(await bench.neighbour(name), placing);
    if (isNew) print(`${name} is new and was enrolled at a desk first, which took a minute.`);
  },
};

/** A neighbour by name. @throws ShellError */
export function neighbourOf({ bench }: Session, name: string): Neighbour {
  const found = bench.neighbours.get(name);
  if (found) return found;
  throw new ShellError(`There is no neighbour ${name}; make one: neighbour ${name} 2m.`);
}

function obstaclesOf(words: readonly string[]): Omit<Placing, "metres"> {
  const stranger = words.find((word) => word !== "wall" && word !== "behind");
  if (stranger !== undefined) {
    throw new ShellError(`"${stranger}" is nothing between tokens; write wall or behind.`);
  }
  return { wall: words.includes("wall"), behind: words.includes("behind") };
}

function list({ bench, print, paint }: Session): void {
  const { all } = bench.neighbours;
  if (!all.length) {
    print("No neighbours; put one somewhere: neighbour anna 2m.");
    return;
  }
  print(paint("bold", "name              where                   last heard"));
  for (const { name, placing, heard } of all) {
    const where = placing
      ? `${placing.metres} m${placing.wall ? ", wall" : ""}${placing.behind ? ", behind" : ""}`
      : "gone";
    const last = heard ? `${stamp(heard.at)}, ${heard.rssi} dBm` : "never";
    print(`${name.padEnd(16)}  ${where.padEnd(22)}  ${last}`);
  }
}
