/**
 * @module
 */
import { dot, gridX, ruleX, ruleY, text } from "@observablehq/plot";
import type { Ranges } from "../drawings.ts";
import { axisBelow } from "./axes.ts";
import { draw, ticksIn } from "./draw.ts";

const ROW = 50;

/** Draws a range for each row, whose name stands above it. */
export function drawRanges({ x, rows }: Ranges, width: number): Element {
  const names = rows.map(({ name }) => name);
  const most = Math.max(1, ...rows.map(({ high }) => high));
  return draw({
    width,
    height: rows.length * ROW + 52,
    marginLeft: 12,
    marginRight: 20,
    marginTop: 4,
    marginBottom: 44,
    x: { domain: [0, most], nice: true },
    y: { type: "band", domain: names, axis: null },
    marks: [
      gridX({ ticks: ticksIn(width), className: "grid" }),
      ruleX([0], { className: "base" }),
      ruleY(rows, { x1: "low", x2: "high", y: "name", className: "range" }),
      dot(rows, { x: "median", y: "name", r: 6, className: "median" }),
      text(rows, {
        x: 0,
        y: "name",
        text: "name",
        textAnchor: "start",
        dx: 6,
        dy: -17,
        className: "written",
      }),
      axisBelow(x, ticksIn(width)),
    ],
  });
}
