/**
 * @module
 */
import { dot, gridY, line, ruleX, text } from "@observablehq/plot";
import type { Lines } from "../drawings.ts";
import { axisBelow, axisBeside } from "./axes.ts";
import { draw, ticksIn } from "./draw.ts";

/** Draws recall and precision: told apart by dashes and signs as well as by colour. */
export function drawLines({ x, from, points, rule }: Lines, width: number): Element {
  const middle =
    (Math.min(...points.map((each) => each.x)) + Math.max(...points.map((each) => each.x))) / 2;
  return draw({
    width,
    height: 250,
    marginLeft: 52,
    marginRight: 14,
    marginTop: 24,
    marginBottom: 44,
    x: { nice: true },
    y: { domain: [from, 1] },
    marks: [
      gridY({ ticks: 5, className: "grid" }),
      ruleX([rule.at], { className: "chosen" }),
      text([rule], {
        x: "at",
        frameAnchor: "top",
        text: "name",
        dy: -18,
        dx: rule.at > middle ? 6 : -6,
        textAnchor: rule.at > middle ? "end" : "start",
        className: "written",
      }),
      line(points, { x: "x", y: "recall", className: "recall-line" }),
      dot(points, { x: "x", y: "recall", r: 4, className: "recall" }),
      line(points, { x: "x", y: "precision", className: "precision-line" }),
      dot(points, { x: "x", y: "precision", r: 4, symbol: "square", className: "precision" }),
      axisBeside(5, (share) => `${Math.round(100 * share)} %`),
      axisBelow(x, ticksIn(width)),
    ],
  });
}
