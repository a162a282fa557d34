/**
 * What a run says: the contents of its JSON file and of its report.
 *
 * @module
 */
import type { AccountName, Cause } from "../energy/account.ts";
import type { TokenEvent } from "../run/outcome.ts";

/** A figure over seeds: its mean and 95 % confidence interval (Student's t), which for one seed is the mean alone. */
export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** What tokens draw: the mean over wearers. */
export interface Draw {
  /** mAh a day by cause. */
  readonly causes: Readonly<Record<Cause, Estimate>>;
  /** mAh a day, all causes. */
  readonly total: Estimate;
}

/** How contacts of a least duration were recognised. */
export interface Recognition {
  /** 10 or 15. */
  readonly atLeastMinutes: number;
  /** True contacts that long in a seed, each counted twice: for the log of either token. The mean over seeds. */
  readonly contacts: number;
  /** Share of them that are found: at least half of their minutes are concluded, from ten minutes before them to ten minutes after. */
  readonly recall: Estimate;
  /** Share of concluded contacts that long that are right: at least half of their minutes were truly within 2 m, by the same margin. */
  readonly precision: Estimate;
  /** The same where a contact must besides be concluded for at least that many minutes. */
  readonly strictRecall: Estimate;
  /** The same where it must besides be true for at least that many minutes. */
  readonly strictPrecision: Estimate;
}

/** A share of contacts found, in one class of them. */
export interface Found {
  /** From (included) and to (not included): minutes or metres. */
  readonly from: number;
  readonly to: number;
  readonly contacts: number;
  readonly found: number;
}

/** Quantiles of something. */
export interface Spread {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** Findings, version 1. Everything is a JSON value. */
export interface Findings {
  readonly version: 1;
  readonly title: string;
  readonly board: string;
  readonly bundleBytes: number;
  readonly seeds: readonly string[];
  readonly persons: readonly string[];
  /** Days lived through, and asked for. */
  readonly days: number;
  readonly daysAsked: number;
  /** False when the run was interrupted. */
  readonly complete: boolean;
  /** Mean attenuation up to which the desk takes a contact for one within 2 m, in dB. */
  readonly thresholdDecibels: number;
  readonly recognition: readonly Recognition[];
  /** Recall of contacts of 5 minutes or more by true duration in minutes, and of 10 or more by mean distance in metres. */
  readonly recallByDuration: readonly Found[];
  readonly recallByDistance: readonly Found[];
  /** What the default risk model shows at a desk of wearers' UTC days with one other person each, which is what one published key can show. */
  readonly riskDays: {
    /** Days on which the two were within 2 m for 15 minutes or more, each counted twice: for the log of either token. The mean over seeds. */
    readonly exposed: number;
    /** Days that the model calls high, which is when a token signals. The mean over seeds. */
    readonly shown: number;
    /** Share of exposed days that are shown. */
    readonly recall: Estimate;
    /** Share of shown days on which the two were within 2 m for 5 minutes or more. */
    readonly precision: Estimate;
  };
  /** Recall and precision (contacts of 10 minutes or more) at other thresholds. */
  readonly thresholds: readonly {
    readonly decibels: number;
    readonly recall: number;
    readonly precision: number;
  }[];
  /** Concluded less true minutes of found contacts of 10 minutes or more: 10th, 50th and 90th percentile, and a histogram. */
  readonly durationError: Spread;
  readonly durationErrors: readonly { readonly minutes: number; readonly contacts: number }[];
  /** Mean attenuation of sightings in dB by true distance in metres (classes of half a metre). */
  readonly attenuation: readonly ({ readonly metres: number; readonly count: number } & Spread)[];
  /** Share of the exposure minutes heard by scans that the log holds at the end. */
  readonly kept: Estimate;
  /** Slots of the log in use at each midnight, over wearers, and the most that fit. */
  readonly fill: readonly ({ readonly day: number } & Spread)[];
  readonly slots: number;
  /** Days from publication to the warning, for those of the found contacts that are warned of, by how often wearers come to a desk. */
  readonly warning: readonly ({
    readonly habit: string;
    /** Of the contacts of 10 minutes or more that are found, not of all true ones: the share that began within 14 days before the visit. */
    readonly warned: number;
  } & Spread)[];
  readonly energy: Draw & {
    /** By which account this is: the one that gives more. */
    readonly account: AccountName;
    /** By each of them. */
    readonly accounts: Readonly<Record<AccountName, Draw>>;
    /** mAh a day of each wearer, of all seeds. */
    readonly wearers: readonly number[];
    /** The board's cell: its name and capacity in mAh. */
    readonly cell: string;
    readonly capacity: number;
    /** Days that the cell lasts each wearer who draws anything, of all seeds, and over wearers. */
    readonly days: readonly number[];
    readonly lasts: Spread;
  };
  /** Minutes within 2 m of each pair with any, in the first seed: true, and as the pair's tokens concluded (mean of both). */
  readonly pairs: readonly {
    readonly a: number;
    readonly b: number;
    readonly truth: number;
    readonly concluded: number;
  }[];
  /** One token's day. */
  readonly timeline?: {
    readonly person: number;
    readonly day: number;
    readonly events: readonly TokenEvent[];
    /** Who was truly within 2 m: seconds since the scenario's start. */
    readonly contacts: readonly {
      readonly other: number;
      readonly from: number;
      readonly to: number;
    }[];
  };
  readonly speed: {
    readonly wallSeconds: number;
    readonly workers: number;
    readonly tokenDaysPerSecond: number;
    /** Virtual token time over real time. */
    readonly timesRealTime: number;
  };
}
