/**
 * What a card is drawn on. Lengths are millimetres, from the upper left corner; colours are `#rrggbb`.
 *
 * @module
 */
import type { Weight } from "./fonts.ts";

/** See the module's description. */
export interface Canvas {
  /** Fills a rectangle, its corners rounded with `radius`. */
  box(x: number, y: number, width: number, height: number, radius: number, colour: string): void;
  /** Fills the true ones of square cells, row by row, without seams between them. */
  cells(x: number, y: number, cell: number, rows: readonly (readonly boolean[])[]): void;
  /** Writes one line whose baseline is `y`. */
  text(x: number, y: number, size: number, weight: Weight, colour: string, line: string): void;
  /** What was drawn, as the bytes of a file. */
  finish(): Promise<Uint8Array>;
}
