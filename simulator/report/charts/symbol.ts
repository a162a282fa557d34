/**
 * @module
 */
import type { SymbolImplementation } from "@observablehq/plot";
import { corners, type Sign } from "../signs.ts";

/** A sign as Plot draws symbols: `size` is the area of the circle that it has room in. */
export function symbolOf(sign: Sign): SymbolImplementation {
  return {
    draw: (context: CanvasPath, size: number) => {
      const radius = Math.sqrt(size / Math.PI);
      for (const [index, [x, y]] of corners(sign).entries()) {
        if (index === 0) context.moveTo(radius * x, radius * y);
        else context.lineTo(radius * x, radius * y);
      }
      context.closePath();
    },
  };
}
