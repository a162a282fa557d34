import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where the settings file is unless told, by the XDG Base Directory Specification. */
export function defaultSettingsPath(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const { XDG_CONFIG_HOME } = environment;
  return join(XDG_CONFIG_HOME || join(homedir(), ".config"), "saqbol", "settings.json");
}

/** That path, if a file is there. */
export function defaultSettingsFile(): string | undefined {
  const path = defaultSettingsPath();
  return existsSync(path) ? path : undefined;
}
