/**
 * `saqbol download`.
 *
 * @module
 */
import { join } from "node:path";
import type { Command } from "commander";
import type { CachedFile } from "../exports/export-cache.ts";
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
    const settings = exportSettingsOf(options, command);
    const cache = exportCacheOf(settings);
    if (options.out !== undefined) makeDirectory(options.out);
    const progress = createProgress("Downloading exports", options.json === true);
    const { files, keys, downloaded, waiting } = await cache.update(progress);
    const copies =
      options.out === undefined ? [] : copy(files, options.out, settings.exports.length);
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

// In one directory, under the names that the server gives; of several regions with the region, as servers name their
// files alike. Where another file has the name already, a number stands before it.
function copy(files: readonly CachedFile[], directory: string, regions: number): string[] {
  const taken = new Set<string>();
  return files.map(({ region, path, location }) => {
    const given = (regions > 1 ? `${region}/${path}` : path).replaceAll("/", "-");
    let name = given;
    for (let number = 2; taken.has(name); number++) name = `${number}-${given}`;
    taken.add(name);
    const copied = join(directory, name);
    writeWhole(copied, readInput(location));
    return copied;
  });
}
