import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

test("docs/desk-safety.md names tests that there are", () => {
  const text = read("../../../docs/desk-safety.md");
  const [, table = ""] = text.split("## Whom it stops");
  const cells = Array.from(table.matchAll(/^\|.*\|([^|]+)\|$/gm), ([, cell = ""]) => cell.trim());
  const inText = Array.from(
    text.matchAll(/\((`[a-z-]+\.test\.ts`: [^)]+)\)/g),
    ([, each]) => each!,
  );
  const named = [...cells.slice(2), ...inText].flatMap((cell) => cell.split("; "));
  expect(named.length).toBeGreaterThan(35);
  let file = "";
  for (const each of named) {
    const [, path, name] = /^(?:`([a-z-]+\.test\.ts)`: )?(.*)$/.exec(each)!;
    file = path ?? file;
    expect(read(file)).toContain(`"${name}`);
  }
});
