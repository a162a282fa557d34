/**
 * What the report's charts are drawn from: plain data, worked out where the report is written and drawn where it is read.
 *
 * @module
 */
import type { Sign } from "./signs.ts";

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

/** A value and what it may be between. */
export interface Dot {
  /** Its shape, and its colour; see signs.ts and charts/charts.css. */
  readonly sign: Sign;
  readonly x: number;
  readonly y: number;
  /** Intervals, as far as the picture reaches; of no length where there are none. */
  readonly left: number;
  readonly right: number;
  readonly low: number;
  readonly high: number;
  /** Whether only its outline is drawn: what it stands for does not count as others do. */
  readonly isHollow: boolean;
}

/** A share against something, for each of many things. */
export interface Scatter {
  readonly kind: "scatter";
  readonly x: string;
  readonly y: string;
  /** How far the picture reaches. */
  readonly xs: readonly [number, number];
  readonly ys: readonly [number, number];
  /** The last ones lie on top. */
  readonly dots: readonly Dot[];
  /** Corners of a line that goes up in steps, up to the picture's edge. */
  readonly steps: readonly { readonly x: number; readonly y: number }[];
  /** Words at some places. */
  readonly names: readonly { readonly x: number; readonly y: number; readonly name: string }[];
  readonly across: readonly Rule[];
  readonly upright: readonly Rule[];
}

/** A share and an amount, one above the other, for each of some things that are varied by themselves. */
export interface Multiples {
  readonly kind: "multiples";
  readonly panels: readonly {
    readonly sign: Sign;
    /** What is varied, and in which unit. */
    readonly title: string;
    readonly x: string;
    /** In the order of `x`. */
    readonly points: readonly {
      readonly x: number;
      readonly isChosen: boolean;
      readonly share: number;
      readonly low: number;
      readonly high: number;
      readonly amount: number;
    }[];
  }[];
  /** The same for all panels. */
  readonly shares: Axis;
  readonly amounts: Axis;
}

/** How far an axis reaches, what it is, and the line on it. */
export interface Axis {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly rule: number;
}

/** A line at one value of an axis, and what it stands for. */
export interface Rule {
  readonly at: number;
  readonly name: string;
}

/** One of the charts. */
export type Drawing =
  | HeatMap
  | Shares
  | Lines
  | Histogram
  | Band
  | Stack
  | Ranges
  | Timeline
  | Scatter
  | Multiples;
