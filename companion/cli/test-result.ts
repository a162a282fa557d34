/**
 * `saqbol test-result`.
 *
 * @module
 */
import type { Command } from "commander";
import type { TestResult } from "../servers/key-server-client.ts";
import { clientOf, jsonOption, serverOption } from "./options.ts";
import { readSecret } from "./secret-input.ts";

const MEANINGS: Readonly<Record<TestResult, string>> = {
  pending: "The laboratory has the sample, but no result yet; look again later.",
  negative: "The test is negative.",
  positive: "The test is positive; with consent, the wearer's keys can be published.",
  invalid: "The sample could not be tested; a new test is needed.",
  redeemed: "The test is positive, and keys were published with it already.",
};

/** Adds the command. */
export function addTestResult(program: Command): void {
  program
    .command("test-result")
    .description("look up a test by its 10-digit code, which is read from standard input")
    .addOption(serverOption())
    .addOption(jsonOption())
    .addHelpText("after", "\nExample: echo 0123456789 | saqbol test-result --server https://…")
    .action(async (options: { server: string; json?: true }) => {
      const client = clientOf(options.server);
      const code = await readSecret({
        source: "-",
        question: "The test's 10-digit code",
        remedy: "give it on standard input",
      });
      const result = await client.testResult(await client.lookUp(code.replace(/\s/g, "")));
      console.log(options.json ? JSON.stringify({ result }) : MEANINGS[result]);
    });
}
