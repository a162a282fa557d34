/**
 * @module
 */
import { axisX, axisY, barX, gridX, ruleX, text } from "@observablehq/plot";
import type { Shares } from "../drawings.ts";
import { draw, roomFor } from "./draw.ts";

/** CSS pixels; a class needs more where its words stand over its bar. */
const ROW = 30;
const TALL_ROW = 44;
/** Below this, words stand over the bars. */
const WIDE_ENOUGH = 480;

/** Draws shares as bars that lie, so that there is room for words. */
export function drawShares({ classes }: Shares, width: number): Element {
  const isWide = width >= WIDE_ENOUGH;
  const names = classes.map(({ name }) => name);
  const written = classes.map((each) => each.written);
  const ticks = isWide ? [0, 0.25, 0.5, 0.75, 1] : [0, 0.5, 1];
  const row = isWide ? ROW : TALL_ROW;
  const bar = { x1: 0, y: "name", insetTop: row - 24, insetBottom: 2 };
  return draw({
    width,
    height: classes.length * row + 28,
    marginLeft: isWide ? roomFor(names, width, 0.4) : 14,
    marginRight: isWide ? roomFor(written, width, 0.4) : 20,
    marginTop: 4,
    marginBottom: 24,
    x: { domain: [0, 1] },
    y: { domain: names, padding: 0, axis: null },
    marks: [
      barX(classes, { ...bar, x2: 1, className: "slot" }),
      gridX(ticks, { className: "grid" }),
      barX(classes, { ...bar, x2: "share", className: "amount" }),
      ruleX([0], { className: "base" }),
      ...(isWide
        ? [
            text(classes, {
              x: 1,
              y: "name",
              text: "written",
              textAnchor: "start",
              dx: 6,
              dy: 2,
              className: "written",
            }),
            axisY({ tickSize: 0, label: null, className: "axis" }),
          ]
        : [
            text(classes, {
              x: 0,
              y: "name",
              text: (each: Shares["classes"][number]) => `${each.name}: ${each.written}`,
              textAnchor: "start",
              dy: -11,
              dx: 2,
              className: "written",
            }),
          ]),
      axisX(ticks, {
        tickSize: 0,
        tickFormat: (share: number) => `${100 * share} %`,
        label: null,
        className: "axis",
      }),
    ],
  });
}
