/**
 * Refuses what Espruino lacks and esbuild lets through. Espruino reports a syntax error only when
 * the function that holds it is first called, so this has to be found before flashing.
 *
 * @module
 */
import { type Node, parse } from "acorn";

/** Globals that the firmware may use. */
const GLOBALS = new Set(
  (
    "NRF E LED1 LED2 LED3 BTN setWatch getTime setTime setTimeout clearTimeout require " +
    "Math String Uint8Array Uint16Array Uint32Array ArrayBuffer Error parseInt undefined"
  ).split(" "),
);

/** Methods and properties that other engines have and Espruino has not. */
const MISSING = new Set(
  (
    "imul clz32 trunc fround log2 log10 hypot cbrt at flat flatMap keys entries copyWithin " +
    "findLast findLastIndex reduceRight codePointAt normalize search trimStart trimEnd " +
    "localeCompare fromCodePoint isInteger isSafeInteger freeze hasOwn finally race allSettled"
  ).split(" "),
);

type AnyNode = Node & Record<string, unknown>;

/**
 * Checks a bundled but not yet minified script.
 *
 * @throws Error that quotes the offending code
 */
export function checkSubset(script: string): void {
  const declared = new Set<string>();
  const referenced = new Map<string, AnyNode>();

  function refuse(node: Node, why: string): never {
    const code = script.slice(node.start, node.start + 60).split("\n")[0];
    throw new Error(`Espruino cannot run this firmware: ${why}, at: ${code}`);
  }

  function declare(pattern: AnyNode | null): void {
    if (pattern?.type === "Identifier") declared.add(pattern["name"] as string);
  }

  function visit(node: AnyNode, parent: AnyNode | undefined): void {
    switch (node.type) {
      case "LabeledStatement":
        refuse(node, "it has no labels");
        break;
      case "Property":
        if (node["computed"]) refuse(node, "it has no computed keys");
        break;
      case "SwitchStatement": {
        const cases = node["cases"] as AnyNode[];
        if (cases.slice(0, -1).some((each) => each["test"] === null)) {
          refuse(node, "it wants default to be the last case");
        }
        break;
      }
      case "MemberExpression": {
        const property = node["property"] as AnyNode;
        const name = property["name"] as string;
        if (!node["computed"] && MISSING.has(name)) refuse(node, `it has no .${name}`);
        break;
      }
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        declare(node["id"] as AnyNode | null);
        for (const parameter of node["params"] as AnyNode[]) declare(parameter);
        break;
      case "VariableDeclarator":
        declare(node["id"] as AnyNode);
        break;
      case "CatchClause":
        declare(node["param"] as AnyNode | null);
        break;
      case "Identifier": {
        const isName =
          (parent?.type === "MemberExpression" &&
            parent["property"] === node &&
            !parent["computed"]) ||
          (parent?.type === "Property" && parent["key"] === node && !parent["shorthand"]);
        if (!isName) referenced.set(node["name"] as string, node);
      }
    }
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) {
        if (child && typeof child === "object" && "type" in child) visit(child as AnyNode, node);
      }
    }
  }

  visit(parse(script, { ecmaVersion: 2022 }) as unknown as AnyNode, undefined);
  for (const [name, node] of referenced) {
    if (!declared.has(name) && !GLOBALS.has(name)) refuse(node, `it does not know ${name}`);
  }
}
