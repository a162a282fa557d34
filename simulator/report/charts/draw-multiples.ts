/**
 * @module
 */
import { dot, gridY, line, type Markish, ruleX, ruleY } from "@observablehq/plot";
import type { Axis, Multiples } from "../drawings.ts";
import { axisBelow, axisBeside, overAxis } from "./axes.ts";
import { draw } from "./draw.ts";
import { symbolOf } from "./symbol.ts";

type Panel = Multiples["panels"][number];
type Point = Panel["points"][number];

/** CSS pixels that a panel has at least, and the heights of its parts. */
const PANEL = 210;
const UPPER = 170;
const LOWER = 150;
const GAP = 20;
const SVG = "http://www.w3.org/2000/svg";

/** Draws panels side by side as far as there is room, all of them to the same scales. */
export function drawMultiples({ panels, shares, amounts }: Multiples, width: number): Element {
  const columns = Math.max(1, Math.min(panels.length, Math.floor(width / PANEL)));
  const rows = Math.ceil(panels.length / columns);
  const room = Math.floor(width / columns);
  const row = UPPER + LOWER + GAP;
  const all = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ width, height: rows * row })) {
    all.setAttribute(name, String(value));
  }
  all.setAttribute("viewBox", `0 0 ${width} ${rows * row}`);
  for (const [index, panel] of panels.entries()) {
    const left = (index % columns) * room;
    const top = Math.floor(index / columns) * row;
    all.append(
      at(drawShares(panel, shares, room), left, top),
      at(drawAmounts(panel, amounts, room), left, top + UPPER),
    );
  }
  return all;
}

function at(chart: Element, x: number, y: number): Element {
  chart.setAttribute("x", String(x));
  chart.setAttribute("y", String(y));
  return chart;
}

function drawShares(panel: Panel, axis: Axis, width: number): Element {
  const { sign, points, title } = panel;
  return part(panel, axis, "share", width, {
    height: UPPER,
    marginTop: 48,
    marginBottom: 10,
    tickFormat: (share) => `${Math.round(100 * share)} %`,
    more: [
      ruleX(
        points.filter(({ low, high }) => low < high),
        { x: "x", y1: "low", y2: "high", className: `reach-${sign} sign-${sign}` },
      ),
      overAxis(title, -46, -40, "written"),
    ],
  });
}

function drawAmounts(panel: Panel, axis: Axis, width: number): Element {
  return part(panel, axis, "amount", width, {
    height: LOWER,
    marginTop: 24,
    marginBottom: 40,
    tickFormat: (amount) => String(amount),
    more: [axisBelow(panel.x, 4)],
  });
}

interface Part {
  readonly height: number;
  readonly marginTop: number;
  readonly marginBottom: number;
  readonly tickFormat: (value: number) => string;
  readonly more: Markish[];
}

// What both parts of a panel have in common; the release's dot is the large one.
function part(
  { sign, points }: Panel,
  { name, from, to, rule }: Axis,
  y: "share" | "amount",
  width: number,
  { height, marginTop, marginBottom, tickFormat, more }: Part,
): Element {
  const dots = (chosen: boolean) =>
    dot(
      points.filter(({ isChosen }: Point) => isChosen === chosen),
      {
        x: "x",
        y,
        r: chosen ? 8 : 4.5,
        symbol: symbolOf(chosen ? "release" : sign),
        className: `sign-${chosen ? "release" : sign}`,
      },
    );
  return draw({
    width,
    height,
    marginLeft: 48,
    marginRight: 14,
    marginTop,
    marginBottom,
    x: { inset: 8, axis: null },
    y: { domain: [from, to] },
    marks: [
      gridY({ ticks: 4, className: "grid" }),
      ruleY([rule], { className: "chosen" }),
      line(points, { x: "x", y, className: `way sign-${sign}` }),
      ...more,
      dots(false),
      dots(true),
      axisBeside(4, tickFormat),
      overAxis(name, -46, -18),
    ],
  });
}
