/**
 * @module
 */
import { dot, gridX, gridY, line, ruleX, ruleY, text } from "@observablehq/plot";
import type { Dot, Scatter } from "../drawings.ts";
import type { Sign } from "../signs.ts";
import { axisBelow, axisBeside, overAxis, rulesAcross, uprightRules } from "./axes.ts";
import { draw, ticksIn } from "./draw.ts";
import { symbolOf } from "./symbol.ts";

const RADIUS = 6;
const LARGE = 9;

/** Draws dots with their intervals, and the steps of what no other beats. */
export function drawScatter(scatter: Scatter, width: number): Element {
  const { x, y, xs, ys, dots, steps, names, across, upright } = scatter;
  const signs = [...new Set(dots.map(({ sign }) => sign))];
  const last = steps.at(-1);
  const way = last ? [...steps, { x: xs[1], y: last.y }] : [];
  const middle = (xs[0] + xs[1]) / 2;
  return draw({
    width,
    height: 400,
    marginLeft: 56,
    marginRight: 20,
    marginTop: 62,
    marginBottom: 44,
    x: { domain: xs },
    y: { domain: ys },
    marks: [
      gridX({ ticks: ticksIn(width), className: "grid" }),
      gridY({ ticks: 5, className: "grid" }),
      ...rulesAcross(across, 10),
      ...uprightRules(upright, -22),
      line(way, { x: "x", y: "y", curve: "step-after", className: "frontier-line" }),
      ...signs.flatMap((sign) => marksOf(dots, sign)),
      // One below and one above its place, so that they do not meet.
      ...names.map((each, index) =>
        text([each], {
          x: "x",
          y: "y",
          text: "name",
          textAnchor: each.x > middle ? "end" : "start",
          dx: each.x > middle ? -6 : 6,
          dy: index % 2 === 0 ? 20 : -20,
          className: "written",
        }),
      ),
      axisBeside(5, (share) => `${Math.round(1000 * share) / 10} %`),
      axisBelow(x, ticksIn(width)),
      overAxis(y, -52, -52),
    ],
  });
}

function marksOf(dots: readonly Dot[], sign: Sign) {
  const own = dots.filter((each) => each.sign === sign);
  const across = own.filter(({ left, right }) => left < right);
  const upright = own.filter(({ low, high }) => low < high);
  return [
    ruleX(upright, { x: "x", y1: "low", y2: "high", className: `reach-${sign} sign-${sign}` }),
    ruleY(across, { y: "y", x1: "left", x2: "right", className: `reach-${sign} sign-${sign}` }),
    ...[true, false].map((isHollow) =>
      dot(
        own.filter((each) => each.isHollow === isHollow),
        {
          x: "x",
          y: "y",
          r: sign === "release" || sign === "bound" ? LARGE : RADIUS,
          symbol: symbolOf(sign),
          className: `sign-${sign}${isHollow ? " hollow" : ""}`,
        },
      ),
    ),
  ];
}
