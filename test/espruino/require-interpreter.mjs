import { existsSync } from "node:fs";

const path = process.env.ESPRUINO;
if (!path || !existsSync(path)) {
  console.error(
    "Set ESPRUINO to the path of an Espruino interpreter built for Linux (see CONTRIBUTING.md), then run this again.",
  );
  process.exit(1);
}
