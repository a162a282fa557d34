/**
 * The token, put together. Data flows from the broadcast of one token to the scanner, the encounter log and
 * the sync of another; open the files in that order.
 *
 * @module
 */
// Espruino looks names up one by one in the order of their declaration: first what runs for every packet, then
// what runs for every change of identifier.
import "./neighbours.ts";
import "./broadcast.ts";
import * as board from "#board";
import { RED } from "../protocol/signals.ts";
import { openButton } from "./button.ts";
import { openClock } from "./clock.ts";
import { openEncounterLog } from "./encounter-log.ts";
import { openStateStore } from "./state-store.ts";
import { serveSync } from "./sync.ts";
import { resume } from "./wearer.ts";

// Whether an advertisement can be kept from Espruino's parser is seen by listening.
board.startScan(board.stopScan);
board.stopScan();
if (board.canListen && board.provisioned()) {
  openStateStore();
  openClock();
  openEncounterLog();
  serveSync();
  openButton();
  resume();
} else {
  // A token that was not provisioned stays blank: silent for good.
  board.rest();
  board.light(RED, !board.canListen);
}
