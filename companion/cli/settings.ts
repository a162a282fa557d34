/**
 * `saqbol settings`.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { Failure } from "../failure.ts";
import { defaultSettingsPath } from "../settings/default-place.ts";
import { readSettings, type Settings } from "../settings/settings.ts";
import { settingsJsonSchema } from "../settings/settings-file.ts";
import { defaultText, TEXT_FILES } from "../texts/texts.ts";
import { makeDirectory, writeWhole } from "./files.ts";
import { jsonOption } from "./options.ts";

const TOKENS = {
  "registration-token": "for looked-up tests",
  "verification-code": "for codes of the health authority",
} as const;

/** Adds the commands. */
export function addSettings(program: Command): void {
  const settings = program
    .command("settings")
    .description("the file that says which server speaks what")
    .addHelpText(
      "after",
      `
The file is JSON; docs/servers.md explains it, and docs/settings.schema.json is its schema. It is looked for
in --settings, SAQBOL_SETTINGS, then $XDG_CONFIG_HOME/saqbol/settings.json (~/.config).`,
    );
  settings
    .command("schema")
    .description("print the JSON Schema of a settings file, for editors")
    .action(() => console.log(JSON.stringify(settingsJsonSchema(), null, 2)));
  settings
    .command("check")
    .description("say what a settings file means, or what is wrong with it")
    .argument(
      "[file]",
      "the settings file (default: SAQBOL_SETTINGS, or the one in its usual place)",
    )
    .addOption(jsonOption())
    .action((argument: string | undefined, options: { json?: true }) => {
      const file = argument ?? process.env["SAQBOL_SETTINGS"] ?? defaultSettingsPath();
      const meant = readSettings(file);
      console.log(options.json ? JSON.stringify(inJson(file, meant)) : inWords(file, meant));
    });
  settings
    .command("texts")
    .description("write out what wearers are told, for the health authority to change")
    .requiredOption("--out <directory>", "where to put the texts; none is overwritten")
    .addOption(jsonOption())
    .action(({ out, json }: { out: string; json?: true }) => {
      writeTexts(out);
      console.log(
        json
          ? JSON.stringify({ directory: out, files: TEXT_FILES })
          : `${TEXT_FILES.length} texts are in ${out}; change them, take away those that you leave as they are, and name the directory as \`texts\` in the settings file.`,
      );
    });
}

function writeTexts(directory: string): void {
  const taken = TEXT_FILES.find((file) => existsSync(join(directory, file)));
  if (taken !== undefined) {
    throw new Failure(
      "texts-there",
      `The file ${join(directory, taken)} is there already, and nothing was written; choose another directory.`,
    );
  }
  const texts = TEXT_FILES.map((file) => [join(directory, file), defaultText(file)] as const);
  makeDirectory(directory);
  for (const [path, text] of texts) writeWhole(path, text);
}

// Everything but the API key.
function inJson(file: string, settings: Settings): object {
  const { verification, testResultsUrl, publish, riskConfig, texts, exports } = settings;
  return {
    file,
    testResultsUrl: testResultsUrl ?? null,
    verification: verification
      ? { ...verification, apiKey: verification.apiKey !== undefined }
      : null,
    publish: publish ? { ...publish, chaffPerDay: publish.chaffPerDay ?? null } : null,
    exports: exports.map(({ trustedKeys, ...source }) => ({
      ...source,
      publicKeys: trustedKeys.map(({ id, version }) => ({ id, version })),
    })),
    riskConfig: riskConfig ?? null,
    texts: texts ?? null,
  };
}

function inWords(file: string, settings: Settings): string {
  return [
    `Settings:      ${file}`,
    `Test results:  ${settings.testResultsUrl ?? "no laboratory is connected"}`,
    `Verification:  ${verificationInWords(settings)}`,
    `Publishing:    ${publishInWords(settings)}`,
    ...exportsInWords(settings),
    `Risk model:    ${settings.riskConfig ?? "as built in"}`,
    `Texts:         ${settings.texts ?? "as built in"}`,
  ].join("\n");
}

function verificationInWords({ verification }: Settings): string {
  if (!verification) return "none, so that nothing can be published";
  const { url, token, accept, apiKey } = verification;
  const tests = token === "verification-code" ? ` (${accept.join(", ")} tests)` : "";
  return `${url}, ${TOKENS[token]}${tests}, ${apiKey === undefined ? "without" : "with"} an API key`;
}

function publishInWords({ publish }: Settings): string {
  if (!publish) return "none, so that nothing can be published";
  const { url, healthAuthorityId, chaffPerDay } = publish;
  const chaff = chaffPerDay === undefined ? "no chaff" : `chaff ${chaffPerDay} times a day`;
  return `${url}, as ${healthAuthorityId}, ${chaff}`;
}

function exportsInWords({ exports }: Settings): string[] {
  if (exports.length === 0) return ["Exports:       none, so that no token can be checked"];
  return exports.map(({ region, indexUrl, baseUrl, trustedKeys }) => {
    const keys = trustedKeys.map(({ id, version }) => `${id}-${version}`).join(", ");
    return `Exports:       ${region}: ${indexUrl}, files below ${baseUrl}, signed by ${keys}`;
  });
}
