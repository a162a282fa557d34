/** `npm run build`: writes the bundle of every board to dist/firmware. */
import { mkdirSync, writeFileSync } from "node:fs";
import { type BoardName, codeRoom, LAYOUTS } from "../../protocol/flash-layout.ts";
import { buildFirmware } from "./bundle.ts";

const folder = new URL("../", import.meta.url);
mkdirSync(folder, { recursive: true });
for (const board of Object.keys(LAYOUTS) as BoardName[]) {
  const script = await buildFirmware(board);
  const room = codeRoom(LAYOUTS[board]);
  if (script.length > room) {
    throw new Error(
      `firmware/${board}.js has ${script.length} bytes, but protocol/flash-layout.ts leaves ${room} for it`,
    );
  }
  writeFileSync(new URL(`${board}.js`, folder), script, "latin1");
  console.log(`firmware/${board}.js: ${script.length} bytes`);
}
