import type { z } from "zod";
import { Failure } from "../failure.ts";
import type { JsonAnswer } from "./http-exchange.ts";

/** What a successful answer holds. @throws Failure `server-answer-malformed` when it does not fit */
export function readAnswer<Schema extends z.ZodType>(
  { json }: JsonAnswer,
  schema: Schema,
): z.output<Schema> {
  const { success, data } = schema.safeParse(json);
  if (success) return data;
  throw new Failure(
    "server-answer-malformed",
    "The server's answer cannot be understood; check the server address.",
  );
}
