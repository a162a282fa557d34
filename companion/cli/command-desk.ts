/**
 * The desk that serves one command, in the command's own process.
 *
 * @module
 */
import { Desk } from "../desk/desk.ts";
import type { Activity } from "../desk/desk-api.ts";
import type { SettledParts } from "./desk-of.ts";
import { tellPause } from "./options.ts";
import { createProgress, tell } from "./terminal.ts";

/**
 * Serves a wearer, and tells a person how it goes. Nothing is locked, and no chaff follows a look-up: `saqbol chaff` sends it.
 *
 * @param quiet - show no progress
 */
export async function atDesk<T>(
  parts: SettledParts,
  quiet: boolean,
  serve: (desk: Desk) => Promise<T>,
): Promise<T> {
  const desk = new Desk({
    ...parts,
    chaff: false,
    lockAfterSeconds: undefined,
  });
  const progress = createProgress("Reading the log", quiet);
  let before: Activity | null = null;
  desk.watch(() => {
    const { activity } = desk.view;
    if (activity) tellActivity(activity, before, progress);
    before = activity;
  });
  try {
    return await serve(desk);
  } finally {
    await desk.close();
  }
}

function tellActivity(
  { step, done, connectionLost, otherTokenNear, serverPause }: Activity,
  before: Activity | null,
  progress: (done: number, total: number) => void,
): void {
  if (connectionLost && !before?.connectionLost) {
    tell("The connection was lost; looking for the token again. Keep it close.");
  }
  const wasSearched = before?.step === "searching" && !before.connectionLost;
  if (step === "searching" && !connectionLost && !wasSearched) {
    tell("Hold the token's button until the blue light comes on, and keep the token close.");
  }
  if (otherTokenNear && !before?.otherTokenNear) {
    tell("A token is near that does not belong to this card; still looking.");
  }
  if (step === "connected" && wasSearched) tell("Connected.");
  if (step === "reading-log" && done !== null) progress(Math.round(100 * done), 100);
  if (serverPause !== null && serverPause !== before?.serverPause) tellPause(serverPause);
}
