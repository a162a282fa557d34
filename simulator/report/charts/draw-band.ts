/**
 * @module
 */
import { areaY, dot, gridY, lineY, ruleX } from "@observablehq/plot";
import type { Band } from "../drawings.ts";
import { axisBelow, axisBeside, overAxis, rulesAcross, uprightRules } from "./axes.ts";
import { draw, ticksIn } from "./draw.ts";

/** Draws a median within its band. */
export function drawBand(band: Band, width: number): Element {
  const { x, y, points, across, upright, fromZero } = band;
  const values = [
    ...points.flatMap(({ low, high }) => [low, high]),
    ...across.map(({ at }) => at),
    ...(fromZero ? [0] : []),
  ];
  return draw({
    width,
    height: 264,
    marginLeft: 56,
    marginRight: 20,
    marginTop: 46,
    marginBottom: 44,
    x: { domain: extent([...points.map((point) => point.x), ...upright.map(({ at }) => at)]) },
    y: { domain: extent(values), nice: true },
    marks: [
      gridY({ ticks: 5, className: "grid" }),
      areaY(points, { x: "x", y1: "low", y2: "high", className: "band" }),
      // A band of one point would not be seen.
      ruleX(points.length < 2 ? points : [], { x: "x", y1: "low", y2: "high", className: "range" }),
      lineY(points, { x: "x", y: "median", className: "median-line" }),
      dot(points, { x: "x", y: "median", r: 3.5, className: "median" }),
      ...rulesAcross(across, -9),
      ...uprightRules(upright, -16),
      axisBeside(5),
      axisBelow(
        x,
        points.length > ticksIn(width) ? ticksIn(width) : points.map((point) => point.x),
      ),
      overAxis(y, -52, -38),
    ],
  });
}

function extent(values: readonly number[]): [number, number] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  return low < high ? [low, high] : [low - 1, high + 1];
}
