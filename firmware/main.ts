/**
 * The token, put together. Data flows from the broadcast of one token to the scanner, the encounter log and
 * the sync of another; open the files in that order.
 *
 * @module
 */
import { SYNC_SERVICE } from "../protocol/service.ts";
import { BLUE, type Board } from "./board.ts";
import { createBroadcast } from "./broadcast.ts";
import { openClock } from "./clock.ts";
import { createDuties } from "./duties.ts";
import { openEncounterLog } from "./encounter-log.ts";
import { openKeys } from "./keys.ts";
import { createScanner } from "./scanner.ts";
import { createSignals } from "./signals.ts";
import { openStateStore } from "./state-store.ts";
import { createSync } from "./sync.ts";
import { createWearer } from "./wearer.ts";

/** How long the button must be held to open the sync window. */
const LONG_PRESS_SECONDS = 3;

/** Flags (general discoverable, no BR/EDR), then the complete list of 128-bit services. */
function syncPayload(): Uint8Array {
  const payload = new Uint8Array(21);
  payload.set([2, 1, 6, 17, 7]);
  const digits = SYNC_SERVICE.split("-").join("");
  for (let i = 0; i < 16; i++) payload[20 - i] = parseInt(digits.substr(2 * i, 2), 16);
  return payload;
}

/** Starts a token on a board. A token that was not provisioned stays blank: silent for good. */
export function start(board: Board): void {
  board.silence();
  if (!board.provisioned()) return;

  const store = openStateStore(board);
  const clock = openClock(board, store);
  const keys = openKeys(board, store);
  const log = openEncounterLog(board, store);
  const broadcast = createBroadcast(board, clock, keys);
  const scanner = createScanner(board, clock, log);
  const signals = createSignals(board);
  const wearer = createWearer(board, store, clock, keys, log, broadcast, scanner, signals);
  const duties = createDuties(board, store, clock, keys, log, wearer);
  const sync = createSync(
    board,
    duties,
    syncPayload(),
    () => {
      board.light(BLUE, true);
      scanner.pause(true);
      broadcast.pause(true);
    },
    () => {
      board.light(BLUE, false);
      wearer.endConsent();
    },
    () => {
      broadcast.pause(false);
      scanner.pause(false);
    },
  );

  board.onButton((seconds) => {
    if (seconds >= LONG_PRESS_SECONDS) sync.open();
    else wearer.show();
  });
  wearer.resume();
}
