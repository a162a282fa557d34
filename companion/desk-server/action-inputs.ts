/**
 * What the desk's actions take when they are asked for over HTTP.
 *
 * @module
 */
import { z } from "zod";
import type { ActionName, DeskApi } from "../desk/desk-api.ts";

/** A schema for every field of an input and for no other, of the field's type. */
type Shape<Input> = { readonly [Field in keyof Input]-?: z.ZodType<Input[Field]> };

type Shapes = { readonly [Action in ActionName]: Shape<Parameters<DeskApi[Action]>[0]> };

// Longer than any; the actions look more closely.
const code = z.string().max(200);
const day = z.iso.date().optional();

const SHAPES: Shapes = {
  begin: { card: code },
  check: {},
  enrol: {},
  pause: {},
  resume: {},
  erase: { afterwards: z.enum(["off", "on"]) },
  acknowledge: {},
  lookUp: { code },
  share: { code: code.optional(), symptomOnset: day, traveler: z.boolean().optional(), since: day },
  finish: {},
  unlock: { card: code },
};

/** The schema of each action's input; a field too many is refused like one too few. */
export const ACTION_INPUTS: ReadonlyMap<string, z.ZodType<object>> = new Map(
  Object.entries(SHAPES).map(([action, shape]) => [action, z.strictObject(shape)]),
);
