import { existsSync } from "node:fs";

/** Where Chromium is: what CHROMIUM names, or where Debian puts it; undefined when there is none. */
export function chromiumPath(): string | undefined {
  const path = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
  return existsSync(path) ? path : undefined;
}
