/**
 * @module
 */
import { axisX, axisY, barX, gridX, ruleX, text } from "@observablehq/plot";
import type { Shares } from "../drawings.ts";
import { draw, roomFor } from "./draw.ts";

const BAR = 30;

/** Draws shares as bars that lie, so that there is room for words on a telephone, too. */
export function drawShares({ classes }: Shares, width: number): Element {
  const names = classes.map(({ name }) => name);
  const written = classes.map((each) => each.written);
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  return draw({
    width,
    height: classes.length * BAR + 40,
    marginLeft: roomFor(names, width, 0.4),
    marginRight: roomFor(written, width, 0.4),
    marginTop: 4,
    marginBottom: 36,
    x: { domain: [0, 1] },
    y: { domain: names, padding: 0.25 },
    marks: [
      barX(classes, { x1: 0, x2: 1, y: "name", className: "slot" }),
      gridX(ticks, { className: "grid" }),
      barX(classes, { x: "share", y: "name", className: "amount" }),
      ruleX([0], { className: "base" }),
      text(classes, {
        x: 1,
        y: "name",
        text: "written",
        textAnchor: "start",
        dx: 6,
        className: "written",
      }),
      axisY({ tickSize: 0, label: null, className: "axis" }),
      axisX(ticks, {
        tickSize: 0,
        tickFormat: (share: number) => `${100 * share} %`,
        label: null,
        className: "axis",
      }),
    ],
  });
}
