/**
 * The made-up worlds by name.
 *
 * @module
 */
import { CARE_HOME } from "./care-home.ts";
import { CLINIC } from "./clinic.ts";
import { STREETS } from "./family-and-shops.ts";
import { generate, type WorldOptions } from "./generated.ts";
import type { Scenario } from "./scenario.ts";

/** A world to choose. */
export interface WorldChoice {
  /** One line, for a list of them. */
  readonly description: string;
  /** How many persons it has unless somebody says otherwise. */
  readonly persons: number;
  /** @throws Failure `world-too-small` or `days-out-of-range` */
  make(options: WorldOptions): Scenario;
}

/** All worlds. */
export const WORLDS: Readonly<Record<string, WorldChoice>> = {
  "care-home": {
    description: "wards of 20 residents and 10 carers in three shifts: beds, meals, day room, care",
    persons: 60,
    make: (options) => generate(CARE_HOME, options),
  },
  clinic: {
    description: "clinics by day: 6 of staff, and patients who wait and are seen",
    persons: 60,
    make: (options) => generate(CLINIC, options),
  },
  "family-and-shops": {
    description: "streets of some 18 households, with work, school and a shop with a queue",
    persons: 60,
    make: (options) => generate(STREETS, options),
  },
};
