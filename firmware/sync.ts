/**
 * The desk's side door: a window of 60 seconds, opened by the wearer, in which the token can be
 * connected to and answers the requests of whoever holds its card; see `docs/sync-protocol.md`.
 *
 * @module
 */
import * as board from "#board";
import { fragmentOf, LAST_FRAGMENT } from "../protocol/frames.ts";
import { BAD_REQUEST, encode, REFUSED, REFUSED_LAYOUT, RESPONSE } from "../protocol/messages.ts";
import { syncPayload } from "../protocol/service.ts";
import type { Timer, Written } from "./board.ts";
import { pauseBroadcast } from "./broadcast.ts";
import { answer } from "./duties.ts";
import { pauseScanner } from "./scanner.ts";
import { accept, counter, endSession, isProven, reply, respond } from "./session.ts";
import { isWindowOpen, showWindow } from "./signals.ts";
import { endConsent, showScreen } from "./wearer.ts";

/** How long the window stays open from the press of the button, and from each request of a desk. */
const WINDOW_SECONDS = 60;
/** How long it stays open at all. */
const LIMIT_SECONDS = 600;
/**
 * How long the end of a connection may take: a central that does not answer is given up after 32 seconds (Core Specification,
 * volume 6, part B, section 4.5.2). Until then the address cannot change.
 */
const DISCONNECT_SECONDS = 35;
/** How long a central may be connected without proof that it holds the card: then it is another's turn. */
const PROOF_SECONDS = 10;
/**
 * Between notifications, in milliseconds: two in a connection interval of 15 ms. What the radio has no buffer for is lost;
 * then the desk asks again, and notifications come at half the pace from there on.
 */
const SHORTEST_GAP = 8;
const LONGEST_GAP = 64;
const ADVERTISING_MILLISECONDS = 100;
const RETRY_MILLISECONDS = 60_000;

let windowTimer: Timer;
let limitTimer: Timer;
let fragmentTimer: Timer;
let proofTimer: Timer;
let gap = SHORTEST_GAP;
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
  board.cancel(fragmentTimer);
  board.cancel(proofTimer);
  limitTimer = fragmentTimer = proofTimer = undefined;
  // Where a connection has to end first, the beacon waits.
  windowTimer = board.after(finish, isConnected ? DISCONNECT_SECONDS * 1000 : 0);
  board.silence();
  showWindow(false);
  showScreen();
  endConsent();
}

function extend(): void {
  board.cancel(windowTimer);
  windowTimer = board.after(close, WINDOW_SECONDS * 1000);
}

function send(reply: Uint8Array, number: number): void {
  const fragment = fragmentOf(reply, counter, number, board.NOTIFICATION_BYTES);
  board.notify(fragment);
  fragmentTimer =
    fragment[0] & LAST_FRAGMENT ? undefined : board.after(() => send(reply, number + 1), gap);
}

function take(written: Written): void {
  const bytes = new Uint8Array(written.data);
  if (!isWindowOpen || bytes.length < 2) return;
  const before = counter;
  try {
    const request = accept(bytes);
    if (!request) return;
    if (request.length) {
      const refuse = (reason: number): void =>
        respond(encode(REFUSED, request[1], REFUSED_LAYOUT, [reason]));
      board.cancel(proofTimer);
      proofTimer = undefined;
      extend();
      // What the same frame brings if the token runs out of memory on the way: nothing is done twice.
      refuse(BAD_REQUEST);
      try {
        const result = answer(request);
        if (typeof result === "number") refuse(result);
        else respond(encode(request[0] | RESPONSE, request[1], result[0], result[1], result[2]));
      } catch {
        // The request was malformed; the codec has said all there is to say.
      }
    } else if (counter === before) {
      gap = Math.min(LONGEST_GAP, 2 * gap);
    }
    board.cancel(fragmentTimer);
    send(reply(), 0);
  } catch {
    // There was no room for a result of cryptography: then the desk asks again.
  }
}

/** Opens the window, or keeps it open longer. */
export function openSync(): void {
  if (!isWindowOpen && !isConnected) {
    showWindow(true);
    pauseScanner(true);
    pauseBroadcast(true);
    limitTimer = board.after(close, LIMIT_SECONDS * 1000);
    if (!board.advertise(board.randomAddress(), syncPayload(), ADVERTISING_MILLISECONDS, true)) {
      // The light goes out, and the wearer can try again.
      close();
    }
  }
  if (isWindowOpen) extend();
  // The button's own light has gone out where there is only one.
  showWindow(isWindowOpen);
  showScreen();
}

/** Offers the service, and tries again when that failed. */
export function serveSync(): void {
  const isServed = board.serve(
    take,
    () => {
      isConnected = true;
      endSession();
      gap = SHORTEST_GAP;
      board.cancel(proofTimer);
      proofTimer = board.after(() => {
        proofTimer = undefined;
        // Ends the connection; then the token can be connected to again.
        board.silence();
        board.wake();
      }, PROOF_SECONDS * 1000);
    },
    () => {
      isConnected = false;
      board.cancel(fragmentTimer);
      board.cancel(proofTimer);
      fragmentTimer = proofTimer = undefined;
      // Room to connect again and go on after a dropped link, for those who hold the card.
      if (!isWindowOpen) finish();
      else if (isProven) extend();
      endSession();
    },
  );
  if (!isServed) board.after(serveSync, RETRY_MILLISECONDS);
}
