import { existsSync } from "node:fs";

/** Where Chromium is: what CHROMIUM names, or where Debian puts it; undefined when there is none. */
export function chromiumPath(): string | undefined {
  const path = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
  return existsSync(path) ? path : undefined;
}

/** Says once, in a file of tests, that they do not run. */
export function sayWithoutChromium(): void {
  if (chromiumPath()) return;
  console.warn(
    "Not run: the tests of the desk's page need Chromium (Debian's package chromium); name its path in CHROMIUM.",
  );
}
