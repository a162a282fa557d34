/**
 * What the panel of the demonstration shows and asks for. Types only, so that the panel does not carry the simulator with it.
 *
 * @module
 */
import type { Colour } from "../espruino/boards.ts";

/** All that the panel shows, pushed to it whenever something changes. */
export interface DemoState {
  readonly tokens: readonly DemoToken[];
  readonly slips: readonly DemoSlip[];
}

/** A token and its card. */
export interface DemoToken {
  readonly name: TokenName;
  /** `met`: has met somebody who was found infected; `positive`: its wearer's test is positive; `new`: was never switched on. */
  readonly story: "met" | "positive" | "new";
  readonly serial: number;
  /** What a scanner types when the card is held in front of it. */
  readonly code: string;
  /** The card's QR code. */
  readonly qr: QrCode;
  readonly lights: Readonly<Record<Colour, boolean>>;
  /** Whether its button is held. */
  readonly pressed: boolean;
}

/** A square of dark and light fields, as an SVG path of the dark ones. */
export interface QrCode {
  /** Fields along an edge, the quiet zone with them. */
  readonly size: number;
  readonly path: string;
}

/** A laboratory's slip. */
export interface DemoSlip {
  readonly kind: "positive" | "negative" | "pending" | "invalid" | "redeemed" | "unknown";
  /** 10 digits. */
  readonly code: string;
}

/** Which of the two tokens. */
export type TokenName = "A" | "B";

/** How a button is pressed: shortly, until the sync window opens, or until the token pauses or goes on. */
export type Press = "short" | "hold" | "pause";
