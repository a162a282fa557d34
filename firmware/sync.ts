/**
 * The desk's side door: a window of 60 seconds, opened by the wearer, in which the token can be
 * connected to and answers requests; see `protocol/messages.ts`.
 *
 * @module
 */
import * as board from "#board";
import { frameOf, LAST_FRAME } from "../protocol/frames.ts";
import { BAD_REQUEST, encode, REFUSED, REFUSED_LAYOUT, RESPONSE } from "../protocol/messages.ts";
import { SYNC_PAYLOAD } from "../protocol/service.ts";
import type { AdvertisingOptions, Timer } from "./board.ts";
import { pauseBroadcast } from "./broadcast.ts";
import { answer } from "./duties.ts";
import { pauseScanner } from "./scanner.ts";
import { showWindow } from "./signals.ts";
import { endConsent, showScreen } from "./wearer.ts";

/** How long the window stays open without a connection, and a connection without a request. */
const WINDOW_SECONDS = 60;
/** How long it stays open at all. */
const LIMIT_SECONDS = 600;
/** How long the end of a connection may take. */
const DISCONNECT_SECONDS = 5;
/** Frames are spread a little; the radio buffers some of them. */
const FRAME_MILLISECONDS = 20;
const OPTIONS: AdvertisingOptions = { interval: 100, connectable: true, scannable: true };

let windowTimer: Timer;
let limitTimer: Timer;
let frameTimer: Timer;
let isOpen = false;
let isConnected = false;

function finish(): void {
  board.cancel(windowTimer);
  windowTimer = undefined;
  isConnected = false;
  pauseBroadcast(false);
  pauseScanner(false);
}

function close(): void {
  board.cancel(windowTimer);
  board.cancel(limitTimer);
  board.cancel(frameTimer);
  windowTimer = limitTimer = frameTimer = undefined;
  isOpen = false;
  showWindow(false);
  showScreen();
  endConsent();
  if (isConnected) {
    // The address cannot change before the connection has ended, so the beacon has to wait.
    board.silence();
    windowTimer = board.after(finish, DISCONNECT_SECONDS * 1000);
  } else {
    finish();
  }
}

function extend(): void {
  board.cancel(windowTimer);
  windowTimer = board.after(close, WINDOW_SECONDS * 1000);
}

function respond(request: Uint8Array): Uint8Array {
  const tag = request[1];
  let refused = BAD_REQUEST;
  try {
    const result = answer(request);
    if (typeof result !== "number") {
      return encode(request[0] | RESPONSE, tag, result[0], result[1], result[2]);
    }
    refused = result;
  } catch {
    // The request was malformed; the codec has said all there is to say.
  }
  return encode(REFUSED, tag, REFUSED_LAYOUT, [refused]);
}

function send(message: Uint8Array, number: number): void {
  const frame = frameOf(message, number, board.NOTIFICATION_BYTES);
  board.notify(frame);
  frameTimer =
    frame[1] & LAST_FRAME
      ? undefined
      : board.after(() => send(message, number + 1), FRAME_MILLISECONDS);
}

/** Opens the window, or keeps it open longer. */
export function openSync(): void {
  if (!isOpen && !isConnected) {
    isOpen = true;
    pauseScanner(true);
    pauseBroadcast(true);
    limitTimer = board.after(close, LIMIT_SECONDS * 1000);
    board.advertise(board.randomAddress(), new Uint8Array(SYNC_PAYLOAD), OPTIONS);
  }
  if (isOpen) extend();
  // The button's own light has gone out where there is only one.
  showWindow(isOpen);
  showScreen();
}

/** Offers the service. */
export function serveSync(): void {
  board.serve(
    (request) => {
      if (!isOpen || request.length < 2) return;
      extend();
      board.cancel(frameTimer);
      send(respond(request), 0);
    },
    () => {
      isConnected = true;
      if (isOpen) extend();
    },
    () => {
      isConnected = false;
      board.cancel(frameTimer);
      frameTimer = undefined;
      // Room to connect again and go on after a dropped link.
      if (isOpen) extend();
      else finish();
    },
  );
}
