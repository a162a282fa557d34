import { readdirSync, readFileSync } from "node:fs";
import { type AnyNode, parse } from "acorn";
import { full } from "acorn-walk";
import { transformSync } from "esbuild";

const PAGE = new URL("../../companion/page/", import.meta.url);

/** Which messages the page's sources use. */
export interface UsedKeys {
  /** Keys as they stand there. */
  readonly exact: ReadonlySet<string>;
  /** Keys that are put together, such as `failures.${code}`, each as what it matches. */
  readonly patterns: ReadonlyMap<string, RegExp>;
}

/**
 * Finds the messages that the page's sources use: texts such as `part.name`.
 *
 * @param parts - names of the parts
 */
export function usedKeys(parts: readonly string[]): UsedKeys {
  const start = new RegExp(`^(${parts.join("|")})\\.`);
  const exact = new Set<string>();
  const patterns = new Map<string, RegExp>();
  const files = readdirSync(PAGE, { recursive: true, encoding: "utf8" });
  for (const file of files.filter((name) => /\.tsx?$/.test(name))) {
    full(programOf(file), (node) => {
      if (node.type === "Literal") {
        const { value } = node as AnyNode & { value: unknown };
        if (typeof value === "string" && start.test(value)) exact.add(value);
      }
      if (node.type === "TemplateLiteral") {
        const { quasis } = node as AnyNode & { quasis: { value: { cooked: string } }[] };
        const texts = quasis.map(({ value }) => value.cooked);
        if (start.test(texts[0]!)) {
          patterns.set(
            texts.join("*"),
            new RegExp(`^${texts.map((text) => text.replaceAll(".", "\\.")).join(".+")}$`),
          );
        }
      }
    });
  }
  return { exact, patterns };
}

function programOf(file: string): AnyNode {
  const code = readFileSync(new URL(file, PAGE), "utf8");
  const loader = file.endsWith("x") ? "tsx" : "ts";
  const script = transformSync(code, { loader, format: "esm", jsx: "automatic" }).code;
  return parse(script, { ecmaVersion: "latest", sourceType: "module" });
}
