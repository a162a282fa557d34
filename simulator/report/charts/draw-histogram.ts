/**
 * @module
 */
import { axisX, axisY, gridY, rectY, ruleX, ruleY, text } from "@observablehq/plot";
import type { Histogram } from "../drawings.ts";
import { draw, ticksIn } from "./draw.ts";

/** Draws how often something is how large. */
export function drawHistogram({ x, y, bars, rules }: Histogram, width: number): Element {
  // Narrow bars stand close, or there would be nothing left of them.
  const gap = width / bars.length > 8 ? 1 : 0;
  const domain: [number, number] = [bars[0]!.from, bars.at(-1)!.to];
  return draw({
    width,
    height: 240,
    marginLeft: 52,
    marginRight: 20,
    marginTop: 54,
    marginBottom: 44,
    x: { domain },
    y: { nice: true },
    marks: [
      gridY({ ticks: 4, className: "grid" }),
      rectY(bars, {
        x1: "from",
        x2: "to",
        y1: 0,
        y2: "count",
        insetLeft: gap,
        insetRight: gap,
        className: "amount",
      }),
      ruleY([0], { className: "base" }),
      ruleX(rules, { x: "at", className: "chosen" }),
      // Names of neighbours stand over each other.
      ...rules.map((rule, index) =>
        text([rule], {
          x: "at",
          frameAnchor: "top",
          text: "name",
          dy: index % 2 ? -28 : -14,
          className: "written",
        }),
      ),
      axisY({ ticks: 4, tickSize: 0, label: null, className: "axis" }),
      axisX({
        // What is counted has whole numbers.
        ticks: Math.min(ticksIn(width), Math.floor(domain[1] - domain[0])),
        label: x,
        labelAnchor: "center",
        labelArrow: "none",
        className: "axis",
      }),
      text([y], {
        frameAnchor: "top-left",
        text: (each: string) => each,
        textAnchor: "start",
        dx: -48,
        dy: -46,
        className: "title",
      }),
    ],
  });
}
