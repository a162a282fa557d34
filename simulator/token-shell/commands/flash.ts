/**
 * The flash: `flash`, `save`, `load`.
 *
 * @module
 */
import { writeWhole } from "../../../companion/cli/files.ts";
import { pageBytes, readPage } from "../flash-pages.ts";
import { readImage } from "../image-file.ts";
import { flashMap } from "../views/flash-map.ts";
import { hexLines, pageLines } from "../views/page-view.ts";
import { choiceOf, ShellError } from "../words.ts";
import type { Command, Session } from "./command.ts";

/** Shows the flash, or lets it fail. */
export const flash: Command = {
  name: "flash",
  short: ["f"],
  usage: ["flash", "flash PAGE [hex]", "flash fail on|off"],
  summary: "a map of the flash, or one of its pages",
  more: [
    "flash          which page holds what",
    "flash 3        what page 3 holds, decoded",
    "flash 3 hex    its bytes",
    "flash fail on  from now on writing and erasing fail without a word",
  ],
  next: ({ bench }, words) =>
    words.length === 0
      ? [...bench.pages.map((_, page) => String(page)), "fail"]
      : words[0] === "fail"
        ? ["on", "off"]
        : ["hex"],
  run: (session, [what, how]) => {
    const { bench, print, paint } = session;
    if (what === undefined) {
      const { device, board, firmware, pages } = bench;
      const lines = flashMap(board, pages, firmware.length, device.flash.erases, paint);
      for (const line of lines) print(line);
      if (device.flash.failing) print(paint("red", "Writing and erasing fail."));
    } else if (what === "fail") {
      bench.device.flash.failing = choiceOf(how, ["on", "off"]) === "on";
    } else {
      showPage(session, what, how);
    }
  },
};

/** Keeps the flash in a file. */
export const save: Command = {
  name: "save",
  usage: ["save FILE"],
  summary: "write the flash to a file",
  run: ({ bench, print }, [file]) => {
    if (file === undefined) throw new ShellError("Say where: save token.flash.");
    const { bytes } = bench.device.flash;
    writeWhole(file, bytes);
    print(`${bytes.length} bytes written to ${file}.`);
  },
};

/** Puts the flash of a file in. */
export const load: Command = {
  name: "load",
  usage: ["load FILE"],
  summary: "take the flash of a file; the token starts anew from it",
  more: ["If the file was used up to a later time than now, time goes on to then."],
  run: async ({ bench }, [file]) => {
    if (file === undefined) throw new ShellError("Say from where: load token.flash.");
    await bench.load(readImage(file, bench.board));
  },
};

function showPage({ bench, print }: Session, what: string, how: string | undefined): void {
  const count = bench.pages.length;
  const page = /^\d+$/.test(what) ? Number(what) : NaN;
  if (!(page < count)) {
    throw new ShellError(`There is no page "${what}"; the token's own are 0 to ${count - 1}.`);
  }
  const bytes = pageBytes(bench.pool, page);
  const asBytes = how !== undefined && choiceOf(how, ["hex"]) === "hex";
  const lines = asBytes ? hexLines(bytes) : pageLines(readPage(bytes), bench.neighbours);
  for (const line of lines) print(line);
}
