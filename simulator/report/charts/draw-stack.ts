/**
 * @module
 */
import { barX, text } from "@observablehq/plot";
import type { Stack } from "../drawings.ts";
import { axisBelow } from "./axes.ts";
import { draw, roomFor, ticksIn } from "./draw.ts";

const MARGIN = 12;

/** Draws one bar of parts, named where there is room. */
export function drawStack({ x, parts }: Stack, width: number): Element {
  let end = 0;
  const pieces = parts.map((part) => {
    const from = end;
    end += part.amount;
    return { ...part, from, to: end };
  });
  const pixels = (width - 2 * MARGIN) / end;
  return draw({
    width,
    height: 116,
    marginLeft: MARGIN,
    marginRight: MARGIN,
    marginTop: 4,
    marginBottom: 44,
    x: { domain: [0, end] },
    y: { axis: null },
    marks: [
      ...pieces.map((piece) =>
        barX([piece], { x1: "from", x2: "to", insetRight: 1, className: piece.colour }),
      ),
      ...pieces
        .filter(({ written, amount }) => roomFor([written], width, 1) < amount * pixels)
        .map((piece) =>
          text([piece], {
            x: (piece.from + piece.to) / 2,
            text: "written",
            className: `on-${piece.colour}`,
          }),
        ),
      axisBelow(x, ticksIn(width)),
    ],
  });
}
