/**
 * What the findings ask of the truth: what scenarios know.
 *
 * @module
 */
export type { Contact as TrueContact, Truth } from "../scenarios/truth.ts";
