/** `npm run demo`: the whole path on one screen. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { createNarrator, silentNarrator } from "./narrator.ts";
import { DEMO_STEPS, runDemo } from "./scenario.ts";

function seedOf(text: string): number {
  if (!/^\d{1,9}$/.test(text))
    throw new InvalidArgumentError("Give a whole number, 0 to 999999999.");
  return Number(text);
}

const program = new Command("npm run demo --")
  .description("Two tokens meet, one warns the other: from firmware to advice, in virtual time.")
  .option("--json", "print one JSON object instead of the story")
  .option("--seed <number>", "repeat a run exactly", seedOf, 1)
  .option("--keep <directory>", "keep exports, public key and logs, for `saqbol match`")
  .parse();
const { json, seed, keep } = program.opts<{ json?: true; seed: number; keep?: string }>();
if (keep !== undefined) mkdirSync(keep, { recursive: true });

const narrator = json ? silentNarrator : createNarrator(process.stdout, DEMO_STEPS);
const result = await runDemo({
  seed,
  narrator,
  keep: (name, bytes) => {
    if (keep !== undefined) writeFileSync(join(keep, name), bytes);
  },
});
if (json) {
  console.log(JSON.stringify(result));
} else {
  const { keysPublished, virtualDays, wallSeconds } = result;
  console.log(
    `\n${virtualDays} days in ${wallSeconds} s, ${keysPublished} keys published; repeat with --seed ${seed}.`,
  );
}
