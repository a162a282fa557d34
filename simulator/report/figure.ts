/**
 * A figure of the report: a heading, a sentence, a chart, and a table of its numbers.
 *
 * @module
 */
import type { Drawing } from "./drawings.ts";
import type { Sign } from "./signs.ts";

/** Numbers in rows. */
export interface Table {
  readonly caption: string;
  readonly columns: readonly string[];
  /** The first cell of each is its heading. */
  readonly rows: readonly (readonly string[])[];
}

/** What one colour of a chart stands for. */
export interface LegendEntry {
  /** See charts/charts.css. */
  readonly colour: string;
  readonly name: string;
  /** The shape that its dots have, where they have one of their own. */
  readonly sign?: Sign;
}

/** A figure; without a chart where there is nothing to draw, which its sentence then says. */
export interface Figure {
  /** Its address in the report. */
  readonly id: string;
  readonly heading: string;
  /** What it shows. */
  readonly says: string;
  readonly chart?: {
    /** What kind of picture it is, for who does not see it. */
    readonly label: string;
    readonly drawing: Drawing;
    readonly legend?: readonly LegendEntry[];
  };
  readonly table?: Table;
}
