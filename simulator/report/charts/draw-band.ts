/**
 * @module
 */
import { areaY, axisX, axisY, dot, gridY, lineY, ruleX, ruleY, text } from "@observablehq/plot";
import type { Band } from "../drawings.ts";
import { draw, ticksIn } from "./draw.ts";

type Point = Band["points"][number];

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
      ruleY(across, { y: "at", className: "chosen" }),
      text(across, {
        y: "at",
        frameAnchor: "right",
        text: "name",
        textAnchor: "end",
        dx: -4,
        dy: -9,
        className: "written",
      }),
      ruleX(upright, { x: "at", className: "chosen" }),
      text(upright, { x: "at", frameAnchor: "top", text: "name", dy: -16, className: "written" }),
      axisY({ ticks: 5, tickSize: 0, label: null, className: "axis" }),
      axisX(points.length > ticksIn(width) ? undefined : points.map((point: Point) => point.x), {
        // At points, their own numbers, which are not to be rounded.
        ...(points.length > ticksIn(width) ? { ticks: ticksIn(width) } : { tickFormat: String }),
        label: x,
        labelAnchor: "center",
        labelArrow: "none",
        className: "axis",
      }),
      text([y], {
        frameAnchor: "top-left",
        text: (each: string) => each,
        textAnchor: "start",
        dx: -52,
        dy: -38,
        className: "title",
      }),
    ],
  });
}

function extent(values: readonly number[]): [number, number] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  return low < high ? [low, high] : [low - 1, high + 1];
}
