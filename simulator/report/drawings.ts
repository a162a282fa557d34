/**
 * What the report's charts are drawn from: plain data, worked out where the report is written and drawn where it is read.
 *
 * @module
 */

/** Minutes within 2 m by pair: above the diagonal as they were, below it as the tokens concluded. */
export interface HeatMap {
  readonly kind: "heat-map";
  /** In the order of rows and columns. */
  readonly persons: readonly string[];
  /** Places in `persons`; `row` is the smaller one. Minutes are whole. */
  readonly pairs: readonly {
    readonly row: number;
    readonly column: number;
    readonly truth: number;
    readonly concluded: number;
  }[];
  /** Minutes from which on each darker colour is used; the first colour is for fewer. */
  readonly limits: readonly number[];
}

/** A share for each class of something, as bars up to 100 %. */
export interface Shares {
  readonly kind: "shares";
  readonly classes: readonly {
    readonly name: string;
    /** 0 to 1. */
    readonly share: number;
    /** What stands beside the bar. */
    readonly written: string;
  }[];
}

/** Recall and precision over thresholds. */
export interface Lines {
  readonly kind: "lines";
  readonly x: string;
  /** Where the axis of shares begins, 0 to 1. */
  readonly from: number;
  readonly points: readonly {
    readonly x: number;
    readonly recall: number;
    readonly precision: number;
  }[];
  readonly rule: Rule;
}

/** How often something is how large. */
export interface Histogram {
  readonly kind: "histogram";
  readonly x: string;
  readonly y: string;
  readonly bars: readonly { readonly from: number; readonly to: number; readonly count: number }[];
  readonly rules: readonly Rule[];
}

/** A median over something, within a band from low to high. */
export interface Band {
  readonly kind: "band";
  readonly x: string;
  readonly y: string;
  /** Whether the axis of what is shown begins at 0. */
  readonly fromZero: boolean;
  readonly points: readonly {
    readonly x: number;
    readonly low: number;
    readonly median: number;
    readonly high: number;
  }[];
  readonly across: readonly Rule[];
  readonly upright: readonly Rule[];
}

/** Parts of a whole, in one bar. */
export interface Stack {
  readonly kind: "stack";
  readonly x: string;
  readonly parts: readonly {
    /** Its colour; see charts/charts.css. */
    readonly colour: string;
    readonly amount: number;
    /** What stands on it when there is room. */
    readonly written: string;
  }[];
}

/** A median and a range for each of some things. */
export interface Ranges {
  readonly kind: "ranges";
  readonly x: string;
  readonly rows: readonly {
    readonly name: string;
    readonly low: number;
    readonly median: number;
    readonly high: number;
  }[];
}

/** A token's day; all times in hours since its midnight. */
export interface Timeline {
  readonly kind: "timeline";
  /** `strongest` in dBm; null when nothing was heard. */
  readonly scans: readonly { readonly at: number; readonly strongest: number | null }[];
  readonly rows: readonly {
    readonly name: string;
    /** Its colour; see charts/charts.css. */
    readonly colour: string;
    readonly spans: readonly { readonly from: number; readonly to: number }[];
  }[];
}

/** A line at one value of an axis, and what it stands for. */
export interface Rule {
  readonly at: number;
  readonly name: string;
}

/** One of the charts. */
export type Drawing = HeatMap | Shares | Lines | Histogram | Band | Stack | Ranges | Timeline;
