/**
 * `saqbol download`.
 *
 * @module
 */
import { basename, join } from "node:path";
import type { Command } from "commander";
import { downloadKeys } from "../servers/download-keys.ts";
import { makeDirectory, writeWhole } from "./files.ts";
import {
  clientOf,
  jsonOption,
  regionOption,
  serverOption,
  type TrustedKeyValues,
  trustedKeyOf,
  trustedKeyOptions,
} from "./options.ts";

interface Values extends TrustedKeyValues {
  readonly server: string;
  readonly region: string;
  readonly out: string;
  readonly json?: true;
}

/** Adds the command. */
export function addDownload(program: Command): void {
  const command = program
    .command("download")
    .description("download all export files of a region, and keep those whose signature is right")
    .addOption(serverOption())
    .addOption(regionOption())
    .addOption(jsonOption())
    .requiredOption("--out <directory>", "where to put the files");
  for (const option of trustedKeyOptions()) command.addOption(option);
  command.action(async (options: Values) => {
    const trusted = [trustedKeyOf(options)];
    const files: string[] = [];
    makeDirectory(options.out);
    const keys = await downloadKeys(
      clientOf(options.server, options.region),
      trusted,
      (path, zip) => {
        const file = join(options.out, basename(path));
        writeWhole(file, zip);
        files.push(file);
        if (!options.json) console.log(file);
      },
    );
    if (options.json) console.log(JSON.stringify({ files, keys: keys.length }));
    else console.log(`${files.length} files with ${keys.length} keys, all signatures verified.`);
  });
}
