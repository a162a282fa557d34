/**
 * What all charts have in common.
 *
 * @module
 */
import { type PlotOptions, plot } from "@observablehq/plot";

/** CSS pixels of a character, about, at the size that charts are written in. */
const CHARACTER = 7;
/** An axis for as little room as a telephone has gets fewer ticks. */
const TICK = 70;

/** Draws a chart whose colours and letters are the page's: its policy would not allow Plot's own style. */
export function draw(options: PlotOptions): Element {
  const chart = plot(options);
  chart.querySelector("style")?.remove();
  // The chart is one image with one label.
  for (const part of chart.querySelectorAll("[aria-label], [aria-hidden]")) {
    part.removeAttribute("aria-label");
    part.removeAttribute("aria-hidden");
  }
  return chart;
}

/** How many ticks an axis of some width has room for. */
export const ticksIn = (width: number): number =>
  Math.max(2, Math.min(10, Math.floor(width / TICK)));

/** Room for the longest of some texts, but no more than a share of the width. */
export function roomFor(texts: readonly string[], width: number, share: number): number {
  const longest = texts.reduce((most, { length }) => Math.max(most, length), 0);
  return Math.min(longest * CHARACTER + 12, Math.floor(width * share));
}

/** What of a text goes into some room. */
export function fitted(text: string, room: number): string {
  const characters = Math.floor((room - 10) / CHARACTER);
  return text.length <= characters ? text : `${text.slice(0, Math.max(1, characters - 1))}…`;
}
