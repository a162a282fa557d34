import { existsSync } from "node:fs";

/** Without what would make calls of its own, or asks of the machine what a container has not. */
export const CHROMIUM_ARGUMENTS: readonly string[] = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Where Chromium is: what CHROMIUM names, or where Debian puts it; undefined when there is none. */
export function chromiumPath(): string | undefined {
  const path = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
  return existsSync(path) ? path : undefined;
}
