/**
 * `saqbol-sim radio`.
 *
 * @module
 */
import type { Command } from "commander";
import { compareWithPublished } from "../air/compare.ts";
import { radioReport } from "../air/report.ts";

/** Adds the command. */
export function addRadio(program: Command): void {
  program
    .command("radio")
    .description("compare the radio model with a published set of measurements")
    .argument(
      "<directory>",
      "a checkout of pc-ng/rss_smartphone or of mkrangle/MITRE-Range-Angle-Structured, see docs/radio-model.md",
    )
    .action((directory: string) => {
      console.log(radioReport(compareWithPublished(directory)));
    });
}
