/**
 * `saqbol test-result`.
 *
 * @module
 */
import type { Command } from "commander";
import { awaitResult } from "../servers/await-result.ts";
import { RESULT_INTERVAL, type TestResult } from "../servers/key-server-client.ts";
import { systemPace } from "../servers/pace.ts";
import { atDesk } from "./command-desk.ts";
import { partsOf } from "./desk-of.ts";
import { jsonOption, type SettingsValues, settingsOf, settingsOptions } from "./options.ts";
import { readSecret } from "./secret-input.ts";
import { tell } from "./terminal.ts";

const HOURS = RESULT_INTERVAL / 3600;

const MEANINGS: Readonly<Record<TestResult, string>> = {
  pending: `The laboratory has the sample, but no result yet; look again later, best in ${HOURS} hours.`,
  negative: "The test is negative.",
  positive: "The test is positive; with consent, the wearer's keys can be published.",
  invalid: "The sample could not be tested; a new test is needed.",
  redeemed: "The test is positive, and keys were published with it already.",
};

interface Values extends SettingsValues {
  readonly wait?: true;
  readonly json?: true;
}

/** Adds the command. */
export function addTestResult(program: Command): void {
  const command = program
    .command("test-result")
    .description("look up a test by its 10-digit code, which is read from standard input")
    .option("--wait", `look again every ${HOURS} hours until there is a result`)
    .addOption(jsonOption())
    .addHelpText("after", "\nExample: echo 0123456789 | saqbol test-result --server https://…");
  for (const option of settingsOptions()) command.addOption(option);
  command.action(async (options: Values) => {
    // A desk with exports would download them.
    const parts = partsOf(undefined, { ...settingsOf(options, command), exports: [] });
    const code = await readSecret({
      source: "-",
      question: "The test's 10-digit code",
      remedy: "give it on standard input",
    });
    const result = await atDesk(parts, options.json === true, async (desk) => {
      const { result: first } = await desk.lookUp({ code });
      if (first !== "pending" || !options.wait) return first;
      const again = async () => (await desk.askAgain()).result;
      return awaitResult(first, again, systemPace, () =>
        tell(`No result yet; looking again in ${HOURS} hours. Ctrl-C ends that.`),
      );
    });
    console.log(options.json ? JSON.stringify({ result }) : MEANINGS[result]);
  });
}
