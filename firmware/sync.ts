/**
 * The desk's side door: a window of 60 seconds, opened by the wearer, in which the token can be
 * connected to and answers requests; see `protocol/messages.ts`.
 *
 * @module
 */
import { frameOf, LAST_FRAME } from "../protocol/frames.ts";
import { BAD_REQUEST, encode, REFUSED, REFUSED_LAYOUT, RESPONSE } from "../protocol/messages.ts";
import type { Board, Timer } from "./board.ts";
import type { Duties } from "./duties.ts";

/** How long the window stays open without a connection, and a connection without a request. */
const WINDOW_SECONDS = 60;
/** How long it stays open at all. */
const LIMIT_SECONDS = 600;
/** How long the end of a connection may take. */
const DISCONNECT_SECONDS = 5;
/** Frames are spread a little; the radio buffers some of them. */
const FRAME_MILLISECONDS = 20;
const ADVERTISING_MILLISECONDS = 100;

/** See the module's description. */
export interface Sync {
  /** Opens the window, or keeps it open longer. */
  open(): void;
}

/**
 * Offers the service.
 *
 * @param duties - answers requests
 * @param payload - what to advertise while the window is open
 * @param opened - called when the window opens, before it goes on air
 * @param closed - called when it closes, while a connection may still be ending
 * @param resumed - called when the radio is free again
 */
export function createSync(
  board: Board,
  duties: Duties,
  payload: Uint8Array,
  opened: () => void,
  closed: () => void,
  resumed: () => void,
): Sync {
  let windowTimer: Timer;
  let limitTimer: Timer;
  let frameTimer: Timer;
  let isOpen = false;
  let isConnected = false;

  function finish(): void {
    board.cancel(windowTimer);
    windowTimer = undefined;
    isConnected = false;
    resumed();
  }

  function close(): void {
    board.cancel(windowTimer);
    board.cancel(limitTimer);
    board.cancel(frameTimer);
    windowTimer = limitTimer = frameTimer = undefined;
    isOpen = false;
    closed();
    if (isConnected) {
      // The address cannot change before the connection has ended, so the beacon has to wait.
      board.silence();
      windowTimer = board.after(DISCONNECT_SECONDS * 1000, finish);
    } else {
      finish();
    }
  }

  function extend(): void {
    board.cancel(windowTimer);
    windowTimer = board.after(WINDOW_SECONDS * 1000, close);
  }

  function answer(request: Uint8Array): Uint8Array {
    const tag = request[1];
    let refused = BAD_REQUEST;
    try {
      const result = duties(request);
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
    const frame = frameOf(message, number, board.notificationBytes);
    board.notify(frame);
    frameTimer =
      frame[1] & LAST_FRAME
        ? undefined
        : board.after(FRAME_MILLISECONDS, () => send(message, number + 1));
  }

  board.serve(
    (request) => {
      if (!isOpen || request.length < 2) return;
      extend();
      board.cancel(frameTimer);
      send(answer(request), 0);
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

  return {
    open: () => {
      if (!isOpen && !isConnected) {
        isOpen = true;
        opened();
        limitTimer = board.after(LIMIT_SECONDS * 1000, close);
        board.advertise(board.randomBytes(6), payload, ADVERTISING_MILLISECONDS, true);
      }
      if (isOpen) extend();
    },
  };
}
