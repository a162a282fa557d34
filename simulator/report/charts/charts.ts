/**
 * Draws the report's charts in the browser: as wide as there is room, and for paper as wide as a page.
 *
 * @module
 */
import type { Drawing } from "../drawings.ts";
import { drawBand } from "./draw-band.ts";
import { drawHeatMap } from "./draw-heat-map.ts";
import { drawHistogram } from "./draw-histogram.ts";
import { drawLines } from "./draw-lines.ts";
import { drawMultiples } from "./draw-multiples.ts";
import { drawRanges } from "./draw-ranges.ts";
import { drawScatter } from "./draw-scatter.ts";
import { drawShares } from "./draw-shares.ts";
import { drawStack } from "./draw-stack.ts";
import { drawTimeline } from "./draw-timeline.ts";

/** CSS pixels between the margins of an A4 page; see print.css. */
const PAGE_WIDTH = 680;

const drawings: Record<string, Drawing> = JSON.parse(
  document.querySelector("#drawings")!.textContent!,
);
const places = [...document.querySelectorAll<HTMLElement>(".place")];

for (const place of places) {
  place.closest<HTMLElement>(".picture")!.hidden = false;
  show(place, widthOf(place));
  place.closest("figure")!.querySelector("details")?.removeAttribute("open");
}
let isOnPaper = false;
const observer = new ResizeObserver((entries) => {
  if (isOnPaper) return;
  for (const { target } of entries) show(target as HTMLElement, widthOf(target as HTMLElement));
});
for (const place of places) observer.observe(place);
addEventListener("beforeprint", () => {
  isOnPaper = true;
  for (const place of places) show(place, PAGE_WIDTH);
});
addEventListener("afterprint", () => {
  isOnPaper = false;
  for (const place of places) show(place, widthOf(place));
});

function widthOf(place: HTMLElement): number {
  return Math.floor(place.getBoundingClientRect().width);
}

function show(place: HTMLElement, width: number): void {
  if (width <= 0 || place.dataset["width"] === String(width)) return;
  const chart = draw(drawings[place.dataset["drawing"]!]!, width);
  chart.setAttribute("role", "img");
  chart.setAttribute("aria-label", place.dataset["label"]!);
  place.replaceChildren(chart);
  place.dataset["width"] = String(width);
}

function draw(drawing: Drawing, width: number): Element {
  switch (drawing.kind) {
    case "heat-map":
      return drawHeatMap(drawing, width);
    case "shares":
      return drawShares(drawing, width);
    case "lines":
      return drawLines(drawing, width);
    case "histogram":
      return drawHistogram(drawing, width);
    case "band":
      return drawBand(drawing, width);
    case "stack":
      return drawStack(drawing, width);
    case "ranges":
      return drawRanges(drawing, width);
    case "timeline":
      return drawTimeline(drawing, width);
    case "scatter":
      return drawScatter(drawing, width);
    case "multiples":
      return drawMultiples(drawing, width);
  }
}
