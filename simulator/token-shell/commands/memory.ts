/**
 * The memory: `memory`.
 *
 * @module
 */
import { BOARD_MODELS } from "../../espruino/boards.ts";
import { counted } from "../style.ts";
import { measureVariables } from "../variables.ts";
import { choiceOf, ShellError } from "../words.ts";
import type { Command, Session } from "./command.ts";

/** Counts variables, or lets memory run out. */
export const memory: Command = {
  name: "memory",
  short: ["m"],
  usage: ["memory", "memory fragment", "memory full on|off"],
  summary: "variables on the real interpreter; or let memory run out",
  more: [
    "On the simulated board JavaScript has all the memory of this computer. So",
    "variables are counted on a real Espruino interpreter, which the environment",
    "variable ESPRUINO names: it boots from this token's flash, as after a change",
    "of battery, and as many neighbours are near it as here, for ten minutes.",
    "memory fragment     native cryptography finds no room until memory is in order",
    "memory full on|off  it finds none even then",
  ],
  next: (_, words) => (words[0] === "full" ? ["on", "off"] : ["fragment", "full"]),
  run: async (session, [what, how]) => {
    const { bench, print } = session;
    if (what === undefined) {
      await show(session);
      return;
    }
    const kind = choiceOf(what, ["fragment", "full"]);
    if (!BOARD_MODELS[bench.board].crypto.length) {
      throw new ShellError(
        `A ${bench.board} has no native cryptography, the only part of the model that asks for memory.`,
      );
    }
    if (kind === "fragment") {
      bench.device.isFragmented = true;
      print("No free variables lie side by side now.");
    } else {
      bench.device.isFull = choiceOf(how, ["on", "off"]) === "on";
    }
  },
};

async function show({ bench, print, interpreter }: Session): Promise<void> {
  const { device, board } = bench;
  const near = bench.neighbours.all.filter(({ placing }) => placing).length;
  print(`Timers waiting     ${device.timersWaiting}`);
  print(`Neighbours near    ${near}`);
  if (device.isFragmented) print("Memory             fragmented");
  if (device.isFull) print("Memory             full");
  if (board !== "puckjs") {
    print("Variables          can be counted for the board puckjs alone");
  } else if (interpreter === undefined) {
    print("Variables          not known on a simulated board: set ESPRUINO to an Espruino");
    print("                   interpreter (CONTRIBUTING.md, Test), and start again");
  } else {
    const { total, afterBoot, afterTenMinutes, peak } = await measureVariables(
      interpreter,
      device.flash.bytes,
      near,
    );
    const [all, first, later, most] = [total, afterBoot, afterTenMinutes, peak].map((each) =>
      each.toLocaleString("en"),
    );
    print(`Variables          ${first} after boot, ${later} after ten minutes with`);
    print(`                   ${counted(near, "neighbour")}, at most ${most}; there are ${all}`);
  }
}
