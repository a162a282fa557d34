/**
 * A canvas that becomes an SVG file. Text becomes outlines, which look the same in every program, and keeps its words
 * as labels.
 *
 * @module
 */
import type { Canvas } from "./canvas.ts";
import { outlinesOf } from "./fonts.ts";

/**
 * Makes a canvas.
 *
 * @param width - millimetres
 * @param height - millimetres
 * @param title - what the picture is, for those who do not see it
 */
export function createSvgCanvas(
  width: number,
  height: number,
  title: string,
  language: string,
): Canvas {
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}mm" height="${height}mm" viewBox="0 0 ${width} ${height}" lang="${language}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
  ];
  return {
    box: (x, y, w, h, radius, colour) => {
      const [left, top, wide, high] = [x, y, w, h].map(rounded);
      parts.push(
        `<rect x="${left}" y="${top}" width="${wide}" height="${high}" rx="${rounded(radius)}" fill="${colour}"/>`,
      );
    },
    cells: (x, y, cell, rows) => {
      const squares = rows.flatMap((row, down) =>
        row.flatMap((dark, across) => (dark ? [`M${across} ${down}h1v1h-1z`] : [])),
      );
      parts.push(
        `<path transform="translate(${rounded(x)} ${rounded(y)}) scale(${cell})" d="${squares.join("")}" shape-rendering="crispEdges"/>`,
      );
    },
    text: (x, y, size, weight, colour, line) => {
      const outlines = outlinesOf(x, y, size, weight, line).replace(/-?\d+\.\d+/g, (number) =>
        rounded(Number(number)),
      );
      parts.push(`<path aria-label="${escaped(line)}" fill="${colour}" d="${outlines}"/>`);
    },
    finish: async () => Buffer.from(`${[...parts, "</svg>"].join("\n")}\n`),
  };
}

// A hundredth of a millimetre is finer than any printer.
const rounded = (number: number): string => String(Math.round(number * 1000) / 1000);

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
