/**
 * A canvas that becomes a PDF file of one page, with its fonts in it.
 *
 * @module
 */
import { buffer } from "node:stream/consumers";
import PDFDocument from "pdfkit";
import type { Canvas } from "./canvas.ts";
import { fontFile, type Weight } from "./fonts.ts";

const POINTS_PER_MILLIMETRE = 72 / 25.4;

/**
 * Makes a canvas.
 *
 * @param width - millimetres
 * @param height - millimetres
 * @param title - what the document is
 */
export function createPdfCanvas(
  width: number,
  height: number,
  title: string,
  language: string,
): Canvas {
  const document = new PDFDocument({
    size: [width * POINTS_PER_MILLIMETRE, height * POINTS_PER_MILLIMETRE],
    margin: 0,
    lang: language,
    displayTitle: true,
    info: { Title: title },
  });
  const bytes = buffer(document);
  for (const weight of ["regular", "bold"] satisfies Weight[]) {
    document.registerFont(weight, fontFile(weight));
  }
  document.scale(POINTS_PER_MILLIMETRE);
  return {
    box: (x, y, w, h, radius, colour) => {
      document.roundedRect(x, y, w, h, radius).fill(colour);
    },
    cells: (x, y, cell, rows) => {
      rows.forEach((row, down) => {
        row.forEach((dark, across) => {
          if (dark) document.rect(x + across * cell, y + down * cell, cell, cell);
        });
      });
      document.fill("#000000");
    },
    text: (x, y, size, weight, colour, line) => {
      document.font(weight).fontSize(size).fillColor(colour);
      document.text(line, x, y, { lineBreak: false, baseline: "alphabetic" });
    },
    finish: async () => {
      document.end();
      return bytes;
    },
  };
}
