/**
 * Axes, their names, and lines at values of them, as the charts have them in common.
 *
 * @module
 */
import { axisX, axisY, type Markish, ruleX, ruleY, text } from "@observablehq/plot";
import type { Rule } from "../drawings.ts";

/**
 * The axis below a chart, with its name in the middle.
 *
 * @param ticks - how many, about; or at which values, whose own numbers are not to be rounded
 */
export function axisBelow(name: string, ticks: number | readonly number[]): Markish {
  const isCount = typeof ticks === "number";
  return axisX(isCount ? undefined : [...ticks], {
    ...(isCount ? { ticks } : { tickFormat: String }),
    label: name,
    labelAnchor: "center",
    labelArrow: "none",
    className: "axis",
  });
}

/** The axis beside a chart; its name stands {@link overAxis}, where it can be read without turning. */
export function axisBeside(ticks: number, tickFormat?: (value: number) => string): Markish {
  return axisY({
    ticks,
    tickSize: 0,
    ...(tickFormat && { tickFormat }),
    label: null,
    className: "axis",
  });
}

/** Words above the axis beside a chart, so many pixels off the corner in which its frame begins. */
export function overAxis(words: string, dx: number, dy: number, className = "title"): Markish {
  return text([words], {
    frameAnchor: "top-left",
    text: (each: string) => each,
    textAnchor: "start",
    dx,
    dy,
    className,
  });
}

/** Upright lines with their names above the frame, so many pixels higher. */
export function uprightRules(rules: readonly Rule[], dy: number): Markish[] {
  return [
    ruleX(rules, { x: "at", className: "chosen" }),
    text(rules, { x: "at", frameAnchor: "top", text: "name", dy, className: "written" }),
  ];
}

/** Lines across with their names at the right, so many pixels lower. */
export function rulesAcross(rules: readonly Rule[], dy: number): Markish[] {
  return [
    ruleY(rules, { y: "at", className: "chosen" }),
    text(rules, {
      y: "at",
      frameAnchor: "right",
      text: "name",
      textAnchor: "end",
      dx: -4,
      dy,
      className: "written",
    }),
  ];
}
