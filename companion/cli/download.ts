/**
 * `saqbol download`.
 *
 * @module
 */
import { join } from "node:path";
import type { Command } from "commander";
import { exportCacheOf } from "./export-cache-options.ts";
import { makeDirectory, readInput, writeWhole } from "./files.ts";
import {
  type ExportSourceValues,
  exportSettingsOf,
  exportSourceOptions,
  jsonOption,
} from "./options.ts";
import { createProgress } from "./terminal.ts";

interface Values extends ExportSourceValues {
  readonly out?: string;
  readonly json?: true;
}

/** Adds the command. */
export function addDownload(program: Command): void {
  const command = program
    .command("download")
    .description(
      "download the export files of all regions that are not here yet, and keep those whose signature is right",
    )
    .addOption(jsonOption())
    .option("--out <directory>", "put copies of all files there");
  for (const option of exportSourceOptions()) command.addOption(option);
  command.action(async (options: Values) => {
    const cache = exportCacheOf(exportSettingsOf(options, command));
    if (options.out !== undefined) makeDirectory(options.out);
    const progress = createProgress("Downloading exports", options.json === true);
    const { files, keys, downloaded, waiting } = await cache.update(progress);
    const copies = options.out === undefined ? [] : copy(files, options.out);
    if (options.json) {
      console.log(JSON.stringify({ files: copies, keys, downloaded, waiting }));
      return;
    }
    for (const file of copies) console.log(file);
    console.log(
      `${files.length} files with ${keys} keys, all signatures verified; ${downloaded} of them are new.`,
    );
    if (waiting > 0) {
      console.log(`${waiting} more files are not used until the rest of their batch is published.`);
    }
  });
}

// Under the names that the server gives, in one directory.
function copy(files: readonly { path: string; location: string }[], directory: string): string[] {
  return files.map(({ path, location }) => {
    const copied = join(directory, path.replaceAll("/", "-"));
    writeWhole(copied, readInput(location));
    return copied;
  });
}
