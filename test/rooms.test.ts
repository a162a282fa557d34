import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Which other rooms a room may import from. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  protocol: [],
  firmware: ["protocol"],
  companion: ["protocol"],
  server: ["protocol"],
  simulator: ["protocol", "firmware", "companion", "server"],
};

const filesOf = (room: string): string[] =>
  readdirSync(join(ROOT, room), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(room, name));

test.each(Object.entries(MAY_IMPORT))("%s imports from no room but %j", (room, allowed) => {
  const files = filesOf(room);
  expect(files.length).toBeGreaterThan(3);
  const strangers = files.flatMap((file) => {
    const imports = readFileSync(join(ROOT, file), "utf8").matchAll(/from "(\.[^"]+)"/g);
    return Array.from(imports, ([, path]) => join(dirname(file), path!))
      .filter((target) => ![room, ...allowed].includes(target.split("/")[0]!))
      .map((target) => `${file} imports ${target}`);
  });
  expect(strangers).toEqual([]);
});

test("protocol takes its primitives as parameters: it imports no package", () => {
  const importing = filesOf("protocol").filter((file) =>
    /from "[^.]/.test(readFileSync(join(ROOT, file), "utf8")),
  );
  expect(importing).toEqual([]);
});

test("the firmware names Espruino's calls in its board files only", () => {
  const globals = /\b(NRF|E|LED[123]|BTN|setWatch|getTime|setTime|setTimeout|require)\s*[.(]/;
  const duties = filesOf("firmware").filter((file) => !/boards|build|espruino\.d\.ts/.test(file));
  const naming = duties.filter((file) => {
    const code = readFileSync(join(ROOT, file), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
    return globals.test(code);
  });
  expect(duties.length).toBeGreaterThan(8);
  expect(naming).toEqual([]);
});
