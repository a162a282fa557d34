/** `npm run build`: writes the bundle of every board to dist/firmware. */
import { mkdirSync, writeFileSync } from "node:fs";
import type { BoardName } from "../../protocol/flash-layout.ts";
import { buildFirmware } from "./bundle.ts";

const folder = new URL("../", import.meta.url);
mkdirSync(folder, { recursive: true });
for (const board of ["puckjs"] as BoardName[]) {
  const script = await buildFirmware(board);
  writeFileSync(new URL(`${board}.js`, folder), script, "latin1");
  console.log(`firmware/${board}.js: ${script.length} bytes`);
}
