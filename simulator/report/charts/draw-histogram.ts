/**
 * @module
 */
import { gridY, rectY, ruleY } from "@observablehq/plot";
import type { Histogram } from "../drawings.ts";
import { axisBelow, axisBeside, overAxis, uprightRules } from "./axes.ts";
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
      // Names of neighbours stand over each other.
      ...rules.flatMap((rule, index) => uprightRules([rule], index % 2 ? -28 : -14)),
      axisBeside(4),
      // What is counted has whole numbers.
      axisBelow(x, Math.min(ticksIn(width), Math.floor(domain[1] - domain[0]))),
      overAxis(y, -48, -46),
    ],
  });
}
