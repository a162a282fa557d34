/**
 * What `saqbol-sim tune` says: the contents of its JSON file and of its picture.
 *
 * @module
 */
import type { ScanPlan } from "../../firmware/build/bundle.ts";
import type { BoardName } from "../../protocol/flash-layout.ts";
import type { Estimate } from "../findings/findings.ts";
import type { Bound } from "./stillness.ts";
import type { Trial } from "./trials.ts";

/** Contacts that last so many minutes or more are what schedules are judged by. */
export const MINUTES = 10;
/** Which share of them a schedule is required to find. */
export const REQUIRED_RECALL = 0.99;
/** Which share of what it concludes is required to be right: a wrong warning sends somebody home for nothing. */
export const REQUIRED_PRECISION = 0.95;
/** What a schedule may draw on a Puck.js, in mAh a day. */
export const REQUIRED_DRAW = 1.2;

/** What a schedule has come to. */
export interface Tried {
  readonly trial: Trial;
  /** Of contacts of {@link MINUTES} minutes or more: see `Recognition`. */
  readonly recall: Estimate;
  readonly precision: Estimate;
  /** mAh a day, all causes; and what of it goes into listening and into running JavaScript. */
  readonly draw: Estimate;
  readonly scanning: Estimate;
  readonly cpu: Estimate;
}

/** What was run, and what came of it; version 1. Everything is a JSON value. */
export interface Tuning {
  readonly version: 1;
  /** The scenario, what everybody in it wore, and for how many days. */
  readonly title: string;
  readonly persons: number;
  readonly days: number;
  readonly board: BoardName;
  readonly seeds: readonly string[];
  /** True contacts of {@link MINUTES} minutes or more in a seed, seen from both sides; the mean over seeds. */
  readonly contacts: number;
  /** Mean attenuation up to which the desk takes a contact for one within 2 m, in dB. */
  readonly thresholdDecibels: number;
  /** How many schedules were to be tried; more than `tried` has when it was interrupted. */
  readonly schedules: number;
  /** The release's numbers: all of `firmware/scan-plan.ts`. A trial's plan has those that differ. */
  readonly released: Required<ScanPlan>;
  /** In the order of `trials.ts`, the release first. */
  readonly tried: readonly Tried[];
  /** Where a rule of stillness could stand at best; not where the board's accelerometer tells nothing about that. */
  readonly stillness?: Bound;
}
