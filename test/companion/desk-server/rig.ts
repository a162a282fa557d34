import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type DeskServerOptions,
  startDeskServer,
} from "../../../companion/desk-server/desk-server.ts";
import { SimpleHost } from "./simple-host.ts";

const PAGE = {
  "index.html": `<!doctype html><html lang="en"><meta charset="utf-8"><title>Desk</title>
<link rel="stylesheet" href="page.css"><script type="module" src="page.js"></script><body></body></html>`,
  "page.css": "body { color: rgb(1, 2, 3); }",
  "page.js": `import "./chunk-ABC.js"; document.body.textContent = "drawn";`,
  "chunk-ABC.js": `export const text = "${"x".repeat(2000)}";`,
  "icon.svg": `<svg xmlns="http://www.w3.org/2000/svg"/>`,
  "notes.txt": "not for anybody",
};

/** A small page in a directory of its own. */
export function makePage(changes: Record<string, string> = {}): string {
  const directory = mkdtempSync(join(tmpdir(), "saqbol-page-"));
  for (const [name, content] of Object.entries({ ...PAGE, ...changes })) {
    writeFileSync(join(directory, name), content);
  }
  return directory;
}

/** A desk that is served with a small page. */
export async function serveDesk(
  options: DeskServerOptions = {},
  files: Record<string, string> = {},
) {
  const host = new SimpleHost();
  const made = makePage(files);
  const { pageDirectory = made } = options;
  const server = await startDeskServer(host, { ...options, pageDirectory });
  const { origin, port } = new URL(server.url);
  return {
    host,
    server,
    url: server.url,
    origin,
    port: Number(port),
    stop: async () => {
      await server.close();
      rmSync(made, { recursive: true });
    },
  };
}

export type ServedDesk = Awaited<ReturnType<typeof serveDesk>>;
